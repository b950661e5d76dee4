import { LabIcon } from '@jupyterlab/ui-components';
import { KeyboardEvent, useEffect, useRef } from 'react';

import { checkIcon } from '../icons';
import { Icon } from './Icon';
import { Popup } from './Popup';

export interface IMenuItem {
  readonly label: string;
  /** A second, quiet line; for an item that cannot be used, the reason. */
  readonly hint?: string;
  readonly icon?: LabIcon;
  /** Set for items of which one or several are chosen. */
  readonly checked?: boolean;
  readonly disabled?: boolean;
  readonly danger?: boolean;
  readonly run: () => void;
}

/** A menu beside its anchor; null stands for a line between items. */
export function Menu(props: {
  anchor: HTMLElement;
  label: string;
  items: readonly (IMenuItem | null)[];
  onClose: () => void;
}): JSX.Element {
  const { anchor, label, items, onClose } = props;
  const list = useRef<HTMLUListElement>(null);

  useEffect(() => {
    const first =
      list.current?.querySelector<HTMLElement>('[aria-checked="true"]') ??
      list.current?.querySelector<HTMLElement>('[role^="menuitem"]');
    first?.focus();
  }, []);

  const onKeyDown = (event: KeyboardEvent) => {
    const entries = Array.from(
      list.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? []
    );
    const at = entries.indexOf(document.activeElement as HTMLElement);
    const moves: Record<string, number> = {
      ArrowDown: (at + 1) % entries.length,
      ArrowUp: (at + entries.length - 1) % entries.length,
      Home: 0,
      End: entries.length - 1
    };
    if (event.key in moves) {
      event.preventDefault();
      entries[moves[event.key]]?.focus();
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      entries[at]?.click();
    } else if (event.key === 'Tab') {
      onClose();
    }
    event.stopPropagation();
  };

  return (
    <Popup anchor={anchor} onClose={onClose}>
      <ul
        className="gc-Menu"
        role="menu"
        aria-label={label}
        ref={list}
        onKeyDown={onKeyDown}
      >
        {items.map((item, index) =>
          item === null ? (
            <li key={index} role="separator" className="gc-Menu-line" />
          ) : (
            <li
              key={index}
              role={item.checked === undefined ? 'menuitem' : 'menuitemradio'}
              aria-checked={item.checked}
              aria-disabled={item.disabled}
              tabIndex={-1}
              className={item.danger ? 'gc-mod-danger' : undefined}
              onPointerMove={event => event.currentTarget.focus()}
              onClick={() => {
                if (!item.disabled) {
                  anchor.focus();
                  onClose();
                  item.run();
                }
              }}
            >
              {item.checked ? (
                <Icon icon={checkIcon} />
              ) : (
                item.icon && <Icon icon={item.icon} />
              )}
              <b>{item.label}</b>
              {item.hint && <span className="gc-meta">{item.hint}</span>}
            </li>
          )
        )}
      </ul>
    </Popup>
  );
}
