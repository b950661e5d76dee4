import { usePanel } from '../context';
import { openProfile } from '../dialogs/openProfile';
import { useField } from '../hooks/useField';
import { Avatar } from '../parts/Avatar';

/** Whether the chat is connected, and as whom. */
export function ThreadListFooter(): JSX.Element {
  const panel = usePanel();
  const { chat, trans } = panel;
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
      {me && (
        <button
          type="button"
          className="gc-ProfileButton"
          aria-label={trans.__('Your profile: %1', me.name)}
          title={trans.__('Your profile')}
          onClick={() => openProfile(panel)}
        >
          <span className="gc-truncate">{me.name}</span>
          <span aria-hidden="true">
            <Avatar name={me.name} picture={me.avatar} size={20} />
          </span>
        </button>
      )}
    </div>
  );
}
