import { Dialog, showDialog } from '@jupyterlab/apputils';
import { useCallback } from 'react';

import { usePanel, useThread } from '../context';
import { EVERYONE, mentionsTarget } from '../text/mentions';
import { IDraft } from './drafts';

/** Post a draft; whether that was done. Before everybody is notified, the person is asked. */
export function useSend(): (draft: IDraft) => Promise<boolean> {
  const { trans } = usePanel();
  const { thread, names } = useThread();
  return useCallback(
    async draft => {
      const body = draft.text.trim();
      const others = thread.members.length - 1;
      if (others > 1 && mentionsTarget(body, names, EVERYONE)) {
        const { button } = await showDialog({
          title: trans._n('Notify %1 person?', 'Notify %1 people?', others),
          body: trans.__('@everyone notifies all members of this thread.'),
          buttons: [
            Dialog.cancelButton({ label: trans.__('Cancel') }),
            Dialog.okButton({ label: trans.__('Send') })
          ]
        });
        if (!button.accept) {
          return false;
        }
      }
      thread.post(body, {
        ...(draft.replyTo === undefined ? {} : { replyTo: draft.replyTo }),
        ...(draft.cells.length === 0 ? {} : { cells: [...draft.cells] }),
        ...(draft.files.length === 0
          ? {}
          : { files: draft.files.map(file => file.id) })
      });
      return true;
    },
    [thread, names, trans]
  );
}
