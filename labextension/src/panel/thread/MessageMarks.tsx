import { IMessage } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { useDialogs } from '../dialogs/useDialogs';
import { useField } from '../hooks/useField';
import { pinIcon } from '../icons';
import { Icon } from '../parts/Icon';

/** What became of a message since it was written: edited, pinned, agreed. */
export function MessageMarks(props: { message: IMessage }): JSX.Element | null {
  const { message } = props;
  const { trans } = usePanel();
  const { nameOf } = useThread();
  if (message.deleted) {
    return null;
  }
  return (
    <>
      {message.editedAt && <Edited message={message} at={message.editedAt} />}
      {message.pinnedBy !== undefined && (
        <span
          className="gc-meta gc-Pinned"
          role="img"
          aria-label={trans.__('Pinned')}
          title={trans.__('Pinned by %1', nameOf(message.pinnedBy))}
        >
          <Icon icon={pinIcon} small />
        </span>
      )}
      {message.agreedBy !== undefined && (
        <span
          className="gc-Badge gc-mod-ok"
          title={trans.__('Marked by %1', nameOf(message.agreedBy))}
        >
          {trans.__('Agreed')}
        </span>
      )}
    </>
  );
}

/** That it was edited; its author and the owner can look up what it said before. */
function Edited(props: { message: IMessage; at: Date }): JSX.Element {
  const { message, at } = props;
  const { chat, trans, times } = usePanel();
  const { thread, me } = useThread();
  const dialogs = useDialogs();
  const role = useField(thread, t => t.role);
  const mayLook = useField(chat, c => c.me?.allowed.versions ?? false);
  const when = trans.__('Edited %1', times.full(at));
  if (!mayLook || (message.author !== me && role !== 'owner')) {
    return (
      <span className="gc-meta" title={when}>
        {trans.__('edited')}
      </span>
    );
  }
  return (
    <button
      type="button"
      className="gc-meta gc-Link"
      title={trans.__('%1. Show what it said before', when)}
      onClick={() => dialogs.versions(message)}
    >
      {trans.__('edited')}
    </button>
  );
}
