import { IMessage } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { useAttempt } from '../hooks/useAttempt';
import { useField } from '../hooks/useField';
import { chatIcon } from '../icons';
import { Icon } from '../parts/Icon';
import { MenuButton } from '../parts/MenuButton';
import { modelOf, useModels } from './useModels';

/** At a finished reply: second opinions, and asking again; nothing where there is only one model. */
export function OtherModels(props: { message: IMessage }): JSX.Element | null {
  const { message } = props;
  const { chat, trans } = usePanel();
  const { thread } = useThread();
  const attempt = useAttempt();
  const models = useModels();
  const mayAsk = useField(chat, c => c.me?.allowed.replies ?? false);
  const about = message.reply?.about;
  if (about === undefined || models.length < 2 || !mayAsk) {
    return null;
  }
  const beside = message.id;
  const others = models.filter(model => model !== modelOf(message));
  return (
    <MenuButton
      className="gc-IconButton gc-mod-24"
      label={trans.__('Ask another model')}
      items={() => [
        ...(message.body === ''
          ? []
          : [
              ...others.map(model => ({
                label: trans.__('Second opinion from %1', model),
                hint: trans.__('Beside this answer, which it does not see'),
                run: () => attempt(() => thread.ask(about, { model, beside }))
              })),
              null
            ]),
        ...models.map(model => ({
          label: trans.__('Ask %1 again', model),
          run: () => attempt(() => thread.ask(about, { model }))
        }))
      ]}
    >
      <Icon icon={chatIcon} />
    </MenuButton>
  );
}
