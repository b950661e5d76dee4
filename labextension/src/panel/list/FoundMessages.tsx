import { IFound } from '../../model/interfaces';
import { usePanel } from '../context';
import { plainLine } from '../text/plain';

/** Messages that were looked for; choosing one jumps to it. */
export function FoundMessages(props: {
  rows: readonly IFound[];
  /** Titles of threads, where results come from several. */
  titles?: ReadonlyMap<string, string>;
  onChoose: (row: IFound) => void;
}): JSX.Element {
  const { times } = usePanel();
  return (
    <div role="list">
      {props.rows.map(row => (
        <div role="listitem" key={`${row.threadId}/${row.messageId}`}>
          <button
            type="button"
            className="gc-ThreadRow"
            onClick={() => props.onChoose(row)}
          >
            <span className="gc-ThreadRow-title">
              <b className="gc-truncate">{row.authorName}</b>
              <span className="gc-meta gc-truncate">
                {props.titles?.get(row.threadId)}
              </span>
            </span>
            <time className="gc-meta" dateTime={row.at.toISOString()}>
              {times.brief(row.at)}
            </time>
            <span className="gc-ThreadRow-preview gc-mod-lines">
              {plainLine(row.body, 240)}
            </span>
          </button>
        </div>
      ))}
    </div>
  );
}
