import { Dialog, showDialog } from '@jupyterlab/apputils';
import { useCallback } from 'react';

import { usePanel } from '../context';
import { useAttempt } from '../hooks/useAttempt';

/** Ask before something that cannot be taken back. */
export function useConfirm(): (
  title: string,
  body: string,
  label: string,
  action: () => Promise<unknown>
) => void {
  const { trans } = usePanel();
  const attempt = useAttempt();
  return useCallback(
    (title, body, label, action) => {
      const buttons = [
        Dialog.cancelButton({ label: trans.__('Keep') }),
        Dialog.warnButton({ label })
      ];
      attempt(async () => {
        const { button } = await showDialog({
          title,
          body,
          buttons,
          defaultButton: 0
        });
        if (button.accept) {
          await action();
        }
      });
    },
    [trans, attempt]
  );
}
