import { CSSProperties } from 'react';

import { useDelayed } from '../hooks/useDelayed';

/** Widths of the lines of the messages that stand in for those to come. */
const LINES = [
  [32, 88, 64],
  [26, 72],
  [30, 94, 90, 52],
  [28, 80]
];

/** Grey lines where content will be, once waiting has lasted long enough to be noticed. */
export function Skeleton(props: { label: string }): JSX.Element {
  const due = useDelayed(true, 300);
  return (
    <div className="gc-Skeleton" role="status" aria-label={props.label}>
      {due &&
        LINES.map((lines, row) => (
          <div key={row}>
            <i />
            {lines.map((width, line) => (
              <i key={line} style={{ '--l': `${width}%` } as CSSProperties} />
            ))}
          </div>
        ))}
    </div>
  );
}
