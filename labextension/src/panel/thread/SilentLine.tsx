import { IMessage } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { Mark } from '../parts/Mark';

/** Why the assistant did not answer. */
export function SilentLine(props: { message: IMessage }): JSX.Element | null {
  const { trans } = usePanel();
  const { assistantName } = useThread();
  const { decision } = props.message;
  if (decision === undefined) {
    return null;
  }
  return (
    <p className="gc-Silent">
      <Mark size={16} name={assistantName} />
      <span>
        {trans.__('%1 stayed out: %2', assistantName, decision.reason)}
      </span>
    </p>
  );
}
