import { ReactNode, useId, useState } from 'react';

import { downIcon, rightIcon } from '../icons';
import { Icon } from './Icon';

/** A part of a list, with a head that folds it. */
export function Section(props: {
  title: string;
  count: number;
  folded?: boolean;
  children: ReactNode;
}): JSX.Element {
  const [open, setOpen] = useState(props.folded !== true);
  const id = useId();
  return (
    <section className="gc-Section">
      <h3>
        <button
          type="button"
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
        >
          <Icon icon={open ? downIcon : rightIcon} small />
          {props.title}
          <span>{props.count}</span>
        </button>
      </h3>
      <div id={id} hidden={!open}>
        {open && props.children}
      </div>
    </section>
  );
}
