import { IMessage } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { useAttempt } from '../hooks/useAttempt';
import { useField } from '../hooks/useField';
import { downIcon } from '../icons';
import { Button } from '../parts/Button';
import { Icon } from '../parts/Icon';
import { MenuButton } from '../parts/MenuButton';
import { useModels } from './useModels';

/** Asks for another reply to what a reply was about, by the same or another model; nothing where that cannot be. */
export function AskAgain(props: {
  message: IMessage;
  label: string;
}): JSX.Element | null {
  const { message, label } = props;
  const { chat, trans } = usePanel();
  const { thread } = useThread();
  const attempt = useAttempt();
  const models = useModels();
  const archived = useField(thread, t => t.archivedAt !== undefined);
  const mayAsk = useField(chat, c => c.me?.allowed.replies ?? false);
  const about = message.reply?.about;
  if (about === undefined || archived || !mayAsk) {
    return null;
  }
  return (
    <>
      <Button mods="small" onClick={() => attempt(() => thread.ask(about))}>
        {label}
      </Button>
      {models.length > 1 && (
        <MenuButton
          className="gc-Button gc-mod-small gc-mod-arrow"
          label={trans.__('Choose a model to ask again')}
          items={() =>
            models.map(model => ({
              label: model,
              run: () => attempt(() => thread.ask(about, { model }))
            }))
          }
        >
          <Icon icon={downIcon} small />
        </MenuButton>
      )}
    </>
  );
}
