import { ISharedCell } from '../../model/interfaces';
import { usePanel } from '../context';
import { Rendered } from '../parts/Rendered';
import { tidyTable } from '../text/tables';

type Output = ISharedCell['outputs'][number];
type Bundle = Readonly<Record<string, unknown>>;

/** The kinds of picture that a cell can show. */
const PICTURES = ['image/png', 'image/jpeg'];

/** Whether an output is a picture: then the source can wait. */
export function hasPicture(cell: ISharedCell): boolean {
  return cell.outputs.some(output =>
    PICTURES.some(type => bundleOf(output)[type] !== undefined)
  );
}

/** What a cell had put out, each output in the richest way that is safe. */
export function CellOutputs(props: {
  cell: ISharedCell;
  fileUrl: (fileId: string) => string;
}): JSX.Element {
  const { cell, fileUrl } = props;
  return (
    <div className="gc-SharedCellCard-out">
      {cell.outputs.map((output, index) => (
        <OneOutput
          key={index}
          output={output}
          fileUrl={fileUrl}
          number={cell.executionCount}
        />
      ))}
    </div>
  );
}

function OneOutput(props: {
  output: Output;
  fileUrl: (fileId: string) => string;
  number: number | null;
}): JSX.Element | null {
  const { output, fileUrl, number } = props;
  const { trans } = usePanel();
  if (output.output_type === 'stream') {
    return <Text error={output.name === 'stderr'}>{words(output.text)}</Text>;
  }
  if (output.output_type === 'error') {
    // First what went wrong: the traceback says it last, below where the card ends.
    const problem = `${words(output.ename)}: ${words(output.evalue)}`;
    const traceback = words(output.traceback, '\n');
    return (
      <>
        <Text error>{problem}</Text>
        {traceback !== '' && <Text>{traceback}</Text>}
      </>
    );
  }
  const bundle = bundleOf(output);
  for (const type of PICTURES) {
    const source = pictureSource(type, bundle[type], fileUrl);
    if (source !== null) {
      return (
        <img
          src={source}
          alt={
            words(bundle['text/plain']) ||
            trans.__('Output of cell %1', number ?? '')
          }
        />
      );
    }
  }
  if (bundle['text/html'] !== undefined) {
    return (
      <Rendered
        className="gc-text"
        type="text/html"
        text={words(bundle['text/html'])}
        dress={tidyTables}
      />
    );
  }
  if (bundle['text/markdown'] !== undefined) {
    return (
      <Rendered className="gc-text" text={words(bundle['text/markdown'])} />
    );
  }
  if (bundle['application/json'] !== undefined) {
    return <Text>{JSON.stringify(bundle['application/json'], null, 2)}</Text>;
  }
  return <Text>{words(bundle['text/plain'])}</Text>;
}

function tidyTables(children: readonly ChildNode[]): void {
  for (const child of children) {
    if (child instanceof HTMLTableElement) {
      tidyTable(child);
    } else if (child instanceof Element) {
      child.querySelectorAll('table').forEach(tidyTable);
    }
  }
}

function Text(props: { error?: boolean; children: string }): JSX.Element {
  return (
    <pre className={`gc-Code${props.error ? ' gc-mod-error' : ''}`}>
      {props.children}
    </pre>
  );
}

function bundleOf(output: Output): Bundle {
  const { data } = output;
  return typeof data === 'object' && data !== null ? (data as Bundle) : {};
}

/** A string as nbformat writes it: whole, or in a list of lines. */
function words(value: unknown, between = ''): string {
  if (typeof value === 'string') {
    return value;
  }
  return Array.isArray(value)
    ? value.filter(line => typeof line === 'string').join(between)
    : '';
}

/** Where a picture is: in the chat's files, or in the output itself. */
function pictureSource(
  type: string,
  data: unknown,
  fileUrl: (fileId: string) => string
): string | null {
  if (typeof data === 'object' && data !== null && 'file' in data) {
    return typeof data.file === 'string' ? fileUrl(data.file) : null;
  }
  const base64 = words(data).replace(/\s/g, '');
  return /^[A-Za-z0-9+/]+=*$/.test(base64)
    ? `data:${type};base64,${base64}`
    : null;
}
