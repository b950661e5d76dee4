import { usePanel, useThread } from '../context';
import { useAttempt } from '../hooks/useAttempt';
import { useField } from '../hooks/useField';
import { closeIcon, editIcon, notebookIcon, replyIcon } from '../icons';
import { IconButton } from '../parts/Button';
import { Icon } from '../parts/Icon';
import { findMessage } from '../text/grouping';
import { firstName, plainLine } from '../text/plain';
import { FileChips } from './FileChips';
import { IFiles } from './useFiles';
import { IWriting } from './writing';

/** What goes along with the text: the message replied to, or edited, shared cells, and files. */
export function ComposerChips(props: {
  writing: IWriting;
  /** Null while a message is edited. */
  files: IFiles | null;
  onStopEditing: () => void;
  onDropCell: (shareId: string) => void;
}): JSX.Element | null {
  const { writing, files } = props;
  const { replyTo, cells, files: kept } = writing;
  const { trans } = usePanel();
  const attempt = useAttempt();
  const editing = files === null;
  const chips = cells.length + kept.length + (files?.uploads.length ?? 0);
  if (!editing && replyTo === undefined && chips === 0) {
    return null;
  }
  return (
    <div className="gc-Composer-chips">
      {editing && (
        <div className="gc-Composer-chip">
          <Icon icon={editIcon} small />
          <span className="gc-truncate">{trans.__('Editing a message')}</span>
          <IconButton
            mods="24"
            icon={closeIcon}
            label={trans.__('Stop editing')}
            onClick={props.onStopEditing}
          />
        </div>
      )}
      {replyTo !== undefined && (
        <div className="gc-Composer-chip">
          <Icon icon={replyIcon} small />
          <QuoteOf messageId={replyTo} />
          <IconButton
            mods="24"
            icon={closeIcon}
            label={trans.__('Not a reply')}
            onClick={() => attempt(() => writing.bring({ replyTo: null }))}
          />
        </div>
      )}
      {cells.map(shareId => (
        <div className="gc-Composer-chip gc-mod-cell" key={shareId}>
          <Icon icon={notebookIcon} className="gc-mod-notebook" />
          <CellName shareId={shareId} />
          <IconButton
            mods="24"
            icon={closeIcon}
            label={trans.__('Leave this cell out')}
            onClick={() => props.onDropCell(shareId)}
          />
        </div>
      ))}
      {files !== null && <FileChips kept={kept} files={files} />}
    </div>
  );
}

function QuoteOf({ messageId }: { messageId: string }): JSX.Element {
  const { trans } = usePanel();
  const { thread } = useThread();
  const message = useField(thread, t => findMessage(t.messages, messageId));
  return (
    <span className="gc-truncate">
      {message === undefined ? (
        trans.__('An earlier message')
      ) : (
        <>
          <b>{firstName(message.authorName)}</b> {plainLine(message.body, 80)}
        </>
      )}
    </span>
  );
}

function CellName({ shareId }: { shareId: string }): JSX.Element {
  const { trans, showCell } = usePanel();
  const { thread } = useThread();
  const cell = useField(thread, t => t.cells.get(shareId));
  if (showCell && cell !== undefined && cell.cellType !== 'code') {
    return <span className="gc-truncate">{trans.__('On a text cell')}</span>;
  }
  return (
    <span className="gc-truncate">
      {showCell ? trans.__('On cell') : trans.__('Cell')}{' '}
      <span className="gc-CellNo">[{cell?.executionCount ?? ' '}]</span>
    </span>
  );
}
