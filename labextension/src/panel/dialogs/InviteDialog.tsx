import { useEffect, useState } from 'react';

import { IInvitation } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { useAction } from '../hooks/useAction';
import { useField } from '../hooks/useField';
import { copyIcon, linkIcon, lockIcon, refreshIcon } from '../icons';
import { Button } from '../parts/Button';
import { Icon } from '../parts/Icon';
import { Notice } from '../parts/Notice';
import { roleName } from '../thread/roles';
import { AddPerson } from './AddPerson';
import { DEFAULT_LINK, ILinkWishes, InviteForm } from './InviteForm';
import { MOST_MEMBERS } from './MembersDialog';
import { OpenInvitations } from './OpenInvitations';
import { WaitingPeople } from './WaitingPeople';

/** The ways to bring people in: by name, where the server lets one, and by link. */
export function InviteDialog(): JSX.Element {
  const { chat, trans } = usePanel();
  const { thread } = useThread();
  const members = useField(thread, t => t.members);
  const role = useField(thread, t => t.role);
  const approval = useField(thread, t => t.approval);
  const allowed = useField(chat, c => c.me)?.allowed;
  const adds = allowed?.addPeople === true && (!approval || role === 'owner');
  if (members.length >= MOST_MEMBERS) {
    return (
      <Notice>
        {trans.__(
          'The thread is full: %1 members. Remove somebody to invite another.',
          MOST_MEMBERS
        )}
      </Notice>
    );
  }
  return (
    <>
      {adds && <AddPerson />}
      {(allowed?.invitationLinks ?? true) ? (
        <InviteLink titled={adds} />
      ) : (
        <Notice icon={lockIcon}>
          {adds
            ? trans.__('Invitation links are switched off at this server.')
            : trans.__(
                'Invitation links are switched off at this server. Ask the people who run it to add somebody.'
              )}
        </Notice>
      )}
      <WaitingPeople />
    </>
  );
}

/** Invitation by link: what it allows, the link itself, and those that are still open. */
function InviteLink(props: { titled: boolean }): JSX.Element {
  const { trans } = usePanel();
  const { thread } = useThread();
  const { busy, problem, run } = useAction();
  const [wanted, setWanted] = useState(DEFAULT_LINK);
  const [made, setMade] = useState<IInvitation | null>(null);
  const [open, setOpen] = useState<readonly IInvitation[] | null>(null);

  const load = async () => {
    const all = await thread.invitations();
    setOpen(all.filter(invitation => invitation.open));
  };
  useEffect(() => run(load), [thread]); // eslint-disable-line react-hooks/exhaustive-deps

  const create = () =>
    run(async () => {
      setMade(await thread.invite(wanted));
      await load();
    });
  const reset = (old: IInvitation) =>
    run(async () => {
      await thread.revoke(old.id);
      setMade(await thread.invite(wanted));
      await load();
    });
  const revoke = (id: string) =>
    run(async () => {
      await thread.revoke(id);
      setMade(made?.id === id ? null : made);
      await load();
    });
  return (
    <>
      {props.titled && (
        <h3 className="gc-Dialog-part">{trans.__('Invitation link')}</h3>
      )}
      <InviteForm wanted={wanted} onChange={setWanted} />
      {made?.url === undefined ? (
        <Button
          mods="primary"
          icon={linkIcon}
          aria-disabled={busy}
          onClick={create}
        >
          {trans.__('Create link')}
        </Button>
      ) : (
        <NewLink
          url={made.url}
          onReset={() => reset(made)}
          onRevoke={() => revoke(made.id)}
        />
      )}
      {problem !== null && (
        <Notice tone="error" role="alert">
          {problem}
        </Notice>
      )}
      <Approval />
      <WhoCanJoin link={made ?? wanted} />
      <OpenInvitations
        invitations={open?.filter(({ id }) => id !== made?.id) ?? null}
        onRevoke={revoke}
      />
    </>
  );
}

