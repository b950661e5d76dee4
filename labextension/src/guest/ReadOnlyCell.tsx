import { memo, useRef } from 'react';

import type { ISharedCell } from '../model/interfaces';
import { usePanel, useThread } from '../panel/context';
import { useField } from '../panel/hooks/useField';
import { commentIcon } from '../panel/icons';
import { Button } from '../panel/parts/Button';
import { baseName } from '../panel/text/plain';
import { CellOutputs } from '../panel/thread/CellOutputs';
import { useSource } from '../panel/thread/CellSource';

/** Longer sources are folded at first: there is more room than in a message. */
const LONG = 40;

/** A shared cell with all that it shows, to read and to comment on. */
export const ReadOnlyCell = memo(function ReadOnlyCell(props: {
  cell: ISharedCell;
  /** The messages about it. */
  comments?: readonly string[];
}): JSX.Element {
  const { cell, comments = [] } = props;
  const { state, trans, times } = usePanel();
  const { thread } = useThread();
  const archived = useField(thread, t => t.archivedAt !== undefined);
  const { source, button } = useSource(cell, LONG);
  const name = baseName(cell.notebook);
  const number = cell.executionCount ?? ' ';
  return (
    <article
      className={`gc-ReadOnlyCell${cell.live ? '' : ' gc-mod-kept'}`}
      aria-label={trans.__('Cell %1 from %2', number, name)}
      data-share={cell.id}
      tabIndex={-1}
    >
      <header>
        {cell.cellType === 'code' && (
          <span className="gc-CellNo">[{number}]</span>
        )}
        <span className="gc-truncate" title={cell.notebook}>
          {name}
        </span>
        {cell.live ? (
          <span className="gc-Badge gc-mod-live">{trans.__('Live')}</span>
        ) : (
          <span
            className="gc-Badge gc-mod-plain"
            title={times.full(cell.updatedAt)}
          >
            {trans.__('as of %1', times.moment(cell.updatedAt))}
          </span>
        )}
      </header>
      {source}
      {cell.outputs.length > 0 && (
        <CellOutputs cell={cell} fileUrl={id => thread.fileUrl(id)} />
      )}
      <footer>
        {!archived && (
          <Button
            mods="quiet small"
            icon={commentIcon}
            onClick={() => state.offerCells([cell.id])}
          >
            {trans.__('Comment on this cell')}
          </Button>
        )}
        {button}
        {comments.length > 0 && <Comments cell={cell} comments={comments} />}
      </footer>
    </article>
  );
});

/** How much was said about the cell; each click leads to the next of it. */
function Comments(props: {
  cell: ISharedCell;
  comments: readonly string[];
}): JSX.Element {
  const { cell, comments } = props;
  const { state, trans } = usePanel();
  const next = useRef(0);
  const counted = trans._n('%1 comment', '%1 comments', comments.length);
  return (
    <button
      type="button"
      className="gc-Link gc-mod-push"
      aria-label={trans.__(
        '%1 on cell %2. Show the next',
        counted,
        cell.executionCount ?? ''
      )}
      onClick={() => {
        state.reveal(comments[next.current % comments.length]);
        next.current += 1;
      }}
    >
      {counted}
    </button>
  );
}
