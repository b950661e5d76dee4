import { memo } from 'react';

import { IThreadRow } from '../../model/interfaces';
import { usePanel } from '../context';
import { archiveIcon, mutedIcon, notebookIcon } from '../icons';
import { AvatarStack } from '../parts/AvatarStack';
import { Icon } from '../parts/Icon';
import { WaitingCount } from '../parts/WaitingCount';
import { baseName, firstName, plainLine } from '../text/plain';

/** One thread in the list. */
export const ThreadRow = memo(function ThreadRow(props: {
  row: IThreadRow;
  me: string | undefined;
  onOpen: (threadId: string) => void;
}): JSX.Element {
  const { row, me, onOpen } = props;
  const { trans, times } = usePanel();
  const unread = row.unread > 0 && !row.muted;
  const others = row.members.filter(member => member.username !== me);
  return (
    <button
      type="button"
      className={`gc-ThreadRow${unread ? ' gc-mod-unread' : ''}`}
      onClick={() => onOpen(row.id)}
    >
      <span className="gc-ThreadRow-title">
        {row.archivedAt && <Icon icon={archiveIcon} />}
        <b className="gc-truncate">{row.title}</b>
        {row.muted && (
          <span role="img" aria-label={trans.__('Muted')}>
            <Icon icon={mutedIcon} />
          </span>
        )}
      </span>
      <time className="gc-meta" dateTime={row.updatedAt.toISOString()}>
        {times.brief(row.updatedAt)}
      </time>
      {!row.archivedAt && (
        <>
          <Preview row={row} me={me} />
          <span className="gc-ThreadRow-counts">
            <WaitingCount waiting={row.waiting} />
            {row.mentions > 0 && (
              <span
                className="gc-Count gc-mod-at"
                role="img"
                aria-label={trans.__('You were mentioned')}
              >
                @
              </span>
            )}
            {row.unread > 0 && (
              <span
                className={`gc-Count${row.muted ? ' gc-mod-quiet' : ''}`}
                role="img"
                aria-label={trans.__('%1 unread', row.unread)}
              >
                {row.unread > 999 ? '999+' : row.unread}
              </span>
            )}
          </span>
          <span className="gc-ThreadRow-meta">
            {others.length > 0 && (
              <span className="gc-AvatarStack">
                <AvatarStack members={others} size={18} limit={3} />
              </span>
            )}
            {row.notebook ? (
              <span className="gc-ThreadRow-nb" title={row.notebook}>
                <Icon icon={notebookIcon} className="gc-mod-notebook" />
                <span className="gc-truncate">{baseName(row.notebook)}</span>
              </span>
            ) : (
              <span>{trans.__('No notebook')}</span>
            )}
          </span>
        </>
      )}
    </button>
  );
});

function Preview(props: { row: IThreadRow; me: string | undefined }) {
  const { row, me } = props;
  const { trans } = usePanel();
  const { preview } = row;
  const own = row.members.find(member => member.username === me)?.name;
  const text =
    preview === undefined
      ? trans.__('Nothing written yet')
      : preview.kind === 'system'
        ? plainLine(preview.body, 120)
        : `${
            preview.authorName === own
              ? trans.__('You')
              : firstName(preview.authorName)
          }: ${plainLine(preview.body, 120)}`;
  return <span className="gc-ThreadRow-preview gc-truncate">{text}</span>;
}
