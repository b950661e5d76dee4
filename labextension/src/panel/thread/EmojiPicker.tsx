import { KeyboardEvent, useEffect, useRef } from 'react';

import { usePanel } from '../context';
import { Popup } from '../parts/Popup';
import { palette } from './emojis';

/** A few emoji to react with. */
export function EmojiPicker(props: {
  anchor: HTMLElement;
  onPick: (emoji: string) => void;
  onClose: () => void;
}): JSX.Element {
  const { anchor, onPick, onClose } = props;
  const { trans } = usePanel();
  const grid = useRef<HTMLDivElement>(null);

  useEffect(() => {
    grid.current?.querySelector('button')?.focus();
  }, []);

  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    const buttons = Array.from(grid.current?.querySelectorAll('button') ?? []);
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const steps: Record<string, number> = {
      ArrowRight: 1,
      ArrowLeft: -1,
      ArrowDown: 5,
      ArrowUp: -5
    };
    if (event.key in steps) {
      event.preventDefault();
      buttons[at + steps[event.key]]?.focus();
    } else if (event.key === 'Tab') {
      onClose();
    }
  };

  return (
    <Popup anchor={anchor} onClose={onClose}>
      <div
        className="gc-EmojiPicker"
        role="toolbar"
        aria-label={trans.__('Reactions')}
        ref={grid}
        onKeyDown={onKeyDown}
      >
        {palette(trans).map(([emoji, name]) => (
          <button
            type="button"
            key={emoji}
            aria-label={name}
            title={name}
            onClick={() => {
              anchor.focus();
              onClose();
              onPick(emoji);
            }}
          >
            {emoji}
          </button>
        ))}
      </div>
    </Popup>
  );
}
