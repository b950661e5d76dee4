import { IInvitation } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { Button } from '../parts/Button';
import { roleName } from '../thread/roles';

/** Links that somebody can still join by. */
export function OpenInvitations(props: {
  /** Null until they were loaded. */
  invitations: readonly IInvitation[] | null;
  onRevoke: (id: string) => void;
}): JSX.Element | null {
  const { invitations, onRevoke } = props;
  const { trans } = usePanel();
  if (invitations === null || invitations.length === 0) {
    return null;
  }
  return (
    <section className="gc-Invitations">
      <h3>
        {trans.__('Open links')}{' '}
        <span className="gc-meta">{invitations.length}</span>
      </h3>
      {invitations.map(invitation => (
        <div className="gc-InviteRow" key={invitation.id}>
          <InvitationLine invitation={invitation} />
          <Button
            mods="quiet danger small"
            onClick={() => onRevoke(invitation.id)}
          >
            {trans.__('Revoke')}
          </Button>
        </div>
      ))}
    </section>
  );
}

function InvitationLine(props: { invitation: IInvitation }): JSX.Element {
  const { invitation } = props;
  const { trans, times } = usePanel();
  const { nameOf, me } = useThread();
  const { role, guest, createdBy, uses, maxUses, expiresAt } = invitation;
  const by = createdBy === me ? trans.__('you') : nameOf(createdBy);
  return (
    <div>
      <p>
        {guest ? trans.__('Guest') : roleName(role, trans)}{' '}
        <span className="gc-meta">{trans.__('by %1', by)}</span>
      </p>
      <p className="gc-meta">
        {maxUses === null
          ? trans.__('%1 used', uses)
          : trans.__('%1 of %2 used', uses, maxUses)}
        {' · '}
        {expiresAt === null
          ? trans.__('never expires')
          : trans.__(
              'expires %1, %2',
              times.date(expiresAt),
              times.time(expiresAt)
            )}
      </p>
    </div>
  );
}
