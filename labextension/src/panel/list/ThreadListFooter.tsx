import { usePanel } from '../context';
import { openProfile } from '../dialogs/openProfile';
import { openReports } from '../dialogs/ReportsDialog';
import { useField } from '../hooks/useField';
import { flagIcon } from '../icons';
import { Avatar } from '../parts/Avatar';
import { Button } from '../parts/Button';

/** Whether the chat is connected, and as whom. */
export function ThreadListFooter(): JSX.Element {
  const panel = usePanel();
  const { chat, trans } = panel;
  const reports = useField(chat, c => c.openReports);
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
      {me?.allowed.reports && (
        <Button
          mods={`quiet small${reports > 0 ? ' danger' : ''}`}
          icon={flagIcon}
          onClick={() => openReports(panel)}
        >
          {reports > 0
            ? trans._n('%1 report', '%1 reports', reports)
            : trans.__('Reports')}
        </Button>
      )}
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
