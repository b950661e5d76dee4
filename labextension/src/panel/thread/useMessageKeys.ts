import { FocusEvent, KeyboardEvent, useEffect, useRef } from 'react';

import { IMessage } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { useAttempt } from '../hooks/useAttempt';
import { useField } from '../hooks/useField';
import { IMessageActions } from './actions';
import { Rows } from './scrolling/rows';

/** The keys of the message list: the arrows move, R replies, + reacts, End goes to the newest, Escape to the composer. */
export function useMessageKeys(options: {
  rows: Rows;
  messages: readonly IMessage[];
  /** The id of the message that the arrows are at. */
  active: string | null;
  setActive: (id: string | null) => void;
  actions: IMessageActions;
  toEnd: () => void;
}): {
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  onFocus: (event: FocusEvent<HTMLElement>) => void;
  onBlur: (event: FocusEvent<HTMLElement>) => void;
} {
  const { rows, messages, active, setActive, actions, toEnd } = options;
  const { state } = usePanel();
  const { thread } = useThread();
  const { singleKeys } = useField(state, s => s.settings);
  const attempt = useAttempt();
  const wanted = useRef<string | null>(null);

  // The message gets the focus once it is in the page.
  useEffect(() => {
    if (wanted.current !== null) {
      const article = rows.scrollElement?.querySelector<HTMLElement>(
        `[data-message="${CSS.escape(wanted.current)}"]`
      );
      if (article) {
        wanted.current = null;
        article.focus({ preventScroll: true });
      }
    }
  });

  const move = (index: number) => {
    const message = messages[index];
    if (message !== undefined) {
      wanted.current = message.id;
      setActive(message.id);
      rows.scrollToIndex(index, { align: 'auto' });
    }
  };

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const target = event.target as HTMLElement;
    const at = messages.findIndex(({ id }) => id === active);
    const message = messages[at] as IMessage | undefined;
    const onRow = target.dataset.message !== undefined;
    const onList = onRow || target === event.currentTarget;
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      if (message?.status === 'streaming') {
        attempt(() => thread.stop(message.id));
      } else {
        state.callFocus();
      }
      return;
    }
    if (!onList) {
      return;
    }
    const last = rows.range?.endIndex ?? messages.length - 1;
    switch (event.key) {
      case 'ArrowUp':
        event.preventDefault();
        move(at === -1 ? last : Math.max(0, at - 1));
        break;
      case 'ArrowDown':
        event.preventDefault();
        move(at === -1 ? last : Math.min(messages.length - 1, at + 1));
        break;
      case 'End':
        event.preventDefault();
        toEnd();
        move(messages.length - 1);
        break;
      case 'r':
      case 'R':
        if (singleKeys && message !== undefined) {
          event.preventDefault();
          actions.reply(message);
        }
        break;
      case '+':
        if (singleKeys && onRow) {
          event.preventDefault();
          // The active message shows its tools; the first of them picks a reaction.
          target
            .querySelector<HTMLElement>('.gc-MessageItem-tools button')
            ?.click();
        }
        break;
    }
  };

  const onFocus = (event: FocusEvent<HTMLElement>) => {
    const row = event.target.closest<HTMLElement>('[data-message]');
    if (row && event.currentTarget.contains(row)) {
      setActive(row.dataset.message ?? null);
    }
  };

  const onBlur = (event: FocusEvent<HTMLElement>) => {
    const next = event.relatedTarget as Node | null;
    // A menu of the message floats outside of the list.
    const floating =
      next instanceof Element && next.closest('.gc-Popup') !== null;
    if (!event.currentTarget.contains(next) && !floating) {
      setActive(null);
    }
  };

  return { onKeyDown, onFocus, onBlur };
}
