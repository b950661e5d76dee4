import { usePanel } from '../context';

/** The assistant: the prompt of a cell, at rest or at work. */
export function Mark(props: {
  size?: number;
  writing?: boolean;
  name: string;
}): JSX.Element {
  const { size = 24, writing = false, name } = props;
  const { trans } = usePanel();
  return (
    <span
      className="gc-Mark"
      style={{ '--size': `${size}px` } as React.CSSProperties}
      role="img"
      aria-label={writing ? trans.__('%1, writing', name) : name}
    >
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d="M8.3 6.2H5.8v11.6h2.5M15.7 6.2h2.5v11.6h-2.5" />
        {writing ? (
          <path d="M12 8.6v6.8M9.05 10.3l5.9 3.4M14.95 10.3l-5.9 3.4" />
        ) : (
          <circle cx="12" cy="12" r="1.7" fill="currentColor" />
        )}
      </svg>
    </span>
  );
}
