import { useState } from 'react';

import { ISharedCell } from '../../model/interfaces';
import { usePanel } from '../context';
import { downIcon, rightIcon } from '../icons';
import { Button } from '../parts/Button';
import { Icon } from '../parts/Icon';
import { Rendered } from '../parts/Rendered';
import { fenced } from '../text/plain';
import { hasPicture } from './CellOutputs';

/** Longer sources are folded at first. */
const LONG = 12;

/** The source of a shared cell, and the button that unfolds it: null where it is shown anyway. */
export function useSource(
  cell: ISharedCell,
  long = LONG
): { source: JSX.Element | null; button: JSX.Element | null } {
  const { trans } = usePanel();
  const lines = cell.source.split('\n').length;
  const foldable = hasPicture(cell) || lines > long;
  const [open, setOpen] = useState(!foldable);
  return {
    source: open && cell.source !== '' ? <Source cell={cell} /> : null,
    button: foldable ? (
      <Button
        mods="quiet small"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {trans._n('Source, %1 line', 'Source, %1 lines', lines)}
        <Icon icon={open ? downIcon : rightIcon} small />
      </Button>
    ) : null
  };
}

/** Code in the colours of the notebook; text cells as they read. */
function Source({ cell }: { cell: ISharedCell }): JSX.Element {
  return cell.cellType === 'markdown' ? (
    <Rendered className="gc-text gc-SharedCellCard-out" text={cell.source} />
  ) : (
    <Rendered
      className="gc-Code"
      text={fenced(cell.source, cell.cellType === 'code' ? 'python' : '')}
    />
  );
}
