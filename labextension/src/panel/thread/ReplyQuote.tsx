import { usePanel, useThread } from '../context';
import { useField } from '../hooks/useField';
import { findMessage } from '../text/grouping';
import { firstName, plainLine } from '../text/plain';

/** The beginning of the message that is replied to; a click jumps there. */
export function ReplyQuote(props: { messageId: string }): JSX.Element {
  const { messageId } = props;
  const { state, trans } = usePanel();
  const { thread } = useThread();
  const message = useField(thread, t => findMessage(t.messages, messageId));
  return (
    <button
      type="button"
      className="gc-ReplyQuote"
      onClick={() => state.reveal(messageId)}
    >
      {message === undefined ? (
        <span>{trans.__('An earlier message')}</span>
      ) : (
        <>
          <span className="gc-sr">{trans.__('In reply to')} </span>
          <b>{firstName(message.authorName)}</b>
          <span className="gc-truncate">
            {message.deleted
              ? trans.__('Deleted message')
              : plainLine(message.body)}
          </span>
        </>
      )}
    </button>
  );
}
