import { useEffect, useState } from 'react';

import { IGroupChat } from '../../model/interfaces';
import { wordsOf } from '../hooks/useAction';

export type Found = Awaited<ReturnType<IGroupChat['search']>>;

/** Search messages a moment after the last key. `found` is null until there is an answer. */
export function useSearch(
  chat: IGroupChat,
  query: string,
  threadId?: string
): { found: Found | null; problem: string | null } {
  const [answer, setAnswer] = useState<{
    query: string;
    found: Found | null;
    problem: string | null;
  }>({ query: '', found: null, problem: null });
  const wanted = query.trim();

  useEffect(() => {
    if (wanted === '') {
      return;
    }
    let current = true;
    const timer = setTimeout(() => {
      chat.search(wanted, threadId).then(
        found => {
          if (current) {
            setAnswer({ query: wanted, found, problem: null });
          }
        },
        (error: unknown) => {
          if (current) {
            setAnswer({ query: wanted, found: null, problem: wordsOf(error) });
          }
        }
      );
    }, 250);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [chat, wanted, threadId]);

  return answer.query === wanted && wanted !== ''
    ? answer
    : { found: null, problem: null };
}
