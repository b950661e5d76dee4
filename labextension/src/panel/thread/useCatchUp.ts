import { useCallback, useEffect, useRef, useState } from 'react';

import { ICatchUp } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { wordsOf } from '../hooks/useAction';

/** What a person asked to be told of what they missed, and what became of it. */
export interface ICatchingUp {
  /** The `seq` of the last message that they know; -1 for the whole thread. */
  readonly since: number;
  /** Nothing is new to them: it is about all of it. */
  readonly whole: boolean;
  /** Neither of these while it is being read. */
  readonly told?: ICatchUp;
  readonly problem?: string;
}

/** Ask for what was missed, one question at a time. Nothing of it outlives the open thread. */
export function useCatchUp(): {
  catchingUp: ICatchingUp | null;
  start: (since: number, whole: boolean) => void;
  /** Stop asking, or take away what was told. */
  close: () => void;
} {
  const { chat, state, trans } = usePanel();
  const { thread } = useThread();
  const [catchingUp, setCatchingUp] = useState<ICatchingUp | null>(null);
  const asking = useRef<AbortController | null>(null);

  const close = useCallback(() => {
    asking.current?.abort();
    asking.current = null;
    setCatchingUp(null);
  }, []);
  useEffect(() => close, [close, thread]);

  const start = useCallback(
    (since: number, whole: boolean) => {
      asking.current?.abort();
      const mine = new AbortController();
      asking.current = mine;
      setCatchingUp({ since, whole });
      const end = (outcome: Partial<ICatchingUp>) => {
        // It counts as a reply.
        void chat.refresh();
        if (asking.current === mine) {
          asking.current = null;
          setCatchingUp({ since, whole, ...outcome });
        }
      };
      thread.catchUp(since, mine.signal).then(
        told => {
          end({ told });
          const { length } = told.points;
          state.say(
            length === 0
              ? trans.__('Nothing new')
              : trans._n('Caught up: %1 point', 'Caught up: %1 points', length)
          );
        },
        (error: unknown) => end({ problem: wordsOf(error) })
      );
    },
    [chat, state, thread, trans]
  );

  return { catchingUp, start, close };
}
