import { RefObject, useCallback, useEffect, useRef, useState } from 'react';

import { IMessage } from '../../../model/interfaces';
import { useThread } from '../../context';
import { newestSeq, unreadAfter } from '../../text/grouping';
import { END, Rows } from './rows';
import { useOlder } from './useOlder';
import { useReadMark } from './useReadMark';
import { useStart } from './useStart';
import { useTarget } from './useTarget';

/** Where the list stands, and what that leads to. */
export function useListScroll(
  rows: Rows,
  messages: readonly IMessage[],
  scroller: RefObject<HTMLDivElement>
): {
  /** Whether the newest message is in view. */
  readonly atEnd: boolean;
  /** How many messages came while it was not. */
  readonly missed: number;
  /** The message that was jumped to, for a moment. */
  readonly marked: string | null;
  readonly loadingOlder: boolean;
  readonly toEnd: () => void;
  readonly onScroll: () => void;
} {
  const { me } = useThread();
  /** The newest message when the end went out of view; null while it is in view. */
  const [leftAt, setLeftAt] = useState<number | null>(null);
  const last = messages[messages.length - 1];

  useStart(rows, messages);
  const marked = useTarget(rows, messages);
  const loadingOlder = useOlder(rows);
  const markRead = useReadMark(rows, messages, scroller);

  const newest = useRef(-1);
  const frame = useRef(0);
  /** The height of the list when it was last seen to; 0 while it is hidden. */
  const height = useRef(0);
  /** The height of what is in it, and whether its end was in view, when it last came to rest. */
  const rest = useRef({ content: 0, atEnd: false });
  const onScroll = useCallback(() => {
    cancelAnimationFrame(frame.current);
    // Only where it comes to rest counts: a list that follows its end leaves it for a moment.
    frame.current = requestAnimationFrame(() => {
      const list = scroller.current;
      if (
        list === null ||
        list.clientHeight === 0 ||
        list.clientHeight !== height.current
      ) {
        return;
      }
      const { scrollHeight: content, scrollTop, clientHeight } = list;
      const before = rest.current;
      const grew = content > before.content;
      if (
        grew &&
        before.atEnd &&
        before.content - scrollTop - clientHeight <= END
      ) {
        // Rows got higher, such as by another theme: nobody scrolled.
        rest.current = { content, atEnd: true };
        rows.scrollToEnd();
        onScroll();
        return;
      }
      const atEnd = content - scrollTop - clientHeight <= END;
      rest.current = { content, atEnd };
      setLeftAt(before => (atEnd ? null : (before ?? newest.current)));
      markRead();
    });
  }, [rows, scroller, markRead]);
  useEffect(() => () => cancelAnimationFrame(frame.current), []);

  useEffect(() => {
    newest.current = newestSeq(messages);
    onScroll();
  }, [messages, onScroll]);

  const atEnd = leftAt === null;
  const wasAtEnd = useRef(atEnd);
  useEffect(() => {
    wasAtEnd.current = atEnd;
  }, [atEnd]);

  // The composer grows, the panel is hidden and comes back: the end stays in view where it was in view.
  useEffect(() => {
    const element = scroller.current;
    if (element === null) {
      return;
    }
    let first = true;
    const observer = new ResizeObserver(() => {
      const changed = element.clientHeight !== height.current;
      height.current = element.clientHeight;
      if (changed && !first && height.current > 0 && wasAtEnd.current) {
        rows.scrollToEnd();
      }
      first = false;
      onScroll();
    });
    observer.observe(element);
    for (const content of element.children) {
      observer.observe(content);
    }
    return () => observer.disconnect();
  }, [rows, scroller, onScroll]);

  const toEnd = useCallback(() => rows.scrollToEnd(), [rows]);

  // What one has just sent is always shown.
  const sent = last?.pending === 'queued' ? last.id : null;
  useEffect(() => {
    if (sent !== null) {
      rows.scrollToEnd();
    }
  }, [rows, sent]);

  return {
    atEnd,
    missed: atEnd ? 0 : (unreadAfter(messages, leftAt, me)?.count ?? 0),
    marked,
    loadingOlder,
    toEnd,
    onScroll
  };
}
