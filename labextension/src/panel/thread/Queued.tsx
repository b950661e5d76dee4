import { usePanel } from '../context';
import { useField } from '../hooks/useField';
import { clockIcon } from '../icons';
import { Icon } from '../parts/Icon';

/** Says that a message waits for the connection. While connected it is under way for a moment only. */
export function Queued(): JSX.Element | null {
  const { chat, trans } = usePanel();
  const { state } = useField(chat, c => c.connection);
  return state === 'online' ? null : (
    <span className="gc-meta gc-Queued">
      <Icon icon={clockIcon} small />
      {trans.__('sends when back')}
    </span>
  );
}
