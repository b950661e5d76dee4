import { useEffect, useRef } from 'react';

import { usePanel, useThread } from '../panel/context';
import { CopiesNotice } from '../panel/dialogs/CopiesNotice';
import { useConfirm } from '../panel/dialogs/useConfirm';
import { useField } from '../panel/hooks/useField';
import { useHereFirst } from '../panel/hooks/useHereFirst';
import { chatIcon, eyeIcon, searchIcon } from '../panel/icons';
import { Avatar } from '../panel/parts/Avatar';
import { AvatarStack } from '../panel/parts/AvatarStack';
import { Button, IconButton } from '../panel/parts/Button';
import { Icon } from '../panel/parts/Icon';
import { Notice } from '../panel/parts/Notice';
import { KeptFor } from '../panel/thread/KeptFor';
import { useGuest } from './context';

/** Above all: which thread this is, by whose link and until when, who is here, and who one is oneself. */
export function ReviewHeader(props: { onSearch: () => void }): JSX.Element {
  const { chat, trans, times } = usePanel();
  const { thread } = useThread();
  const me = useField(chat, c => c.me);
  const title = useField(thread, t => t.title);
  const heading = useRef<HTMLHeadingElement>(null);
  // Where one was before, such as in the field for the name, is gone.
  useEffect(() => heading.current?.focus(), []);
  return (
    <div className="gc-Review-top">
      <header className="gc-Review-header">
        <Icon icon={chatIcon} />
        <h1 className="gc-truncate" title={title} tabIndex={-1} ref={heading}>
          {title}
        </h1>
        {me?.guest && (
          <span className="gc-meta gc-truncate">
            {trans.__(
              'shared by %1 · access ends %2',
              me.guest.invitedBy,
              times.until(me.guest.endsAt)
            )}
          </span>
        )}
        <KeptFor />
        <span className="gc-mod-push" />
        <Others />
        <IconButton
          icon={searchIcon}
          label={trans.__('Search in this thread')}
          onClick={props.onSearch}
        />
        {me !== null && (
          <span className="gc-Review-me">
            <Avatar name={me.name} size={24} guest />
            <span className="gc-truncate">{me.name}</span>
            <span className="gc-meta">{trans.__('guest')}</span>
          </span>
        )}
      </header>
      <Rights />
      <CopiesNotice />
    </div>
  );
}

/** Who else is in the thread. */
function Others(): JSX.Element {
  const { trans } = usePanel();
  const { thread, me } = useThread();
  const here = useField(thread, t => t.here);
  const others = useHereFirst().filter(({ username }) => username !== me);
  const present = others.filter(({ username }) => here.has(username)).length;
  return (
    <span
      className="gc-AvatarStack gc-mod-presence"
      role="group"
      aria-label={trans.__(
        '%1, %2 here',
        trans._n('%1 other person', '%1 other people', others.length),
        present
      )}
    >
      <AvatarStack members={others} size={22} limit={3} here={here} />
    </span>
  );
}

/** What a guest may do, and the way out. */
function Rights(): JSX.Element {
  const { trans } = usePanel();
  const { thread } = useThread();
  const { door } = useGuest();
  const confirm = useConfirm();
  const leave = () =>
    confirm(
      trans.__('Leave “%1”?', thread.title),
      trans.__('What you wrote stays. To come back you need a link.'),
      trans.__('Leave'),
      () => door.leave()
    );
  return (
    <Notice
      tone="brand"
      bar
      icon={eyeIcon}
      actions={
        <Button mods="small" onClick={leave}>
          {trans.__('Leave')}
        </Button>
      }
    >
      {trans.__('You are reviewing as guest: you can comment, not run code')}
    </Notice>
  );
}
