import { KeyboardEvent, useState } from 'react';

import { usePanel, useThread } from '../context';
import { useField } from '../hooks/useField';
import { useAttempt } from '../hooks/useAttempt';
import { manages } from './roles';

/** The title; those who may change it click it to do so. */
export function ThreadTitle(): JSX.Element {
  const { trans } = usePanel();
  const attempt = useAttempt();
  const { thread } = useThread();
  const title = useField(thread, t => t.title);
  const role = useField(thread, t => t.role);
  const [draft, setDraft] = useState<string | null>(null);

  if (draft === null) {
    return manages(role) ? (
      <h2>
        <button
          type="button"
          className="gc-ThreadView-rename gc-truncate"
          title={trans.__('Rename')}
          onClick={() => setDraft(title)}
        >
          {title}
        </button>
      </h2>
    ) : (
      <h2 className="gc-truncate">{title}</h2>
    );
  }

  const save = () => {
    const wanted = draft.trim();
    setDraft(null);
    if (wanted !== '' && wanted !== title) {
      attempt(() => thread.patch({ title: wanted }));
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      save();
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      setDraft(null);
    }
  };
  return (
    <input
      className="gc-Input gc-ThreadView-title-input"
      aria-label={trans.__('Title')}
      maxLength={200}
      autoFocus
      value={draft}
      onChange={event => setDraft(event.target.value)}
      onBlur={save}
      onKeyDown={onKeyDown}
    />
  );
}
