import { ASSISTANT, IMessage } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { useDialogs } from '../dialogs/useDialogs';
import { useAttempt } from '../hooks/useAttempt';
import {
  branchIcon,
  checkIcon,
  chatIcon,
  copyIcon,
  editIcon,
  flagIcon,
  infoIcon,
  linkIcon,
  moreIcon,
  pinIcon,
  replyIcon,
  smileIcon,
  trashIcon
} from '../icons';
import { IconButton } from '../parts/Button';
import { Icon } from '../parts/Icon';
import { IMenuItem } from '../parts/Menu';
import { MenuButton } from '../parts/MenuButton';
import { IMessageActions } from './actions';
import { messageLink } from './links';
import { OtherModels } from './OtherModels';
import { manages, marks } from './roles';

/** What can be done with a message, while the pointer or the focus is on it. */
export function MessageTools(props: {
  message: IMessage;
  actions: IMessageActions;
  onReact: (anchor: HTMLElement) => void;
}): JSX.Element {
  const { message, actions, onReact } = props;
  const { chat, state, trans } = usePanel();
  const { thread, me, assistantName } = useThread();
  const dialogs = useDialogs();
  const attempt = useAttempt();
  const archived = thread.archivedAt !== undefined;

  const copy = (text: string) =>
    attempt(async () => {
      await navigator.clipboard.writeText(text);
      state.say(trans.__('Copied'));
    });

  const items = (): (IMenuItem | null)[] => {
    const own = message.author === me;
    const pinned = message.pinnedBy !== undefined;
    const agreed = message.agreedBy !== undefined;
    const about =
      message.author === ASSISTANT ? message.reply?.about : message.id;
    const mayAsk = chat.me?.allowed.replies ?? false;
    const writable: (IMenuItem | null)[] = [
      ...(about === undefined || !mayAsk
        ? []
        : [
            {
              label:
                about === message.id
                  ? trans.__('Ask %1 to answer', assistantName)
                  : trans.__('Ask again'),
              icon: chatIcon,
              run: () => attempt(() => thread.ask(about))
            }
          ]),
      ...(marks(thread.role)
        ? [
            {
              label: pinned ? trans.__('Unpin') : trans.__('Pin'),
              icon: pinIcon,
              run: () =>
                attempt(() => thread.mark(message.id, { pinned: !pinned }))
            },
            {
              label: agreed
                ? trans.__('No longer agreed')
                : trans.__('Mark as agreed'),
              icon: checkIcon,
              run: () =>
                attempt(() => thread.mark(message.id, { agreed: !agreed }))
            }
          ]
        : []),
      ...(manages(thread.role)
        ? [
            {
              label: trans.__('Copy up to here'),
              hint: trans.__('To a new thread; this one stays as it is'),
              icon: branchIcon,
              run: () =>
                attempt(async () => {
                  const id = await thread.copy(message.seq);
                  await chat.refresh();
                  state.open(id);
                })
            }
          ]
        : []),
      ...(own || thread.role === 'owner' ? [null] : []),
      ...(own
        ? [
            {
              label: trans.__('Edit'),
              icon: editIcon,
              run: () => actions.edit(message)
            }
          ]
        : []),
      ...(own || thread.role === 'owner'
        ? [
            {
              label: trans.__('Delete'),
              icon: trashIcon,
              danger: true,
              run: () => dialogs.deleteMessage(message)
            }
          ]
        : [])
    ];
    return [
      {
        label: trans.__('Copy text'),
        icon: copyIcon,
        run: () => copy(message.body)
      },
      ...(message.reply?.seen
        ? [
            {
              label: trans.__('What %1 saw', assistantName),
              icon: infoIcon,
              run: () => dialogs.manifest(message)
            }
          ]
        : []),
      ...(archived ? [] : writable),
      ...(own
        ? []
        : [
            null,
            {
              label: trans.__('Report'),
              hint: trans.__('Show it to the people who run this server'),
              icon: flagIcon,
              run: () => dialogs.report(message)
            }
          ])
    ];
  };

  return (
    <div
      className="gc-MessageItem-tools"
      role="toolbar"
      aria-label={trans.__('Message actions')}
    >
      {!archived && (
        <>
          <IconButton
            mods="24"
            icon={smileIcon}
            label={trans.__('Add reaction')}
            onClick={event => onReact(event.currentTarget)}
          />
          <IconButton
            mods="24"
            icon={replyIcon}
            label={trans.__('Reply')}
            onClick={() => actions.reply(message)}
          />
        </>
      )}
      {!archived && <OtherModels message={message} />}
      {(chat.me?.allowed.messageLinks ?? false) && (
        <IconButton
          mods="24"
          icon={linkIcon}
          label={trans.__('Copy link')}
          onClick={() => copy(messageLink(thread.id, message.id))}
        />
      )}
      <MenuButton
        className="gc-IconButton gc-mod-24"
        label={trans.__('More')}
        items={items}
      >
        <Icon icon={moreIcon} />
      </MenuButton>
    </div>
  );
}
