import { useEffect, useRef } from 'react';

import { ASSISTANT, IMessage } from '../../model/interfaces';
import { usePanel, useThread } from '../context';

/** How far back replies are watched, in messages. */
const RECENT = 40;

/** Tell the status region when replies begin and end. */
export function useAnnouncements(): void {
  const { state, trans } = usePanel();
  const { thread, assistantName } = useThread();
  const before = useRef<Map<string, IMessage['status']> | null>(null);

  useEffect(() => {
    const check = () => {
      const now = new Map<string, IMessage['status']>();
      for (const { id, author, status } of thread.messages.slice(-RECENT)) {
        if (author === ASSISTANT) {
          now.set(id, status);
        }
      }
      const words: Record<IMessage['status'], string> = {
        streaming: trans.__('%1 is writing', assistantName),
        complete: trans.__('%1 replied', assistantName),
        failed: trans.__('No answer'),
        cancelled: trans.__('Stopped'),
        interrupted: trans.__('The reply was interrupted')
      };
      for (const [id, status] of now) {
        const known = before.current?.get(id);
        const begins = known === undefined && status === 'streaming';
        const ends = known === 'streaming' && status !== 'streaming';
        if (before.current !== null && (begins || ends)) {
          state.say(words[status]);
        }
      }
      if (thread.loaded) {
        before.current = now;
      }
    };
    check();
    thread.changed.connect(check);
    return () => {
      thread.changed.disconnect(check);
    };
  }, [thread, state, trans, assistantName]);
}
