import { usePanel, useThread } from '../context';
import { useDialogs } from '../dialogs/useDialogs';
import { useAttempt } from '../hooks/useAttempt';
import {
  archiveIcon,
  bellIcon,
  branchIcon,
  clockIcon,
  checkIcon,
  commentIcon,
  fileIcon,
  hiddenIcon,
  leaveIcon,
  moreIcon,
  mutedIcon,
  peopleIcon,
  pinIcon,
  searchIcon,
  trashIcon
} from '../icons';
import { Icon } from '../parts/Icon';
import { IMenuItem } from '../parts/Menu';
import { MenuButton } from '../parts/MenuButton';
import { IThreadOptions } from './options';
import { manages } from './roles';

/** All that can be done with a thread as a whole. */
export function ThreadMenu(props: {
  options: IThreadOptions;
  onOptions: (options: IThreadOptions) => void;
  onCatchUp: (() => void) | null;
}): JSX.Element {
  const { options, onOptions, onCatchUp } = props;
  const { chat, state, trans } = usePanel();
  const { thread } = useThread();
  const dialogs = useDialogs();
  const attempt = useAttempt();

  const items = (): (IMenuItem | null)[] => {
    const archived = thread.archivedAt !== undefined;
    const { muted, role } = thread;
    const mayStart = chat.me?.allowed.threads ?? true;
    return [
      {
        label: trans.__('Members'),
        icon: peopleIcon,
        run: dialogs.members
      },
      {
        label: trans.__('Instructions for the assistant'),
        icon: commentIcon,
        run: dialogs.instructions
      },
      null,
      ...(onCatchUp === null
        ? []
        : [
            {
              label: trans.__('Catch up'),
              hint: trans.__('What was said, in short. Only you see it'),
              icon: clockIcon,
              run: onCatchUp
            }
          ]),
      {
        label: trans.__('Search in this thread'),
        icon: searchIcon,
        run: () => onOptions({ ...options, finder: 'search' })
      },
      {
        label: trans.__('Pinned messages'),
        icon: pinIcon,
        run: () => onOptions({ ...options, finder: 'pinned' })
      },
      {
        label: trans.__('Agreed messages'),
        icon: checkIcon,
        run: () => onOptions({ ...options, finder: 'agreed' })
      },
      {
        label: options.allDecisions
          ? trans.__('Hide why the assistant stayed out')
          : trans.__('Show why the assistant stayed out'),
        icon: hiddenIcon,
        run: () =>
          onOptions({ ...options, allDecisions: !options.allDecisions })
      },
      null,
      {
        label: muted ? trans.__('Unmute') : trans.__('Mute'),
        icon: muted ? bellIcon : mutedIcon,
        run: () => attempt(() => thread.setMuted(!muted))
      },
      ...(manages(role)
        ? [
            {
              label: trans.__('Copy to a new thread'),
              hint: mayStart
                ? trans.__('With all messages; this one stays as it is')
                : trans.__('Only chosen people start threads at this server'),
              disabled: !mayStart,
              icon: branchIcon,
              run: () =>
                attempt(async () => {
                  const id = await thread.copy();
                  await chat.refresh();
                  state.open(id);
                })
            }
          ]
        : []),
      {
        label: trans.__('Export'),
        icon: fileIcon,
        run: dialogs.exports
      },
      ...(role === 'owner'
        ? [
            {
              label: archived ? trans.__('Reopen') : trans.__('Archive'),
              icon: archiveIcon,
              run: () => attempt(() => thread.patch({ archived: !archived }))
            },
            {
              label: trans.__('How long messages are kept'),
              icon: clockIcon,
              run: dialogs.retention
            }
          ]
        : []),
      null,
      role === 'owner'
        ? {
            label: trans.__('Delete thread'),
            icon: trashIcon,
            danger: true,
            run: dialogs.deleteThread
          }
        : {
            label: trans.__('Leave thread'),
            icon: leaveIcon,
            danger: true,
            run: dialogs.leave
          }
    ];
  };

  return (
    <MenuButton
      className="gc-IconButton"
      label={trans.__('More thread actions')}
      items={items}
    >
      <Icon icon={moreIcon} />
    </MenuButton>
  );
}
