import { ReactNode } from 'react';

import { IMessage, isGuest } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { MessageMarks } from './MessageMarks';
import { Queued } from './Queued';
import { modelOf } from './useModels';

/** Who wrote a message, when, and what became of it. */
export function MessageHead(props: {
  message: IMessage;
  /** At the far end, such as Stop. */
  children?: ReactNode;
}): JSX.Element {
  const { message, children } = props;
  const { trans } = usePanel();
  const { members, namesakes, me, assistantName } = useThread();
  const isAssistant = message.kind === 'assistant';
  const guest = isGuest(message.author);
  const name = isAssistant
    ? assistantName
    : (members.get(message.author)?.name ?? message.authorName);
  return (
    <div className="gc-MessageItem-head">
      <b className="gc-truncate">{name}</b>
      {namesakes.has(message.author) && !isAssistant && !guest && (
        <span className="gc-meta gc-truncate">{message.author}</span>
      )}
      <Credits message={message} />
      {message.reply?.beside !== undefined && (
        <span className="gc-Badge gc-mod-opinion">
          <span className="gc-truncate">
            {trans.__('Second opinion · %1', modelOf(message) ?? name)}
          </span>
        </span>
      )}
      {guest ? (
        <span className="gc-meta">
          {message.author === me ? trans.__('guest, you') : trans.__('guest')}
        </span>
      ) : (
        message.author === me && (
          <span className="gc-meta">{trans.__('you')}</span>
        )
      )}
      {message.via === 'kernel' && (
        <span className="gc-meta">{trans.__('from a notebook')}</span>
      )}
      {message.kind === 'import' && (
        <span className="gc-meta">{trans.__('imported')}</span>
      )}
      <When message={message} />
      <MessageMarks message={message} />
      {children}
    </div>
  );
}

/** Who wrote it together with the author. */
function Credits({ message }: { message: IMessage }): JSX.Element | null {
  const { trans } = usePanel();
  const { nameOf } = useThread();
  if (message.credits.length === 0) {
    return null;
  }
  const names = message.credits.map(nameOf).join(', ');
  const words = trans.__('with %1', names);
  return (
    <span className="gc-MessageItem-credits gc-truncate" title={words}>
      {words}
    </span>
  );
}

/** The time; for a message that is not there yet, what it waits for. */
function When({ message }: { message: IMessage }): JSX.Element | null {
  const { trans, times } = usePanel();
  if (message.pending === 'queued') {
    return <Queued />;
  }
  if (message.pending !== undefined) {
    return null;
  }
  if (message.status === 'streaming') {
    return <span className="gc-meta">{trans.__('writing')}</span>;
  }
  return (
    <time
      className="gc-meta"
      dateTime={message.at.toISOString()}
      title={times.full(message.at)}
    >
      {times.time(message.at)}
    </time>
  );
}
