import { memo, useCallback, useRef, useState } from 'react';

import { ASSISTANT, IMessage, isGuest } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { useAttempt } from '../hooks/useAttempt';
import { useTabStops } from '../hooks/useTabStops';
import { stopIcon } from '../icons';
import { Avatar } from '../parts/Avatar';
import { Body } from '../parts/Body';
import { Button } from '../parts/Button';
import { Mark } from '../parts/Mark';
import { IMessageActions } from './actions';
import { CellRef } from './CellRef';
import { EmojiPicker } from './EmojiPicker';
import { MessageFiles } from './MessageFiles';
import { MessageHead } from './MessageHead';
import { MessageMarks } from './MessageMarks';
import { MessageTools } from './MessageTools';
import { Queued } from './Queued';
import { Reactions } from './Reactions';
import { Refused } from './Refused';
import { ReplyFooter } from './ReplyFooter';
import { ReplyLinks } from './ReplyLinks';
import { ReplyOutcome } from './ReplyOutcome';
import { ReplyQuote } from './ReplyQuote';
import { ReplyTools } from './ReplyTools';
import { SharedCellCard } from './SharedCellCard';
import { StaleNotice } from './StaleNotice';

/** One message. It renders again only when it changed itself. */
export const MessageItem = memo(function MessageItem(props: {
  message: IMessage;
  /** It continues the message above: no head of its own. */
  follows: boolean;
  /** The arrow keys are at this message: its controls can be reached with Tab. */
  active: boolean;
  /** Somebody jumped here. */
  marked: boolean;
  actions: IMessageActions;
}): JSX.Element {
  const { message, follows, active, marked, actions } = props;
  const { trans, times } = usePanel();
  const { thread, assistantName, members } = useThread();
  const attempt = useAttempt();
  const article = useRef<HTMLElement>(null);
  const [near, setNear] = useState(false);
  const [picking, setPicking] = useState<HTMLElement | null>(null);
  const stopPicking = useCallback(() => setPicking(null), []);

  const byAssistant = message.author === ASSISTANT;
  const streaming = message.status === 'streaming';
  const member = members.get(message.author);
  const name = byAssistant ? assistantName : message.authorName;
  const real = message.pending === undefined && !message.deleted;

  useTabStops(article, active);

  const names = [
    'gc-MessageItem',
    follows ? 'gc-mod-follow' : '',
    byAssistant ? 'gc-mod-assistant' : '',
    marked ? 'gc-mod-marked' : ''
  ];
  return (
    <article
      ref={article}
      className={names.filter(Boolean).join(' ')}
      data-message={message.id}
      data-pending={message.pending}
      tabIndex={-1}
      aria-label={
        streaming
          ? trans.__('%1, writing', name)
          : `${name}, ${times.moment(message.at)}`
      }
      aria-busy={streaming}
      onPointerEnter={() => setNear(true)}
      onPointerLeave={() => setNear(false)}
    >
      {(near || active || picking !== null) && real && !streaming && (
        <MessageTools
          message={message}
          actions={actions}
          onReact={setPicking}
        />
      )}
      {byAssistant ? (
        <Mark writing={streaming} name={assistantName} />
      ) : (
        !follows && (
          <Avatar
            name={name}
            colour={member?.colour}
            picture={member?.avatar}
            guest={isGuest(message.author)}
          />
        )
      )}
      <div className="gc-MessageItem-body">
        {!follows && (
          <MessageHead message={message}>
            {streaming && (
              <Button
                mods="small push"
                icon={stopIcon}
                onClick={() => attempt(() => thread.stop(message.id))}
              >
                {trans.__('Stop')}
              </Button>
            )}
          </MessageHead>
        )}
        <Content message={message} />
        {follows && <Aftermath message={message} />}
        {real && <Reactions message={message} onAdd={setPicking} />}
      </div>
      {picking && (
        <EmojiPicker
          anchor={picking}
          onClose={stopPicking}
          onPick={emoji => attempt(() => thread.react(message.id, emoji, true))}
        />
      )}
    </article>
  );
});

/** What the head of a message would say of it, where it has none. */
function Aftermath({ message }: { message: IMessage }): JSX.Element | null {
  if (message.pending === 'queued') {
    return <Queued />;
  }
  const marked =
    message.editedAt !== undefined ||
    message.pinnedBy !== undefined ||
    message.agreedBy !== undefined;
  return marked ? (
    <div className="gc-Marks">
      <MessageMarks message={message} />
    </div>
  ) : null;
}

/** What was written and shared, and how it ended. */
function Content({ message }: { message: IMessage }): JSX.Element {
  const { trans, showCell } = usePanel();
  if (message.deleted) {
    return (
      <p className="gc-text gc-quiet gc-Deleted">
        {message.expired === undefined
          ? trans.__('Deleted message')
          : trans._n(
              'Deleted after %1 day',
              'Deleted after %1 days',
              message.expired
            )}
      </p>
    );
  }
  const byAssistant = message.author === ASSISTANT;
  const streaming = message.status === 'streaming';
  const tools = message.reply?.tools ?? [];
  const links = message.reply?.links ?? [];
  return (
    <>
      {message.replyTo !== undefined && !byAssistant && (
        <ReplyQuote messageId={message.replyTo} />
      )}
      {showCell && message.cells.length > 0 && (
        <div className="gc-CellRefs">
          {message.cells.map(shareId => (
            <CellRef key={shareId} shareId={shareId} onShow={showCell} />
          ))}
        </div>
      )}
      {tools.length > 0 && <ReplyTools tools={tools} />}
      {(message.body !== '' || streaming) && (
        <div className={message.pending === 'queued' ? 'gc-quiet' : undefined}>
          <Body text={message.body} streaming={streaming} />
        </div>
      )}
      {message.files.length > 0 && <MessageFiles files={message.files} />}
      {!showCell &&
        message.cells.map(shareId => (
          <SharedCellCard key={shareId} shareId={shareId} />
        ))}
      {links.length > 0 && <ReplyLinks links={links} />}
      {byAssistant && <ReplyOutcome message={message} />}
      {byAssistant && !streaming && <ReplyFooter message={message} />}
      {byAssistant && <StaleNotice message={message} />}
      {message.pending === 'refused' && <Refused message={message} />}
    </>
  );
}
