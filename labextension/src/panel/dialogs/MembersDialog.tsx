import { useState } from 'react';

import { IMember, isGuest, Mode, Role } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { useAction } from '../hooks/useAction';
import { useField } from '../hooks/useField';
import { lockIcon, removePersonIcon } from '../icons';
import { Avatar } from '../parts/Avatar';
import { Button, IconButton } from '../parts/Button';
import { Icon } from '../parts/Icon';
import { Mark } from '../parts/Mark';
import { Notice } from '../parts/Notice';
import { Select } from '../parts/Select';
import {
  manages,
  modeHint,
  modeName,
  roleHint,
  roleName
} from '../thread/roles';
import { CopiesNotice } from './CopiesNotice';
import { WaitingPeople } from './WaitingPeople';

/** Members that a thread may have. */
export const MOST_MEMBERS = 20;

/** Who is in the thread, with which role. */
export function MembersDialog(): JSX.Element {
  const { thread } = useThread();
  const members = useField(thread, t => t.members);
  const { problem, run } = useAction();
  return (
    <>
      {problem !== null && <Notice tone="error">{problem}</Notice>}
      <WaitingPeople />
      {members.map(member => (
        <MemberRow key={member.username} member={member} run={run} />
      ))}
      <AssistantRow run={run} />
      <CopiesNotice />
    </>
  );
}

/** How many there are, below the dialog's title. */
export function MembersCount(): JSX.Element {
  const { trans } = usePanel();
  const { thread } = useThread();
  const title = useField(thread, t => t.title);
  const members = useField(thread, t => t.members);
  return <>{trans.__('%1 · %2 of %3', title, members.length, MOST_MEMBERS)}</>;
}

type Run = ReturnType<typeof useAction>['run'];

function MemberRow(props: { member: IMember; run: Run }): JSX.Element {
  const { member, run } = props;
  const { trans } = usePanel();
  const { thread, me, namesakes } = useThread();
  const here = useField(thread, t => t.here).has(member.username);
  const role = useField(thread, t => t.role);
  const [asking, setAsking] = useState<'remove' | 'owner' | null>(null);
  const self = member.username === me;
  const removable = manages(role) && member.role !== 'owner' && !self;

  const avatar = (
    <Avatar
      name={member.name}
      colour={member.colour}
      picture={member.avatar}
      size={32}
      here={here}
      guest={isGuest(member.username)}
    />
  );
  const keep = () => setAsking(null);
  if (asking === 'remove') {
    return (
      <div className="gc-MemberRow gc-mod-confirm">
        {avatar}
        <div>
          <b>{trans.__('Remove %1?', member.name)}</b>
          <p className="gc-meta">
            {trans.__("Their messages stay. They can't read new ones.")}
          </p>
        </div>
        <Button
          mods="danger"
          autoFocus
          onClick={() => run(() => thread.removeMember(member.username))}
        >
          {trans.__('Remove')}
        </Button>
        <Button onClick={keep}>{trans.__('Keep')}</Button>
      </div>
    );
  }
  if (asking === 'owner') {
    const transfer = async () => {
      await thread.setRole(member.username, 'owner');
      keep();
    };
    return (
      <div className="gc-MemberRow gc-mod-confirm">
        {avatar}
        <div>
          <b>{trans.__('Make %1 the owner?', member.name)}</b>
          <p className="gc-meta">
            {trans.__('You stay as a member. Only they can give it back.')}
          </p>
        </div>
        <Button mods="danger" autoFocus onClick={() => run(transfer)}>
          {trans.__('Transfer')}
        </Button>
        <Button onClick={keep}>{trans.__('Keep')}</Button>
      </div>
    );
  }
  return (
    <div className="gc-MemberRow">
      {avatar}
      <div>
        <p className="gc-truncate" title={member.username}>
          <b>{member.name}</b>{' '}
          {isGuest(member.username) ? (
            <span className="gc-meta">{trans.__('guest')}</span>
          ) : (
            namesakes.has(member.username) && (
              <span className="gc-meta">{member.username} </span>
            )
          )}
          {self && <span className="gc-meta">{trans.__('you')}</span>}
        </p>
        {member.guestUntil === undefined ? (
          <Since member={member} here={here} />
        ) : (
          <Until member={member} until={member.guestUntil} here={here} />
        )}
      </div>
      <MemberRole
        member={member}
        editable={role === 'owner'}
        run={run}
        onTransfer={() => setAsking('owner')}
      />
      {removable ? (
        <IconButton
          icon={removePersonIcon}
          label={trans.__('Remove %1', member.name)}
          onClick={() => setAsking('remove')}
        />
      ) : (
        <span />
      )}
    </div>
  );
}

