import { useEffect, useState } from 'react';

import { IMessage } from '../../../model/interfaces';
import { usePanel, useThread } from '../../context';
import { wordsOf } from '../../hooks/useAction';
import { useField } from '../../hooks/useField';
import { Rows } from './rows';

/** How long a message that was jumped to stays marked, in milliseconds. */
const MARKED = 2500;

/** Jump to the message that somebody asked for; its id, while it is marked. */
export function useTarget(
  rows: Rows,
  messages: readonly IMessage[]
): string | null {
  const { state, trans } = usePanel();
  const { thread } = useThread();
  const target = useField(state, s => s.target);
  const loaded = useField(thread, t => t.loaded);
  const [marked, setMarked] = useState<string | null>(null);
  /** The id of the row that is to come into view. */
  const [wanted, setWanted] = useState<string | null>(null);

  useEffect(() => {
    if (target === null || !loaded) {
      return;
    }
    let current = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    thread.reveal(target.messageId, target.seq).then(
      index => {
        if (!current) {
          return;
        }
        if (index === -1) {
          state.fail(trans.__('That message is not in this thread.'));
          return;
        }
        // A second opinion is shown beside the first, where that is loaded.
        const first = thread.messages[index].reply?.beside;
        const beside = thread.messages.some(({ id }) => id === first);
        setMarked(target.messageId);
        setWanted(beside && first ? first : target.messageId);
        timer = setTimeout(() => setMarked(null), MARKED);
      },
      (error: unknown) => {
        if (current) {
          state.fail(wordsOf(error));
        }
      }
    );
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [target, loaded, thread, state, trans]);

  // Pages that were just loaded are rendered a moment later: before, the list has no such row to scroll to.
  useEffect(() => {
    const index =
      wanted === null ? -1 : messages.findIndex(({ id }) => id === wanted);
    if (index !== -1) {
      setWanted(null);
      rows.scrollToIndex(index, { align: 'center' });
    }
  }, [wanted, messages, rows]);

  return marked;
}
