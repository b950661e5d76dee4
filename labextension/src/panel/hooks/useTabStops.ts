import { RefObject, useEffect } from 'react';

const CONTROLS = 'a[href], button, input, summary';
/** What scrolls by itself, which browsers make a stop of the Tab key. */
const SCROLLERS = '.gc-Code, .gc-TableFrame, .gc-SharedCellCard-out';

/** Keep what is inside an element out of the way of the Tab key unless the element is the active one of its list. */
export function useTabStops(
  ref: RefObject<HTMLElement>,
  active: boolean
): void {
  useEffect(() => {
    const element = ref.current;
    if (element === null) {
      return;
    }
    const set = () => {
      for (const control of element.querySelectorAll<HTMLElement>(CONTROLS)) {
        control.tabIndex = active ? 0 : -1;
      }
      for (const part of element.querySelectorAll<HTMLElement>(SCROLLERS)) {
        part.tabIndex = active && scrolls(part) ? 0 : -1;
      }
    };
    set();
    // Bodies arrive later than the rest, and change while they are written.
    const observer = new MutationObserver(set);
    observer.observe(element, { childList: true, subtree: true });
    return () => observer.disconnect();
  }, [ref, active]);
}

function scrolls(part: HTMLElement): boolean {
  return (
    part.scrollWidth > part.clientWidth || part.scrollHeight > part.clientHeight
  );
}