/** Whether somebody is here, else since when they are a member and by whom. */
function Since(props: { member: IMember; here: boolean }): JSX.Element {
  const { member, here } = props;
  const { trans, times } = usePanel();
  const { nameOf } = useThread();
  const by =
    member.invitedBy === undefined ? undefined : nameOf(member.invitedBy);
  const since = times.date(member.joinedAt);
  return (
    <p className="gc-meta gc-truncate">
      {here
        ? by === undefined
          ? trans.__('Here now')
          : trans.__('Here now, invited by %1', by)
        : by === undefined
          ? trans.__('Since %1', since)
          : trans.__('Since %1, invited by %2', since, by)}
    </p>
  );
}

/** By whose link a guest came, and when their access ends. */
function Until(props: {
  member: IMember;
  until: Date;
  here: boolean;
}): JSX.Element {
  const { member, here } = props;
  const { trans, times } = usePanel();
  const { nameOf } = useThread();
  const by = nameOf(member.invitedBy ?? '');
  const until = times.until(props.until);
  return (
    <p className="gc-meta gc-truncate" title={times.full(props.until)}>
      {here
        ? trans.__('Here now, by link of %1, until %2', by, until)
        : trans.__('By link of %1, until %2', by, until)}
    </p>
  );
}

function MemberRole(props: {
  member: IMember;
  editable: boolean;
  run: Run;
  onTransfer: () => void;
}): JSX.Element {
  const { member, editable, run, onTransfer } = props;
  const { trans } = usePanel();
  const { thread } = useThread();
  const guest = isGuest(member.username);
  if (!editable || guest || member.role === 'owner') {
    return (
      <span className="gc-RoleFixed" title={roleHint(member.role, trans)}>
        {member.role === 'owner' && <Icon icon={lockIcon} />}
        {guest ? trans.__('Guest') : roleName(member.role, trans)}
      </span>
    );
  }
  const roles: readonly Role[] = ['owner', 'member', 'annotator', 'reviewer'];
  return (
    <Select
      label={trans.__('Role of %1', member.name)}
      value={member.role}
      choices={roles.map(role => ({
        value: role,
        label: roleName(role, trans),
        hint:
          role === 'owner'
            ? trans.__('One per thread: transfers it')
            : roleHint(role, trans)
      }))}
      onChange={role =>
        role === 'owner'
          ? onTransfer()
          : run(() => thread.setRole(member.username, role))
      }
    />
  );
}

function AssistantRow(props: { run: Run }): JSX.Element {
  const { trans } = usePanel();
  const { thread, assistantName } = useThread();
  const role = useField(thread, t => t.role);
  const mode = useField(thread, t => t.mode);
  const modes: readonly Mode[] = ['auto', 'mention', 'quiet'];
  return (
    <div className="gc-MemberRow">
      <Mark size={32} name={assistantName} />
      <div>
        <p className="gc-truncate">
          <b>{assistantName}</b>
        </p>
        <p className="gc-meta">
          {trans.__('Not counted. Sees what you share here.')}
        </p>
      </div>
      {manages(role) ? (
        <Select
          label={trans.__('Assistant mode')}
          value={mode}
          choices={modes.map(each => ({
            value: each,
            label: modeName(each, trans),
            hint: modeHint(each, trans)
          }))}
          onChange={each => props.run(() => thread.patch({ mode: each }))}
        />
      ) : (
        <span className="gc-RoleFixed">{modeName(mode, trans)}</span>
      )}
      <span />
    </div>
  );
}
