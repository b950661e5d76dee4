import { usePanel } from '../context';
import { useField } from '../hooks/useField';
import { useNow } from '../hooks/useNow';
import { lockIcon, offlineIcon } from '../icons';
import { Button } from '../parts/Button';
import { Notice } from '../parts/Notice';

/** Says that the connection is lost and when it will be tried again, or that the sign-in has ended. */
export function OfflineBar(): JSX.Element | null {
  const { chat } = usePanel();
  const connection = useField(chat, c => c.connection);
  if (connection.state !== 'offline') {
    return null;
  }
  return connection.signedOut ? (
    <SignedOut />
  ) : (
    <Countdown until={connection.retryAt} />
  );
}

/** Nothing is to be had by waiting: the page has to be loaded again, which leads to the server's sign-in. */
function SignedOut(): JSX.Element {
  const { trans } = usePanel();
  return (
    <Notice
      tone="warn"
      bar
      icon={lockIcon}
      actions={
        <Button mods="small" onClick={() => window.location.reload()}>
          {trans.__('Reload')}
        </Button>
      }
    >
      <span role="status">
        {trans.__(
          'You are signed out. Sign in again: messages that wait here are sent then.'
        )}
      </span>
    </Notice>
  );
}

function Countdown(props: { until: Date | undefined }): JSX.Element {
  const { chat, trans } = usePanel();
  const now = useNow(500);
  const left =
    props.until === undefined
      ? 0
      : Math.ceil((props.until.getTime() - now.getTime()) / 1000);
  return (
    <Notice
      tone="warn"
      bar
      icon={offlineIcon}
      actions={
        <Button mods="small" onClick={() => chat.retryNow()}>
          {trans.__('Try now')}
        </Button>
      }
    >
      <span role="status">{trans.__('Offline.')}</span>{' '}
      {left > 0
        ? trans.__('Trying again in %1 s', left)
        : trans.__('Trying again')}
    </Notice>
  );
}
