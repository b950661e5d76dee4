import { RefObject, useLayoutEffect, useRef } from 'react';

/** Rows of text at most before the field scrolls. */
const ROWS = 10;

/** A text field that grows with its text, and puts the caret where it is told after a change. */
export function useTextArea(): {
  ref: RefObject<HTMLTextAreaElement>;
  placeCaret: (at: number) => void;
} {
  const ref = useRef<HTMLTextAreaElement>(null);
  const wanted = useRef<number | null>(null);

  useLayoutEffect(() => {
    const field = ref.current;
    if (field === null) {
      return;
    }
    field.style.height = 'auto';
    const line = parseFloat(getComputedStyle(field).lineHeight);
    const most = Number.isNaN(line) ? Infinity : line * ROWS;
    field.style.height = `${Math.min(field.scrollHeight, most)}px`;
    if (wanted.current !== null) {
      field.focus();
      field.setSelectionRange(wanted.current, wanted.current);
      wanted.current = null;
    }
  });

  return {
    ref,
    placeCaret: at => {
      wanted.current = at;
    }
  };
}
