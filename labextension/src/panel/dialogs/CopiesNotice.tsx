import { usePanel } from '../context';
import { useField } from '../hooks/useField';
import { Notice } from '../parts/Notice';

/** Tells everybody that what they write is kept in the audit log, where the operator switched that on. */
export function CopiesNotice(): JSX.Element | null {
  const { chat, trans } = usePanel();
  const kept = useField(chat, c => c.me)?.allowed.auditBodies ?? false;
  return kept ? (
    <Notice>
      {trans.__(
        'The people who run this server keep copies: of messages before they are edited or deleted, of shared cells, and of what the assistant is told.'
      )}
    </Notice>
  ) : null;
}
