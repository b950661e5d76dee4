import { IMessage } from '../../model/interfaces';
import { useThread } from '../context';
import { useAttempt } from '../hooks/useAttempt';
import { useField } from '../hooks/useField';
import { Button } from '../parts/Button';

/** Asks for another reply to what a reply was about; nothing where that cannot be. */
export function AskAgain(props: {
  message: IMessage;
  label: string;
}): JSX.Element | null {
  const { message, label } = props;
  const { thread } = useThread();
  const attempt = useAttempt();
  const archived = useField(thread, t => t.archivedAt !== undefined);
  const about = message.reply?.about;
  return about === undefined || archived ? null : (
    <Button mods="small" onClick={() => attempt(() => thread.ask(about))}>
      {label}
    </Button>
  );
}
