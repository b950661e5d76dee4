import { RefObject, useCallback, useEffect, useRef } from 'react';

import { IMessage } from '../../../model/interfaces';
import { useThread } from '../../context';
import { Rows } from './rows';

/** How long a message must have been in view to count as read, in milliseconds. */
const READ_AFTER = 600;

/** Report what was read: what is in view while the page is in front. Call it whenever that may have changed. */
export function useReadMark(
  rows: Rows,
  messages: readonly IMessage[],
  scroller: RefObject<HTMLElement>
): () => void {
  const { thread } = useThread();
  const reported = useRef(-1);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const latest = useRef(messages);

  useEffect(() => {
    latest.current = messages;
  }, [messages]);

  const check = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      const visible =
        document.visibilityState === 'visible' &&
        document.hasFocus() &&
        (scroller.current?.clientHeight ?? 0) > 0;
      const seq = visible ? newestIn(rows, latest.current) : -1;
      if (seq > reported.current) {
        reported.current = seq;
        thread.markRead(seq);
      }
    }, READ_AFTER);
  }, [rows, scroller, thread]);

  useEffect(() => {
    window.addEventListener('focus', check);
    document.addEventListener('visibilitychange', check);
    return () => {
      clearTimeout(timer.current);
      window.removeEventListener('focus', check);
      document.removeEventListener('visibilitychange', check);
    };
  }, [check]);

  return check;
}

/** The newest acknowledged message in view. */
function newestIn(rows: Rows, messages: readonly IMessage[]): number {
  for (let i = rows.range?.endIndex ?? -1; i >= 0; i--) {
    if (messages[i] !== undefined && messages[i].pending === undefined) {
      return messages[i].seq;
    }
  }
  return -1;
}
