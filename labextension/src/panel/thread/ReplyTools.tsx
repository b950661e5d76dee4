import { IToolUse } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { Mark } from '../parts/Mark';
import { toolLine } from '../text/tools';

/** What the assistant looked up for a reply, one quiet line each. */
export function ReplyTools(props: { tools: readonly IToolUse[] }): JSX.Element {
  const { trans } = usePanel();
  const { assistantName } = useThread();
  return (
    <ul className="gc-ReplyTools" aria-label={trans.__('Tools used')}>
      {props.tools.map((use, place) => (
        <li
          key={place}
          className={use.status === 'failed' ? 'gc-mod-failed' : undefined}
        >
          <span aria-hidden="true">
            <Mark
              size={14}
              writing={use.status === 'running'}
              name={assistantName}
            />
          </span>
          <span>{toolLine(use, trans)}</span>
        </li>
      ))}
    </ul>
  );
}
