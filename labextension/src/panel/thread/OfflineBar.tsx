import { usePanel } from '../context';
import { useField } from '../hooks/useField';
import { useNow } from '../hooks/useNow';
import { offlineIcon } from '../icons';
import { Button } from '../parts/Button';
import { Notice } from '../parts/Notice';

/** Says that the connection is lost, when it will be tried again, and offers to try now. */
export function OfflineBar(): JSX.Element | null {
  const { chat } = usePanel();
  const connection = useField(chat, c => c.connection);
  return connection.state === 'offline' ? (
    <Countdown until={connection.retryAt} />
  ) : null;
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
