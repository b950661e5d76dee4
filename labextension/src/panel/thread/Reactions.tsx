import { ASSISTANT, IMessage } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { useAttempt } from '../hooks/useAttempt';
import { smileIcon } from '../icons';
import { Icon } from '../parts/Icon';
import { Mark } from '../parts/Mark';
import { emojiName } from './emojis';

/** What people answered with an emoji; a click adds or takes back one's own. */
export function Reactions(props: {
  message: IMessage;
  onAdd: (anchor: HTMLElement) => void;
}): JSX.Element | null {
  const { message, onAdd } = props;
  const { trans } = usePanel();
  const { thread, nameOf, me, assistantName } = useThread();
  const attempt = useAttempt();
  if (message.reactions.length === 0) {
    return null;
  }
  return (
    <div className="gc-Reactions">
      {message.reactions.map(({ emoji, usernames }) => {
        const own = usernames.includes(me);
        const who = usernames
          .map(username =>
            username === me ? trans.__('you') : nameOf(username)
          )
          .join(', ');
        const label = trans.__(
          '%1, %2: %3',
          emojiName(emoji, trans),
          usernames.length,
          who
        );
        return (
          <button
            type="button"
            key={emoji}
            className="gc-Reaction"
            aria-pressed={own}
            aria-label={label}
            title={label}
            onClick={() => attempt(() => thread.react(message.id, emoji, !own))}
          >
            <span>{emoji}</span>
            {usernames.length}
            {usernames.includes(ASSISTANT) && (
              <Mark size={14} name={assistantName} />
            )}
          </button>
        );
      })}
      <button
        type="button"
        className="gc-Reaction gc-mod-add"
        aria-label={trans.__('Add reaction')}
        title={trans.__('Add reaction')}
        onClick={event => onAdd(event.currentTarget)}
      >
        <Icon icon={smileIcon} />
      </button>
    </div>
  );
}
