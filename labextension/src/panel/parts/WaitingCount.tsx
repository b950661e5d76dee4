import { usePanel } from '../context';
import { inviteIcon } from '../icons';
import { Icon } from './Icon';

/** How many ask to be let into a thread; nothing where nobody does. */
export function WaitingCount(props: { waiting: number }): JSX.Element | null {
  const { waiting } = props;
  const { trans } = usePanel();
  if (waiting === 0) {
    return null;
  }
  const label = trans._n('%1 asks to join', '%1 ask to join', waiting);
  return (
    <span
      className="gc-Count gc-mod-waiting"
      role="img"
      aria-label={label}
      title={label}
    >
      <Icon icon={inviteIcon} small />
      {waiting}
    </span>
  );
}
