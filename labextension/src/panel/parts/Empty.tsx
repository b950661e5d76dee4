import { ReactNode } from 'react';

/** A drawing, one sentence, one button: what a place shows while nothing is there. */
export function Empty(props: {
  title: string;
  children: ReactNode;
  action?: ReactNode;
  /** It is all that the page has. */
  alone?: boolean;
}): JSX.Element {
  const Title = props.alone ? 'h1' : 'h3';
  return (
    <div className="gc-Empty">
      <svg className="gc-mod-art" viewBox="0 0 72 52" aria-hidden="true">
        <rect x="4" y="4" width="36" height="24" rx="3" />
        <path d="M12 28v7l8-7" />
        <path d="M48 16h16a4 4 0 0 1 4 4v14a4 4 0 0 1-4 4h-4v7l-9-7H34a4 4 0 0 1-4-4v-2" />
        <path d="M14 11h-3v10h3M30 11h3v10h-3" />
        <path d="M22 16h.01" strokeWidth="3" />
      </svg>
      <Title>{props.title}</Title>
      <p className="gc-quiet">{props.children}</p>
      {props.action}
    </div>
  );
}
