import { IMessage } from '../../model/interfaces';
import { usePanel } from '../context';
import { Notice } from '../parts/Notice';
import { AskAgain } from './AskAgain';

/** How a reply ended that was not completed, and the button that asks again. What came of it stays above. */
export function ReplyOutcome(props: { message: IMessage }): JSX.Element | null {
  const { message } = props;
  const { trans } = usePanel();
  const why = message.reply?.error ?? trans.__('something went wrong');
  switch (message.status) {
    case 'failed':
      return (
        <Notice
          tone="error"
          actions={<AskAgain message={message} label={trans.__('Retry')} />}
        >
          {message.body === ''
            ? trans.__('No answer: %1', why)
            : trans.__('Cut short: %1', why)}
        </Notice>
      );
    case 'interrupted':
      return (
        <Notice
          tone="warn"
          actions={<AskAgain message={message} label={trans.__('Retry')} />}
        >
          {trans.__('Interrupted: the server stopped while this was written')}
        </Notice>
      );
    case 'cancelled':
      return (
        <Notice
          actions={<AskAgain message={message} label={trans.__('Ask again')} />}
        >
          {trans.__('Stopped')}
        </Notice>
      );
    default:
      return null;
  }
}
