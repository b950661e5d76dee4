import { usePanel } from '../context';
import { useField } from '../hooks/useField';

/** Whether the chat is connected, and as whom. */
export function ThreadListFooter(): JSX.Element {
  const { chat, trans } = usePanel();
  const { state } = useField(chat, c => c.connection);
  const me = useField(chat, c => c.me);
  const words = {
    online: trans.__('Connected'),
    connecting: trans.__('Connecting'),
    offline: trans.__('Offline')
  };
  return (
    <div className="gc-ThreadList-foot">
      <span className={`gc-Dot gc-mod-${state}`} />
      <span role="status">{words[state]}</span>
      {me && <span className="gc-mod-push gc-truncate">{me.name}</span>}
    </div>
  );
}
