import { CSSProperties } from 'react';

import { usePanel } from '../context';
import { useField } from '../hooks/useField';

/** How many of the assistant's replies the person has used. */
export function Budget(): JSX.Element | null {
  const { chat, trans } = usePanel();
  const replies = useField(chat, c => c.me)?.replies ?? null;
  if (replies === null) {
    return null;
  }
  const { left, limit } = replies;
  const used = limit - left;
  const style = {
    '--used': `${Math.round((100 * used) / Math.max(1, limit))}%`
  } as CSSProperties;
  return (
    <span
      className="gc-Budget"
      style={style}
      title={trans.__('%1 replies left', left)}
    >
      <i aria-hidden="true" />
      <span>
        {trans.__('%1 of %2', used, limit)}
        <span className="gc-label"> {trans.__('replies today')}</span>
      </span>
    </span>
  );
}
