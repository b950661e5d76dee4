import { useCallback, useEffect } from 'react';

import { INotebookBridge } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { useAttempt } from '../hooks/useAttempt';
import { useField } from '../hooks/useField';
import { IDraft } from './drafts';

/** The shared cells that go along with a draft. */
export function useCells(
  cells: readonly string[],
  change: (changes: Partial<IDraft>) => void
): {
  share: (bridge: INotebookBridge) => void;
  drop: (shareId: string) => void;
} {
  const { state } = usePanel();
  const { thread, me } = useThread();
  const attempt = useAttempt();
  const offered = useField(state, s => s.offeredCells);

  const add = useCallback(
    (more: readonly string[]) =>
      change({ cells: [...new Set([...cells, ...more])] }),
    [cells, change]
  );

  useEffect(() => {
    if (offered.length > 0) {
      add(state.takeCells());
    }
  }, [offered, add, state]);

  const share = useCallback(
    (bridge: INotebookBridge) =>
      attempt(async () => add(await bridge.shareSelection(thread))),
    [attempt, add, thread]
  );

  /** A cell that was shared for this draft only is withdrawn: nothing stays behind that nobody can see. */
  const drop = useCallback(
    (shareId: string) => {
      change({ cells: cells.filter(id => id !== shareId) });
      const used = thread.messages.some(message =>
        message.cells.includes(shareId)
      );
      if (!used && thread.cells.get(shareId)?.sharedBy === me) {
        attempt(() => thread.withdrawCell(shareId));
      }
    },
    [attempt, cells, change, thread, me]
  );

  return { share, drop };
}
