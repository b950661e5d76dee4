import { usePanel, useThread } from '../context';
import { useField } from '../hooks/useField';
import { notebookIcon } from '../icons';
import { Icon } from '../parts/Icon';

/** Names a shared cell that is shown beside the thread, and leads there. */
export function CellRef(props: {
  shareId: string;
  onShow: (shareId: string) => void;
}): JSX.Element {
  const { shareId, onShow } = props;
  const { trans } = usePanel();
  const { thread } = useThread();
  const cell = useField(thread, t => t.cells.get(shareId));
  return cell === undefined ? (
    <p className="gc-CellRef gc-mod-gone">
      {trans.__('This cell is no longer shared.')}
    </p>
  ) : (
    <button
      type="button"
      className="gc-CellRef"
      title={trans.__('Show this cell')}
      onClick={() => onShow(shareId)}
    >
      <Icon icon={notebookIcon} className="gc-mod-notebook" />
      {cell.cellType === 'code' ? (
        <>
          {trans.__('On cell')}
          <span className="gc-CellNo">[{cell.executionCount ?? ' '}]</span>
        </>
      ) : (
        trans.__('On a text cell')
      )}
    </button>
  );
}
