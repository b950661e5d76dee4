import {
  defaultRangeExtractor,
  measureElement,
  Range,
  useVirtualizer,
  VirtualItem
} from '@tanstack/react-virtual';
import { useCallback, useMemo, useRef, useState } from 'react';

import { IMessage } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { useField } from '../hooks/useField';
import { arrowDownIcon } from '../icons';
import { Button } from '../parts/Button';
import {
  follows,
  opinionsBeside,
  startsDay,
  unreadAfter
} from '../text/grouping';
import { IMessageActions } from './actions';
import { estimateHeight } from './heights';
import { MessageRow } from './MessageRow';
import { IThreadOptions } from './options';
import { END, Rows } from './scrolling/rows';
import { useListScroll } from './scrolling/useListScroll';
import { useMessageKeys } from './useMessageKeys';

/** The messages of a thread. Only those in view are in the page. */
export function MessageList(props: {
  actions: IMessageActions;
  options: IThreadOptions;
  onCatchUp: (() => void) | null;
}): JSX.Element {
  const { actions, options, onCatchUp } = props;
  const { trans } = usePanel();
  const { thread } = useThread();
  const messages = useField(thread, t => t.messages);
  const hasOlder = useField(thread, t => t.hasOlder);
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<string | null>(null);

  const rangeExtractor = useCallback(
    (range: Range) => withActive(range, messages, active),
    [messages, active]
  );
  const rows = useVirtualizer({
    count: messages.length,
    getScrollElement: () => scroller.current,
    estimateSize: index => estimateHeight(messages[index], thread),
    getItemKey: useCallback(
      (index: number) => messages[index]?.id ?? index,
      [messages]
    ),
    rangeExtractor,
    measureElement: heightOf,
    overscan: 5,
    // Begin at the end: what is at the top need not be rendered first.
    initialOffset: Number.MAX_SAFE_INTEGER,
    paddingStart: hasOlder ? 32 : 8,
    paddingEnd: 8,
    // New messages never move what is being read; at the end, the end stays in view.
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: END,
    directDomUpdates: true
  });

  rows.shouldAdjustScrollPositionOnItemSizeChange = isAboveView;

  const { atEnd, missed, marked, loadingOlder, toEnd, onScroll } =
    useListScroll(rows, messages, scroller);
  const keys = useMessageKeys({
    rows,
    messages,
    active,
    setActive,
    actions,
    toEnd
  });
  const unread = useUnreadDivider(messages);
  const opinions = useMemo(() => opinionsBeside(messages), [messages]);
  const items = rows.getVirtualItems();

  return (
    <div className="gc-MessageArea">
      <div
        className="gc-MessageList"
        role="log"
        aria-label={trans.__('Messages')}
        // Rows that scroll into view are no news.
        aria-live={atEnd ? 'polite' : 'off'}
        aria-relevant="additions"
        tabIndex={active === null ? 0 : -1}
        ref={scroller}
        onScroll={onScroll}
        {...keys}
      >
        <div className="gc-MessageList-rows" ref={rows.containerRef}>
          {loadingOlder && (
            <p className="gc-MessageList-older">
              {trans.__('Loading older messages')}
            </p>
          )}
          {items.map(({ index, key }) => {
            const message = messages[index];
            const beside = opinions.get(message.id);
            const ofRow = (id: string | null) =>
              id === key || beside?.some(other => other.id === id) ? id : null;
            return (
              <div
                key={key}
                data-index={index}
                className="gc-MessageList-row"
                ref={rows.measureElement}
              >
                <MessageRow
                  message={message}
                  startsDay={startsDay(messages[index - 1], message)}
                  follows={follows(messages[index - 1], message)}
                  unread={unread?.first === key ? unread.count : 0}
                  opinions={beside}
                  elsewhere={opinions.has(message.reply?.beside ?? '')}
                  active={ofRow(active)}
                  marked={ofRow(marked)}
                  allDecisions={options.allDecisions}
                  actions={actions}
                  onCatchUp={onCatchUp}
                />
              </div>
            );
          })}
        </div>
      </div>
      {!atEnd && (
        <Button
          mods={missed > 0 ? 'jump' : 'jump quietly'}
          icon={arrowDownIcon}
          onClick={toEnd}
        >
          {missed > 0
            ? trans._n('%1 new', '%1 new', missed)
            : trans.__('Latest')}
        </Button>
      )}
    </div>
  );
}

/**
 * Whether a row that changes its height moves what is in view, so that the list has to make up for it.
 *
 * Bodies get their height a moment after their row was mounted, also while somebody scrolls up towards them.
 */
function isAboveView(row: VirtualItem, _: number, rows: Rows): boolean {
  const offset = rows.scrollOffset ?? 0;
  return rows.itemSizeCache.has(row.key)
    ? row.end <= offset
    : row.start < offset;
}

/** The height of a row. One that is not displayed, because the panel is hidden, keeps the height that it had. */
function heightOf(
  row: Element,
  entry: ResizeObserverEntry | undefined,
  rows: Rows
): number {
  const height = measureElement(row, entry, rows);
  if (height > 0) {
    return height;
  }
  const index = rows.indexFromElement(row);
  const { getItemKey, estimateSize } = rows.options;
  return rows.itemSizeCache.get(getItemKey(index)) ?? estimateSize(index);
}

/** The rows to render: those in view, and the one with the focus, which must not vanish under it. */
function withActive(
  range: Range,
  messages: readonly IMessage[],
  active: string | null
): number[] {
  const indexes = defaultRangeExtractor(range);
  const at =
    active === null ? -1 : messages.findIndex(({ id }) => id === active);
  if (at === -1 || indexes.includes(at)) {
    return indexes;
  }
  return [...indexes, at].sort((a, b) => a - b);
}

/** Where the unread messages begin. It stays where it was when the thread was opened, however much is read since. */
function useUnreadDivider(
  messages: readonly IMessage[]
): { count: number; first: string } | null {
  const { thread, me } = useThread();
  const loaded = useField(thread, t => t.loaded);
  return useMemo(
    () => (loaded ? unreadAfter(messages, thread.readSeq, me) : null),
    // Only what was there when the thread opened counts.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [loaded, thread, me]
  );
}
