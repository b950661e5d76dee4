import { ReactNode, useEffect, useLayoutEffect, useRef } from 'react';
import { createPortal } from 'react-dom';

/** Where a popup lives: in the dialog that its anchor is in, since a dialog takes the focus back from elsewhere. */
function hostOf(anchor: Element): Element {
  return anchor.closest('.jp-Dialog-content') ?? document.body;
}

/** Keep the popup beside its anchor and inside the window. */
function place(popup: HTMLElement, anchor: Element): void {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = popup;
  const margin = 4;
  const below = at.bottom + margin;
  const top =
    below + height > window.innerHeight
      ? Math.max(margin, at.top - margin - height)
      : below;
  // Line up with the edge of the anchor that is further from the middle of the window.
  const wanted =
    at.left + at.width / 2 > window.innerWidth / 2 ? at.right - width : at.left;
  const left = Math.min(
    Math.max(margin, wanted),
    Math.max(margin, window.innerWidth - width - margin)
  );
  popup.style.top = `${top}px`;
  popup.style.left = `${left}px`;
}

/** Something that floats beside its anchor until a click elsewhere or Escape. The focus then returns to the anchor. */
export function Popup(props: {
  anchor: HTMLElement;
  onClose: () => void;
  children: ReactNode;
}): JSX.Element {
  const { anchor, onClose, children } = props;
  const popup = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    if (popup.current !== null) {
      place(popup.current, anchor);
    }
  });

  useEffect(() => {
    const outside = (event: Event) => {
      const target = event.target as Node;
      if (!popup.current?.contains(target) && !anchor.contains(target)) {
        onClose();
      }
    };
    const escape = (event: KeyboardEvent) => {
      if (event.key === 'Escape') {
        event.preventDefault();
        event.stopPropagation();
        anchor.focus();
        onClose();
      }
    };
    window.addEventListener('pointerdown', outside, true);
    window.addEventListener('resize', onClose);
    // Before a dialog hears of it, which would close as well.
    window.addEventListener('keydown', escape, true);
    return () => {
      window.removeEventListener('pointerdown', outside, true);
      window.removeEventListener('resize', onClose);
      window.removeEventListener('keydown', escape, true);
    };
  }, [anchor, onClose]);

  return createPortal(
    <div className="gc gc-Popup jp-ThemedContainer" ref={popup}>
      {children}
    </div>,
    hostOf(anchor)
  );
}
