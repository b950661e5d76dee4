import { useEffect, useState } from 'react';

import { usePanel, useThread } from '../../context';
import { wordsOf } from '../../hooks/useAction';
import { useField } from '../../hooks/useField';
import { Rows } from './rows';

/** How long a message that was jumped to stays marked, in milliseconds. */
const MARKED = 2500;

/** Jump to the message that somebody asked for; its id, while it is marked. */
export function useTarget(rows: Rows): string | null {
  const { state, trans } = usePanel();
  const { thread } = useThread();
  const target = useField(state, s => s.target);
  const loaded = useField(thread, t => t.loaded);
  const [marked, setMarked] = useState<string | null>(null);

  useEffect(() => {
    if (target === null || !loaded) {
      return;
    }
    let current = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const find = async () => {
      const index = await thread.reveal(target.messageId, target.seq);
      // A second opinion is shown beside the first, where that is loaded.
      const first = thread.messages[index]?.reply?.beside;
      const at = thread.messages.findIndex(({ id }) => id === first);
      return at === -1 ? index : at;
    };
    find().then(
      index => {
        if (!current) {
          return;
        }
        if (index === -1) {
          state.fail(trans.__('That message is not in this thread.'));
          return;
        }
        setMarked(target.messageId);
        // After the rows of pages that were just loaded are known to the list.
        requestAnimationFrame(() =>
          rows.scrollToIndex(index, { align: 'center' })
        );
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
  }, [target, loaded, thread, rows, state, trans]);

  return marked;
}
