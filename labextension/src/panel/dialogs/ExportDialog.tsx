import { ExportFormat } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { fileIcon } from '../icons';
import { Icon } from '../parts/Icon';

/** The ways to take a thread along, each a link that saves it. */
export function ExportDialog(): JSX.Element {
  const { trans } = usePanel();
  const { thread } = useThread();
  const formats: readonly {
    format: ExportFormat;
    name: string;
    hint: string;
  }[] = [
    {
      format: 'markdown',
      name: trans.__('Markdown'),
      hint: trans.__('To read, or to paste into a report')
    },
    {
      format: 'ipynb',
      name: trans.__('Notebook'),
      hint: trans.__('Shared cells as cells, with their outputs')
    },
    {
      format: 'jsonl',
      name: trans.__('JSON Lines'),
      hint: trans.__('Everything, for programs and for import')
    }
  ];
  return (
    <ul className="gc-Exports">
      {formats.map(({ format, name, hint }) => (
        <li key={format}>
          <a
            className="gc-FileChip"
            href={thread.exportUrl(format)}
            download=""
            title={trans.__('Save as %1', name)}
          >
            <Icon icon={fileIcon} />
            <span>{name}</span>
            <span className="gc-meta">{hint}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}
