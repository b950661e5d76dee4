import { AUTO_MODEL } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { useAttempt } from '../hooks/useAttempt';
import { useField } from '../hooks/useField';
import { downIcon, modelIcon } from '../icons';
import { Icon } from '../parts/Icon';
import { MenuButton } from '../parts/MenuButton';
import { manages } from './roles';

/** Which model answers, and the menu that changes it; nothing where there is only one. */
export function ModelMenu(): JSX.Element | null {
  const { chat, trans } = usePanel();
  const { thread } = useThread();
  const attempt = useAttempt();
  const me = useField(chat, c => c.me);
  const model = useField(thread, t => t.model);
  const role = useField(thread, t => t.role);
  if (me === null || me.models.length < 2) {
    return null;
  }
  const { models, autoModel } = me;
  const allowed = manages(role);
  const choices = autoModel ? [AUTO_MODEL, ...models] : models;
  // The default answers for one that is not set up any more.
  const current =
    model !== undefined && choices.includes(model) ? model : models[0];
  const nameOf = (choice: string) =>
    choice === AUTO_MODEL ? trans.__('By question') : choice;
  const hintOf = (choice: string) => {
    if (!allowed && choice !== current) {
      return trans.__('Only owner and members can change this');
    }
    return choice === AUTO_MODEL
      ? trans.__('Fast for short questions, strong for others')
      : undefined;
  };
  return (
    <MenuButton
      className="gc-Chip gc-mod-push"
      label={trans.__('Model: %1', nameOf(current))}
      items={() =>
        choices.map(choice => ({
          label: nameOf(choice),
          hint: hintOf(choice),
          checked: choice === current,
          disabled: !allowed,
          run: () => attempt(() => thread.patch({ model: choice }))
        }))
      }
    >
      <Icon icon={modelIcon} />
      <span className="gc-label gc-truncate">{nameOf(current)}</span>
      <Icon icon={downIcon} small />
    </MenuButton>
  );
}
