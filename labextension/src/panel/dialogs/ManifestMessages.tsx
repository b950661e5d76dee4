import { useMemo, useState } from 'react';

import { ASSISTANT, IMessage, isGuest } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { useField } from '../hooks/useField';
import { rightIcon } from '../icons';
import { Avatar } from '../parts/Avatar';
import { Icon } from '../parts/Icon';
import { Mark } from '../parts/Mark';
import { firstName, plainLine } from '../text/plain';

/** Messages shown at first. */
const FEW = 6;

/** The messages that a request held, newest first. */
export function ManifestMessages(props: {
  ids: readonly string[];
  cut: readonly string[];
  /** The message that the reply answers. */
  about: string | undefined;
}): JSX.Element {
  const { ids, cut, about } = props;
  const { trans } = usePanel();
  const { thread } = useThread();
  const messages = useField(thread, t => t.messages);
  const [all, setAll] = useState(false);
  const known = useMemo(
    () => new Map(messages.map(message => [message.id, message])),
    [messages]
  );
  const newest = useMemo(() => [...ids].reverse(), [ids]);
  const shown = all ? newest : newest.slice(0, FEW);
  return (
    <section className="gc-ManifestSection">
      <h3>
        {trans.__('Messages')}
        <span>{trans.__('%1, newest first', ids.length)}</span>
      </h3>
      {shown.map(id => (
        <MessageRow
          key={id}
          id={id}
          message={known.get(id)}
          note={
            id === about
              ? trans.__('the question')
              : cut.includes(id)
                ? trans.__('cut')
                : ''
          }
        />
      ))}
      {shown.length < newest.length && (
        <div className="gc-ManifestRow gc-mod-more">
          <Icon icon={rightIcon} />
          <button
            type="button"
            className="gc-Link"
            onClick={() => setAll(true)}
          >
            {trans._n(
              'Show %1 older message',
              'Show %1 older messages',
              newest.length - shown.length
            )}
          </button>
        </div>
      )}
    </section>
  );
}

function MessageRow(props: {
  id: string;
  message: IMessage | undefined;
  note: string;
}): JSX.Element {
  const { id, message, note } = props;
  const { trans, times } = usePanel();
  const { members, assistantName } = useThread();
  if (message === undefined) {
    return (
      <div className="gc-ManifestRow">
        <span />
        <b>{trans.__('Further back')}</b>
        <span className="gc-truncate gc-mono">{id}</span>
        <span className="gc-meta">{note}</span>
      </div>
    );
  }
  const member = members.get(message.author);
  const byAssistant = message.author === ASSISTANT;
  return (
    <div className="gc-ManifestRow">
      {byAssistant ? (
        <Mark size={18} name={assistantName} />
      ) : (
        <Avatar
          name={message.authorName}
          colour={member?.colour}
          picture={member?.avatar}
          size={18}
          guest={isGuest(message.author)}
        />
      )}
      <b className="gc-truncate">
        {byAssistant ? assistantName : firstName(message.authorName)},{' '}
        {times.moment(message.at)}
      </b>
      <span className="gc-truncate">
        {message.deleted ? trans.__('Deleted since') : plainLine(message.body)}
      </span>
      <span className="gc-meta">{note}</span>
    </div>
  );
}
