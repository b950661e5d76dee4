import { memo } from 'react';

import { IMessage } from '../../model/interfaces';
import { usePanel } from '../context';
import { silencePuzzles } from '../text/grouping';
import { IMessageActions } from './actions';
import { MessageItem } from './MessageItem';
import { OpinionLine } from './OpinionLine';
import { SilentLine } from './SilentLine';
import { SystemLine } from './SystemLine';
import { UnreadDivider } from './UnreadDivider';

/** A message with what stands before it (a new day, what is unread) and after it (why the assistant was silent). */
export const MessageRow = memo(function MessageRow(props: {
  message: IMessage;
  /** It is the first of its day. */
  startsDay: boolean;
  /** It continues the message above. */
  follows: boolean;
  /** Number of unread messages that begin here; 0 elsewhere. */
  unread: number;
  /** Second opinions, which stand beside it. */
  opinions?: readonly IMessage[];
  /** It is a second opinion and shown beside the first. */
  elsewhere: boolean;
  /** The id of the message that the arrow keys are at, if it is this one or one beside it; the same for a jump. */
  active: string | null;
  marked: string | null;
  allDecisions: boolean;
  actions: IMessageActions;
  onCatchUp: (() => void) | null;
}): JSX.Element {
  const { message, startsDay, follows, unread, opinions, elsewhere } = props;
  const { active, marked, allDecisions, actions } = props;
  const { trans, times } = usePanel();
  const silent =
    message.decision?.act === 'stay_out' &&
    (allDecisions || silencePuzzles(message));
  const item = (shown: IMessage, below: boolean) => (
    <MessageItem
      key={shown.id}
      message={shown}
      follows={below}
      active={active === shown.id}
      marked={marked === shown.id}
      actions={actions}
    />
  );
  return (
    <>
      {startsDay && (
        <div className="gc-Day" role="separator">
          {times.day(message.at)}
        </div>
      )}
      {unread > 0 && (
        <UnreadDivider count={unread} onCatchUp={props.onCatchUp} />
      )}
      {message.kind === 'system' ? (
        <SystemLine message={message} />
      ) : elsewhere ? (
        <OpinionLine message={message} />
      ) : opinions !== undefined ? (
        <div
          className="gc-Beside"
          role="group"
          aria-label={trans.__('Answers of several models')}
        >
          {[message, ...opinions].map(each => item(each, false))}
        </div>
      ) : (
        item(message, unread === 0 && follows)
      )}
      {silent && <SilentLine message={message} />}
    </>
  );
});
