import { Mode } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { useAttempt } from '../hooks/useAttempt';
import { useField } from '../hooks/useField';
import { downIcon } from '../icons';
import { Icon } from '../parts/Icon';
import { Mark } from '../parts/Mark';
import { MenuButton } from '../parts/MenuButton';
import { manages, modeHint, modeName } from './roles';

const MODES: readonly Mode[] = ['auto', 'mention', 'quiet'];

/** When the assistant speaks, and the menu that changes it. */
export function ModeMenu(): JSX.Element {
  const { trans } = usePanel();
  const attempt = useAttempt();
  const { thread, assistantName } = useThread();
  const mode = useField(thread, t => t.mode);
  const role = useField(thread, t => t.role);
  const allowed = manages(role);
  return (
    <MenuButton
      className="gc-Chip gc-mod-push"
      label={trans.__('Assistant mode: %1', modeName(mode, trans))}
      items={() =>
        MODES.map(each => ({
          label: modeName(each, trans),
          hint:
            allowed || each === mode
              ? modeHint(each, trans)
              : trans.__('Only owner and members can change this'),
          checked: each === mode,
          disabled: !allowed,
          run: () => attempt(() => thread.patch({ mode: each }))
        }))
      }
    >
      <Mark size={16} name={assistantName} />
      <span className="gc-label">{modeName(mode, trans)}</span>
      <Icon icon={downIcon} small />
    </MenuButton>
  );
}
