import { memo } from 'react';

import { ISharedCell } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { useAttempt } from '../hooks/useAttempt';
import { useField } from '../hooks/useField';
import { goToIcon, notebookIcon, trashIcon } from '../icons';
import { Button, IconButton } from '../parts/Button';
import { Icon } from '../parts/Icon';
import { baseName } from '../text/plain';
import { lastSeen } from '../text/seen';
import { CellOutputs } from './CellOutputs';
import { useSource } from './CellSource';

/** A cell that somebody shared: its source, its outputs, and the ways to it. */
export const SharedCellCard = memo(function SharedCellCard(props: {
  shareId: string;
}): JSX.Element {
  const { trans } = usePanel();
  const { thread } = useThread();
  const cell = useField(thread, t => t.cells.get(props.shareId));
  return cell === undefined ? (
    <p className="gc-SharedCellCard gc-mod-gone">
      {trans.__('This cell is no longer shared.')}
    </p>
  ) : (
    <Card cell={cell} />
  );
});

function Card({ cell }: { cell: ISharedCell }): JSX.Element {
  const { trans } = usePanel();
  const { thread } = useThread();
  const { source, button } = useSource(cell);
  const seen = useField(thread, t => lastSeen(t.messages).get(cell.id));
  const changed = seen !== undefined && seen !== cell.contentHash;
  const name = baseName(cell.notebook);
  const number = cell.executionCount ?? ' ';
  return (
    <section
      className={`gc-SharedCellCard${cell.live ? '' : ' gc-mod-kept'}`}
      aria-label={trans.__('Shared cell %1 from %2', number, name)}
    >
      <header className="gc-SharedCellCard-head">
        <Icon icon={notebookIcon} className="gc-mod-notebook" />
        <b className="gc-truncate" title={cell.notebook}>
          {name}
        </b>
        {cell.cellType === 'code' && (
          <span className="gc-CellNo">[{number}]</span>
        )}
        {cell.live ? (
          <span className="gc-Badge gc-mod-live">{trans.__('Live')}</span>
        ) : (
          <span className="gc-Badge gc-mod-plain">{trans.__('Kept')}</span>
        )}
        {changed && (
          <span
            className="gc-Badge gc-mod-changed"
            title={trans.__('The newest answer saw an earlier version')}
          >
            {trans.__('Changed since')}
          </span>
        )}
      </header>
      {source}
      {cell.outputs.length > 0 && (
        <CellOutputs cell={cell} fileUrl={id => thread.fileUrl(id)} />
      )}
      <Footer cell={cell}>{button}</Footer>
    </section>
  );
}

function Footer(props: {
  cell: ISharedCell;
  children: React.ReactNode;
}): JSX.Element {
  const { cell, children } = props;
  const { trans, times, bridge } = usePanel();
  const { thread, me } = useThread();
  const attempt = useAttempt();
  const archived = useField(thread, t => t.archivedAt !== undefined);
  const own = cell.sharedBy === me && !archived;
  return (
    <footer className="gc-SharedCellCard-foot">
      {bridge && (
        <Button
          mods="quiet small"
          icon={goToIcon}
          onClick={() => attempt(() => bridge.goTo(cell))}
        >
          {trans.__('Go to cell')}
        </Button>
      )}
      {children}
      {own && cell.live && bridge && (
        <Button
          mods="quiet small"
          title={trans.__('Stop following the notebook')}
          onClick={() => attempt(() => bridge.keepVersion(thread, cell.id))}
        >
          {trans.__('Keep this version')}
        </Button>
      )}
      {!cell.live && (
        <span title={times.full(cell.updatedAt)}>
          {trans.__('as of %1', times.moment(cell.updatedAt))}
        </span>
      )}
      {own && (
        <IconButton
          mods="24 push"
          icon={trashIcon}
          label={trans.__('Withdraw: take this cell out of the thread')}
          onClick={() => attempt(() => thread.withdrawCell(cell.id))}
        />
      )}
    </footer>
  );
}
