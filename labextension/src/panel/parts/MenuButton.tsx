import { ReactNode, useCallback, useState } from 'react';

import { IMenuItem, Menu } from './Menu';

/** A button that opens a menu. */
export function MenuButton(props: {
  className: string;
  label: string;
  /** Read when the menu opens, so that it fits what is true then. */
  items: () => readonly (IMenuItem | null)[];
  children: ReactNode;
  tabIndex?: number;
}): JSX.Element {
  const { className, label, items, children, tabIndex } = props;
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const close = useCallback(() => setAnchor(null), []);
  return (
    <>
      <button
        type="button"
        className={className}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        tabIndex={tabIndex}
        onClick={event => setAnchor(anchor ? null : event.currentTarget)}
        onKeyDown={event => {
          if (event.key === 'ArrowDown') {
            event.preventDefault();
            event.stopPropagation();
            setAnchor(event.currentTarget);
          }
        }}
      >
        {children}
      </button>
      {anchor && (
        <Menu anchor={anchor} label={label} items={items()} onClose={close} />
      )}
    </>
  );
}