/** Whether a link is enough; the owner's to say. */
function Approval(): JSX.Element | null {
  const { trans } = usePanel();
  const { thread } = useThread();
  const role = useField(thread, t => t.role);
  const approval = useField(thread, t => t.approval);
  const [wanted, setWanted] = useState<boolean | null>(null);
  const { problem, run } = useAction();
  if (role !== 'owner') {
    return null;
  }
  const set = (checked: boolean) =>
    run(async () => {
      setWanted(checked);
      try {
        await thread.patch({ approval: checked });
      } finally {
        setWanted(null);
      }
    });
  return (
    <>
      <label className="gc-Check">
        <input
          type="checkbox"
          checked={wanted ?? approval}
          onChange={event => set(event.target.checked)}
        />
        <span>{trans.__('Let me approve who joins')}</span>
      </label>
      {problem !== null && <Notice tone="error">{problem}</Notice>}
    </>
  );
}

/** What the link is good for. */
function WhoCanJoin(props: {
  link: Pick<ILinkWishes, 'role' | 'guest'>;
}): JSX.Element {
  const { guest } = props.link;
  const { trans } = usePanel();
  const { thread } = useThread();
  const approval = useField(thread, t => t.approval);
  const owner = useField(thread, t => t.role) === 'owner';
  const members = useField(thread, t => t.members);
  const name = members.find(({ role }) => role === 'owner')?.name ?? '';
  const role = roleName(props.link.role, trans).toLowerCase();
  if (guest) {
    return (
      <Notice>
        {!approval
          ? trans.__(
              'Anyone with the link can join as guest, without an account on this server: to read this thread and comment, until the link expires. Reset and Revoke keep new guests out; who is in stays, until you remove them.'
            )
          : owner
            ? trans.__(
                'Anyone with the link can ask to join as guest, without an account on this server. They see nothing until you let them in.'
              )
            : trans.__(
                'Anyone with the link can ask to join as guest, without an account on this server. They see nothing until %1 lets them in.',
                name
              )}
      </Notice>
    );
  }
  return (
    <Notice>
      {!approval
        ? trans.__(
            'Anyone with an account on this server and the link can join as %1. Reset makes the old link stop working.',
            role
          )
        : owner
          ? trans.__(
              'Anyone with an account on this server and the link can ask to join as %1. They see nothing until you let them in.',
              role
            )
          : trans.__(
              'Anyone with an account on this server and the link can ask to join as %1. They see nothing until %2 lets them in.',
              role,
              name
            )}
    </Notice>
  );
}

/** How many can still join, below the dialog's title. */
export function PlacesLeft(): JSX.Element {
  const { trans } = usePanel();
  const { thread } = useThread();
  const left = MOST_MEMBERS - useField(thread, t => t.members).length;
  return <>{trans._n('%1 place left', '%1 places left', Math.max(0, left))}</>;
}

/** A link that was just made. It cannot be shown again: only a hash of it is kept. */
function NewLink(props: {
  url: string;
  onReset: () => void;
  onRevoke: () => void;
}): JSX.Element {
  const { trans, state } = usePanel();
  const [copied, setCopied] = useState(false);
  const { problem, run } = useAction();
  const copy = () =>
    run(async () => {
      await navigator.clipboard.writeText(props.url);
      setCopied(true);
      state.say(trans.__('Copied'));
    });
  return (
    <>
      <div className="gc-LinkBox">
        <label className="gc-Field">
          <Icon icon={linkIcon} />
          <input
            readOnly
            aria-label={trans.__('Invitation link')}
            value={props.url}
            onFocus={event => event.target.select()}
          />
        </label>
        <Button mods="primary" icon={copyIcon} autoFocus onClick={copy}>
          {copied ? trans.__('Copied') : trans.__('Copy')}
        </Button>
      </div>
      {problem !== null && <Notice tone="error">{problem}</Notice>}
      <div className="gc-Actions gc-mod-end">
        <span className="gc-meta">
          {trans.__('Copy it now: it is shown this once.')}
        </span>
        <Button mods="quiet" icon={refreshIcon} onClick={props.onReset}>
          {trans.__('Reset')}
        </Button>
        <Button mods="quiet danger" onClick={props.onRevoke}>
          {trans.__('Revoke')}
        </Button>
      </div>
    </>
  );
}
