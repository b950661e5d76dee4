import { ICatchUp } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { useAttempt } from '../hooks/useAttempt';
import { Rendered } from '../parts/Rendered';
import { baseName, firstName } from '../text/plain';

type Point = ICatchUp['points'][number];

/** One thing that was said, with the messages and cells that it rests on. */
export function CatchUpPoint({ point }: { point: Point }): JSX.Element {
  const { state, trans, times } = usePanel();
  const { text, messages, cells } = point;
  return (
    <li>
      <Rendered className="gc-text" text={text} />
      {messages.length + cells.length > 0 && (
        <p className="gc-CatchUp-links">
          {messages.map(({ id, seq, authorName, at }) => (
            <button
              key={id}
              type="button"
              className="gc-Link"
              title={times.full(at)}
              aria-label={trans.__(
                'Go to the message of %1, %2',
                authorName,
                times.moment(at)
              )}
              onClick={() => state.reveal(id, seq)}
            >
              {trans.__('%1, %2', firstName(authorName), times.moment(at))}
            </button>
          ))}
          {cells.map(cell => (
            <CellLink key={cell.id} cell={cell} />
          ))}
        </p>
      )}
    </li>
  );
}

function CellLink({ cell }: { cell: Point['cells'][number] }): JSX.Element {
  const { trans, bridge } = usePanel();
  const { thread } = useThread();
  const attempt = useAttempt();
  const name = baseName(cell.notebook);
  const words = (
    <>
      {name}{' '}
      {cell.executionCount !== null && (
        <span className="gc-CellNo">[{cell.executionCount}]</span>
      )}
    </>
  );
  if (bridge === null) {
    return <span>{words}</span>;
  }
  return (
    <button
      type="button"
      className="gc-Link"
      aria-label={trans.__(
        'Go to cell %1 of %2',
        cell.executionCount ?? '',
        name
      )}
      onClick={() =>
        attempt(async () => {
          const shared = thread.cells.get(cell.id);
          if (shared === undefined) {
            throw new Error(trans.__('This cell is no longer shared.'));
          }
          await bridge.goTo(shared);
        })
      }
    >
      {words}
    </button>
  );
}
