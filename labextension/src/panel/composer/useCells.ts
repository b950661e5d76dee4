import { useCallback, useEffect } from 'react';

import { INotebookBridge, IThread } from '../../model/interfaces';
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

  const drop = useCallback(
    (shareId: string) =>
      attempt(() =>
        Promise.all([
          bring({ without: [shareId] }),
          withdrawUnused(thread, [shareId], me)
        ])
      ),
    [attempt, bring, thread, me]
  );

  return { share, drop };
}

/** Withdraw the person's cells that no message shows: nothing stays behind that nobody can see. */
export async function withdrawUnused(
  thread: IThread,
  shareIds: readonly string[],
  me: string
): Promise<void> {
  const used = new Set(thread.messages.flatMap(({ cells }) => cells));
  await Promise.all(
    shareIds
      .filter(id => !used.has(id) && thread.cells.get(id)?.sharedBy === me)
      .map(id => thread.withdrawCell(id))
  );
}
