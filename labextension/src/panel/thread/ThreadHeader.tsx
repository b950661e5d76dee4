import { usePanel, useThread } from '../context';
import { useDialogs } from '../dialogs/useDialogs';
import { useField } from '../hooks/useField';
import { useHereFirst } from '../hooks/useHereFirst';
import { backIcon, inviteIcon, notebookIcon } from '../icons';
import { AvatarStack } from '../parts/AvatarStack';
import { IconButton } from '../parts/Button';
import { Icon } from '../parts/Icon';
import { WaitingCount } from '../parts/WaitingCount';
import { baseName } from '../text/plain';
import { KeptFor } from './KeptFor';
import { ModelMenu } from './ModelMenu';
import { ModeMenu } from './ModeMenu';
import { manages } from './roles';
import { ThreadMenu } from './ThreadMenu';
import { ThreadTitle } from './ThreadTitle';
import { IThreadOptions } from './options';

/** Above the messages: title, people, notebook, mode. */
export function ThreadHeader(props: {
  options: IThreadOptions;
  onOptions: (options: IThreadOptions) => void;
  /** Null where nobody could tell. */
  onCatchUp: (() => void) | null;
}): JSX.Element {
  const { state, trans, hasList } = usePanel();
  const { thread } = useThread();
  const role = useField(thread, t => t.role);
  const loaded = useField(thread, t => t.loaded);
  const dialogs = useDialogs();
  return (
    <div className="gc-ThreadView-header">
      <div className="gc-ThreadView-title">
        {hasList && (
          <IconButton
            icon={backIcon}
            label={trans.__('All threads')}
            onClick={() => state.close()}
          />
        )}
        <ThreadTitle />
        {manages(role) && (
          <IconButton
            icon={inviteIcon}
            label={trans.__('Invite people')}
            onClick={dialogs.invite}
          />
        )}
        <ThreadMenu {...props} />
      </div>
      {loaded && (
        <div className="gc-ThreadView-sub">
          <People onOpen={dialogs.members} />
          <NotebookName />
          <KeptFor />
          <ModelMenu />
          <ModeMenu />
        </div>
      )}
    </div>
  );
}

/** Who is in the thread; those who are here come first. */
function People(props: { onOpen: () => void }): JSX.Element {
  const { trans } = usePanel();
  const { thread } = useThread();
  const members = useHereFirst();
  const here = useField(thread, t => t.here);
  const waiting = useField(thread, t => t.waiting);
  const counted = trans._n('%1 member', '%1 members', members.length);
  const label =
    waiting === 0
      ? trans.__('%1, %2 here. Open members', counted, here.size)
      : trans.__(
          '%1, %2 here, %3. Open members',
          counted,
          here.size,
          trans._n('%1 asks to join', '%1 ask to join', waiting)
        );
  return (
    <button
      type="button"
      className="gc-AvatarButton"
      aria-label={label}
      title={label}
      onClick={props.onOpen}
    >
      <span className="gc-AvatarStack gc-mod-presence" aria-hidden="true">
        <AvatarStack members={members} size={22} limit={4} here={here} />
      </span>
      <WaitingCount waiting={waiting} />
    </button>
  );
}

function NotebookName(): JSX.Element | null {
  const { thread } = useThread();
  const notebook = useField(thread, t => t.notebook);
  return notebook === undefined ? null : (
    <span className="gc-ThreadView-nb" title={notebook}>
      <Icon icon={notebookIcon} className="gc-mod-notebook" />
      <span className="gc-truncate">{baseName(notebook)}</span>
    </span>
  );
}
