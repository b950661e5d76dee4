import { useEffect, useMemo, useRef, useState } from 'react';

import { usePanel, useThread } from '../panel/context';
import { useField } from '../panel/hooks/useField';
import { downIcon, rightIcon } from '../panel/icons';
import { Button } from '../panel/parts/Button';
import { Empty } from '../panel/parts/Empty';
import { Icon } from '../panel/parts/Icon';
import { baseName } from '../panel/text/plain';
import { arranged, commentsOn } from './comments';
import { ReadOnlyCell } from './ReadOnlyCell';

/** All cells that are shared with the thread, as they are now. */
export function SharedCells(props: {
  /** A cell to show; another object each time. */
  shown: { readonly id: string } | null;
}): JSX.Element {
  const { shown } = props;
  const { trans } = usePanel();
  const { thread } = useThread();
  const cells = useField(thread, t => t.cells);
  const messages = useField(thread, t => t.messages);
  const comments = useMemo(
    () => commentsOn(messages, cells),
    [messages, cells]
  );
  const order = useRef<readonly string[]>([]);
  order.current = useMemo(() => arranged(order.current, cells), [cells]);
  const section = useRef<HTMLElement>(null);
  const [open, setOpen] = useState(true);

  useEffect(() => {
    if (shown !== null) {
      setOpen(true);
    }
  }, [shown]);
  useEffect(() => {
    const cell =
      shown !== null &&
      open &&
      section.current?.querySelector<HTMLElement>(
        `[data-share="${CSS.escape(shown.id)}"]`
      );
    if (cell) {
      cell.scrollIntoView({ block: 'nearest' });
      cell.focus({ preventScroll: true });
    }
  }, [shown, open]);

  return (
    <section
      ref={section}
      className={`gc-GuestCells${open ? '' : ' gc-mod-closed'}`}
      aria-label={trans.__('Shared cells')}
    >
      <header>
        <h2>{trans.__('Shared cells')}</h2>
        <About />
        {/* Only where there is not room for both: see the style. */}
        <Button
          mods="quiet small push"
          className="gc-GuestCells-toggle"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {open ? trans.__('Hide') : trans.__('Show')}
          <Icon icon={open ? downIcon : rightIcon} small />
        </Button>
      </header>
      {order.current.map(id => {
        const cell = cells.get(id);
        return (
          cell && (
            <ReadOnlyCell key={id} cell={cell} comments={comments.get(id)} />
          )
        );
      })}
      {cells.size === 0 && (
        <Empty title={trans.__('No cells are shared yet')}>
          {trans.__('They appear here as soon as somebody shares one.')}
        </Empty>
      )}
    </section>
  );
}

/** How many there are, from where, and when the last of them changed. */
function About(): JSX.Element | null {
  const { trans, times } = usePanel();
  const { thread } = useThread();
  const cells = useField(thread, t => t.cells);
  const notebooks = new Set([...cells.values()].map(c => c.notebook));
  const updated = Math.max(...[...cells.values()].map(c => +c.updatedAt));
  if (cells.size === 0) {
    return null;
  }
  const [first] = notebooks;
  return (
    <>
      <span className="gc-meta gc-truncate">
        {notebooks.size === 1
          ? trans.__('%1 from %2, read only', cells.size, baseName(first))
          : trans.__(
              '%1 from %2 notebooks, read only',
              cells.size,
              notebooks.size
            )}
      </span>
      <span className="gc-meta gc-mod-push">
        {trans.__('updated %1', times.moment(new Date(updated)))}
      </span>
    </>
  );
}
