import { RefObject, useEffect, useLayoutEffect, useRef } from 'react';

/** Room that the name above a caret needs, in pixels. */
const HEIGHT = 12;

/** Keep the names at carets inside the element that scrolls: on the side, and above or below, where there is room. */
export function useFlags(): RefObject<HTMLDivElement> {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (ref.current !== null) {
      place(ref.current);
    }
  });
  useEffect(() => {
    const scroller = ref.current;
    if (scroller === null) {
      return;
    }
    const again = () => place(scroller);
    const observer = new ResizeObserver(again);
    observer.observe(scroller);
    scroller.addEventListener('scroll', again, { passive: true });
    return () => {
      observer.disconnect();
      scroller.removeEventListener('scroll', again);
    };
  }, []);
  return ref;
}

function place(scroller: HTMLElement): void {
  for (const caret of scroller.querySelectorAll<HTMLElement>(
    '.gc-OtherCaret'
  )) {
    const { offsetLeft, offsetTop } = caret;
    caret.classList.toggle(
      'gc-mod-left',
      offsetLeft > scroller.clientWidth / 2
    );
    caret.classList.toggle(
      'gc-mod-below',
      offsetTop - scroller.scrollTop < HEIGHT
    );
  }
}
