import { IManifest } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { useField } from '../hooks/useField';
import { fileIcon, notebookIcon } from '../icons';
import { Icon } from '../parts/Icon';
import { baseName } from '../text/plain';

/** The shared cells that a request held, and whether they are the same now. */
export function ManifestCells(props: {
  cells: IManifest['cells'];
}): JSX.Element | null {
  const { trans } = usePanel();
  return props.cells.length === 0 ? null : (
    <section className="gc-ManifestSection">
      <h3>
        {trans.__('Cells')}
        <span>{trans.__('%1, as they were then', props.cells.length)}</span>
      </h3>
      {props.cells.map(cell => (
        <CellRow key={cell.id} cell={cell} />
      ))}
    </section>
  );
}

function CellRow(props: { cell: IManifest['cells'][number] }): JSX.Element {
  const { cell } = props;
  const { trans } = usePanel();
  const { thread } = useThread();
  const now = useField(thread, t => t.cells.get(cell.id));
  const first = now?.source.split('\n')[0] ?? baseName(cell.notebook);
  return (
    <div className="gc-ManifestRow">
      <Icon icon={notebookIcon} className="gc-mod-notebook" />
      <b>
        {trans.__('Cell')}{' '}
        <span className="gc-CellNo">[{cell.execution_count ?? ' '}]</span>
      </b>
      <span className="gc-truncate gc-mono" title={cell.notebook}>
        {first}
      </span>
      {now === undefined ? (
        <span className="gc-Badge">{trans.__('Withdrawn')}</span>
      ) : now.contentHash === cell.content_hash ? (
        <span className="gc-Badge gc-mod-live">{trans.__('Same now')}</span>
      ) : (
        <span className="gc-Badge gc-mod-changed">
          {trans.__('Changed since')}
        </span>
      )}
      <Hash value={cell.content_hash} />
      {cell.cut && (
        <span className="gc-ManifestRow-note gc-meta">
          {trans.__('Cut in the middle: it did not fit whole')}
        </span>
      )}
    </div>
  );
}

/** The ends of a hash; all of it in the tooltip. */
export function Hash({ value }: { value: string }): JSX.Element {
  return (
    <span className="gc-Hash" title={value}>
      {value.slice(0, 4)}…{value.slice(-2)}
    </span>
  );
}

/** The files that a request held. */
export function ManifestFiles(props: {
  files: IManifest['files'];
}): JSX.Element | null {
  const { trans } = usePanel();
  return props.files.length === 0 ? null : (
    <section className="gc-ManifestSection">
      <h3>
        {trans.__('Files')}
        <span>{props.files.length}</span>
      </h3>
      {props.files.map(file => (
        <div className="gc-ManifestRow" key={file.id}>
          <Icon icon={fileIcon} />
          <b className="gc-truncate">{file.name}</b>
          <span className="gc-meta">
            {file.cut && trans.__('Not all of it')}
          </span>
        </div>
      ))}
    </section>
  );
}
