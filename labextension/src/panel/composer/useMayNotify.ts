import { Dialog, showDialog } from '@jupyterlab/apputils';
import { useCallback } from 'react';

import { usePanel, useThread } from '../context';
import { EVERYONE, mentionsTarget } from '../text/mentions';

/** Whether a text may go out: before everybody is notified, the person is asked. */
export function useMayNotify(): (body: string) => Promise<boolean> {
  const { trans } = usePanel();
  const { thread, names } = useThread();
  return useCallback(
    async body => {
      const others = thread.members.length - 1;
      if (others <= 1 || !mentionsTarget(body, names, EVERYONE)) {
        return true;
      }
      const { button } = await showDialog({
        title: trans._n('Notify %1 person?', 'Notify %1 people?', others),
        body: trans.__('@everyone notifies all members of this thread.'),
        buttons: [
          Dialog.cancelButton({ label: trans.__('Cancel') }),
          Dialog.okButton({ label: trans.__('Send') })
        ]
      });
      return button.accept;
    },
    [thread, names, trans]
  );
}
