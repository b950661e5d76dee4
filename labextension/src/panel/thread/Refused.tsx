import { IMessage } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { Button } from '../parts/Button';
import { Notice } from '../parts/Notice';

/** A message that the server refused: why, and what to do with the text, which is kept. */
export function Refused(props: { message: IMessage }): JSX.Element {
  const { message } = props;
  const { trans } = usePanel();
  const { thread } = useThread();
  return (
    <Notice
      tone="error"
      role="alert"
      actions={
        <>
          <Button mods="quiet small" onClick={() => thread.discard(message.id)}>
            {trans.__('Discard')}
          </Button>
          <Button mods="small" onClick={() => thread.retry(message.id)}>
            {trans.__('Retry')}
          </Button>
        </>
      }
    >
      {message.refusal
        ? trans.__('Not sent: %1', message.refusal)
        : trans.__('Not sent')}
    </Notice>
  );
}
