import { useCallback, useEffect } from 'react';

import { INotebookBridge } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { useAttempt } from '../hooks/useAttempt';
import { useField } from '../hooks/useField';
import { IWriting } from './writing';

/** The shared cells that go along with what is written. */
export function useCells({ bring }: IWriting): {
  share: (bridge: INotebookBridge) => void;
  drop: (shareId: string) => void;
} {
  const { state } = usePanel();
  const { thread, me } = useThread();
  const attempt = useAttempt();
  const offered = useField(state, s => s.offeredCells);

  useEffect(() => {
    if (offered.length > 0) {
      attempt(() => bring({ cells: state.takeCells() }));
    }
  }, [offered, attempt, bring, state]);

  const share = useCallback(
    (bridge: INotebookBridge) =>
      attempt(async () =>
        bring({ cells: await bridge.shareSelection(thread) })
      ),
    [attempt, bring, thread]
  );

  /** A cell that was shared for this only is withdrawn: nothing stays behind that nobody can see. */
  const drop = useCallback(
    (shareId: string) => {
      const used = thread.messages.some(message =>
        message.cells.includes(shareId)
      );
      if (!used && thread.cells.get(shareId)?.sharedBy === me) {
        attempt(() => thread.withdrawCell(shareId));
      }
      attempt(() => bring({ without: [shareId] }));
    },
    [attempt, bring, thread, me]
  );

  return { share, drop };
}
