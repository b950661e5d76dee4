import { IMessage } from '../../model/interfaces';
import { usePanel } from '../context';

/** What the thread itself has to say, such as that somebody joined. */
export function SystemLine(props: { message: IMessage }): JSX.Element {
  const { times } = usePanel();
  const { message } = props;
  return (
    <p className="gc-System" data-message={message.id} tabIndex={-1}>
      {message.body}{' '}
      <time dateTime={message.at.toISOString()} title={times.full(message.at)}>
        {times.time(message.at)}
      </time>
    </p>
  );
}
