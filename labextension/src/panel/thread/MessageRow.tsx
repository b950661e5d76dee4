import { memo } from 'react';

import { IMessage } from '../../model/interfaces';
import { usePanel } from '../context';
import { silencePuzzles } from '../text/grouping';
import { IMessageActions } from './actions';
import { MessageItem } from './MessageItem';
import { SilentLine } from './SilentLine';
import { SystemLine } from './SystemLine';

/** A message with what stands before it (a new day, what is unread) and after it (why the assistant was silent). */
export const MessageRow = memo(function MessageRow(props: {
  message: IMessage;
  /** It is the first of its day. */
  startsDay: boolean;
  /** It continues the message above. */
  follows: boolean;
  /** Number of unread messages that begin here; 0 elsewhere. */
  unread: number;
  active: boolean;
  marked: boolean;
  allDecisions: boolean;
  actions: IMessageActions;
}): JSX.Element {
  const { message, startsDay, follows, unread, active, marked } = props;
  const { allDecisions, actions } = props;
  const { trans, times } = usePanel();
  const silent =
    message.decision?.act === 'stay_out' &&
    (allDecisions || silencePuzzles(message));
  return (
    <>
      {startsDay && (
        <div className="gc-Day" role="separator">
          {times.day(message.at)}
        </div>
      )}
      {unread > 0 && (
        <div className="gc-Day gc-mod-unread" role="separator">
          {trans._n('%1 new', '%1 new', unread)}
        </div>
      )}
      {message.kind === 'system' ? (
        <SystemLine message={message} />
      ) : (
        <MessageItem
          message={message}
          follows={unread === 0 && follows}
          active={active}
          marked={marked}
          actions={actions}
        />
      )}
      {silent && <SilentLine message={message} />}
    </>
  );
});
