import { IMessage } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { pinIcon } from '../icons';
import { Icon } from '../parts/Icon';

/** What became of a message since it was written: edited, pinned, agreed. */
export function MessageMarks(props: { message: IMessage }): JSX.Element | null {
  const { message } = props;
  const { trans, times } = usePanel();
  const { nameOf } = useThread();
  if (message.deleted) {
    return null;
  }
  return (
    <>
      {message.editedAt && (
        <span
          className="gc-meta"
          title={trans.__('Edited %1', times.full(message.editedAt))}
        >
          {trans.__('edited')}
        </span>
      )}
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
