import { useEffect, useRef } from 'react';

import { IMessage } from '../../../model/interfaces';
import { useThread } from '../../context';
import { useField } from '../../hooks/useField';
import { unreadAfter } from '../../text/grouping';
import { Rows } from './rows';

/** Begin at what is unread; with nothing unread, at the end. */
export function useStart(rows: Rows, messages: readonly IMessage[]): void {
  const { thread, me } = useThread();
  const loaded = useField(thread, t => t.loaded);
  const started = useRef(false);
  useEffect(() => {
    const shown = (rows.scrollRect?.height ?? 0) > 0;
    if (started.current || !loaded || !shown || messages.length === 0) {
      return;
    }
    started.current = true;
    const unread = unreadAfter(messages, thread.readSeq, me);
    const index = messages.findIndex(({ id }) => id === unread?.first);
    if (index > 0) {
      rows.scrollToIndex(index, { align: 'start' });
    } else {
      rows.scrollToEnd();
    }
  });
}
