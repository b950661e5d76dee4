import { ASSISTANT, IMessage } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { firstName } from '../text/plain';
import { modelOf } from './useModels';

/** In the place of a second opinion, which is shown beside the first; a click goes there. */
export function OpinionLine(props: { message: IMessage }): JSX.Element {
  const { message } = props;
  const { state, times, trans } = usePanel();
  const { nameOf, me, assistantName } = useThread();
  const model = modelOf(message) ?? assistantName;
  const askedBy = message.reply?.asked_by ?? ASSISTANT;
  const asker = askedBy === me ? trans.__('You') : firstName(nameOf(askedBy));
  return (
    <p className="gc-System" data-message={message.id} tabIndex={-1}>
      {trans.__('%1 asked for a', asker)}{' '}
      <button
        type="button"
        className="gc-Link"
        onClick={() => state.reveal(message.reply?.beside ?? message.id)}
      >
        {trans.__('second opinion from %1', model)}
      </button>{' '}
      <time dateTime={message.at.toISOString()} title={times.full(message.at)}>
        {times.time(message.at)}
      </time>
    </p>
  );
}
