import { useState } from 'react';

import { usePanel, useThread } from '../context';
import { useAction } from '../hooks/useAction';
import { useField } from '../hooks/useField';
import { Button } from '../parts/Button';
import { Notice } from '../parts/Notice';
import { manages } from '../thread/roles';

/** What the assistant is told at the head of every request of this thread. */
export function InstructionsDialog(): JSX.Element {
  const { trans } = usePanel();
  const { thread } = useThread();
  const instructions = useField(thread, t => t.instructions);
  const role = useField(thread, t => t.role);
  const archived = useField(thread, t => t.archivedAt !== undefined);
  const [draft, setDraft] = useState(instructions);
  const { busy, problem, run } = useAction();
  const editable = manages(role) && !archived;
  const changed = draft !== instructions;
  return (
    <>
      <textarea
        className="gc-Input gc-mod-area"
        aria-label={trans.__('Instructions for the assistant')}
        placeholder={trans.__(
          'Such as: recall matters more than precision. Use pandas and scipy only.'
        )}
        rows={7}
        maxLength={8000}
        readOnly={!editable}
        value={draft}
        onChange={event => setDraft(event.target.value)}
      />
      {problem !== null && (
        <Notice tone="error" role="alert">
          {problem}
        </Notice>
      )}
      {editable && (
        <div className="gc-Actions">
          <Button
            mods="primary"
            aria-disabled={!changed || busy}
            onClick={() => run(() => thread.patch({ instructions: draft }))}
          >
            {trans.__('Save')}
          </Button>
          <span className="gc-meta" role="status">
            {changed
              ? trans.__('Not saved yet')
              : trans.__('Everyone in the thread can read this.')}
          </span>
        </div>
      )}
    </>
  );
}
