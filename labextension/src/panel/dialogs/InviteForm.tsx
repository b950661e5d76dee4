import { Role } from '../../model/interfaces';
import { usePanel } from '../context';
import { useField } from '../hooks/useField';
import { Select } from '../parts/Select';
import { roleHint, roleName } from '../thread/roles';

const DAY = 24 * 3600;

/** What an invitation link is to allow. */
export interface ILinkWishes {
  readonly role: Role;
  /** For people without an account. */
  readonly guest: boolean;
  /** In seconds; null for never. */
  readonly expiresIn: number | null;
  /** Null for any number. */
  readonly maxUses: number | null;
}

export const DEFAULT_LINK: ILinkWishes = {
  role: 'member',
  guest: false,
  expiresIn: 7 * DAY,
  maxUses: 1
};

/** As what people come by a link, until when, and how many of them. */
export function InviteForm(props: {
  wanted: ILinkWishes;
  onChange: (wanted: ILinkWishes) => void;
}): JSX.Element {
  const { wanted, onChange } = props;
  const { chat, trans } = usePanel();
  const guestDays = useField(chat, c => c.me?.allowed.guestDays ?? null);
  const longest = wanted.guest && guestDays !== null ? guestDays * DAY : null;
  return (
    <div className="gc-Form3">
      <div>
        <span className="gc-Label">{trans.__('Role')}</span>
        <RoleOrGuest
          wanted={wanted}
          guestDays={guestDays}
          onChange={changes => onChange({ ...wanted, ...changes })}
        />
      </div>
      <div>
        <span className="gc-Label">{trans.__('Expires')}</span>
        <Select
          label={trans.__('Expires')}
          value={wanted.expiresIn}
          choices={[
            { value: 3600, label: trans.__('In 1 hour') },
            { value: DAY, label: trans.__('In 1 day') },
            { value: 7 * DAY, label: trans.__('In 7 days') },
            { value: 30 * DAY, label: trans.__('In 30 days') },
            { value: null, label: trans.__('Never') }
          ].filter(
            ({ value }) =>
              longest === null || (value !== null && value <= longest)
          )}
          onChange={expiresIn => onChange({ ...wanted, expiresIn })}
        />
      </div>
      <div>
        <span className="gc-Label">{trans.__('Uses')}</span>
        <Select
          label={trans.__('Uses')}
          value={wanted.maxUses}
          choices={[
            ...[1, 5, 19].map(uses => ({ value: uses, label: String(uses) })),
            { value: null, label: trans.__('Any') }
          ]}
          onChange={maxUses => onChange({ ...wanted, maxUses })}
        />
      </div>
    </div>
  );
}

/** A role for people with an account, or guest for those without, where the server lets them in. */
function RoleOrGuest(props: {
  wanted: ILinkWishes;
  guestDays: number | null;
  onChange: (changes: Partial<ILinkWishes>) => void;
}): JSX.Element {
  const { wanted, guestDays, onChange } = props;
  const { trans } = usePanel();
  const roles: readonly Role[] = ['member', 'annotator', 'reviewer'];
  const asGuest = (days: number): Partial<ILinkWishes> => {
    // A guest's access always ends.
    const wish = wanted.expiresIn ?? Infinity;
    const expiresIn = wish <= days * DAY ? wish : days >= 7 ? 7 * DAY : DAY;
    return { role: 'reviewer', guest: true, expiresIn };
  };
  return (
    <Select<Role | 'guest'>
      label={trans.__('Role')}
      value={wanted.guest ? 'guest' : wanted.role}
      choices={[
        ...roles.map(role => ({
          value: role,
          label: roleName(role, trans),
          hint: roleHint(role, trans)
        })),
        ...(guestDays === null
          ? []
          : [
              {
                value: 'guest' as const,
                label: trans.__('Guest'),
                hint: trans.__('Without an account: reads and comments')
              }
            ])
      ]}
      onChange={choice =>
        onChange(
          choice === 'guest'
            ? asGuest(guestDays ?? 1)
            : { role: choice, guest: false }
        )
      }
    />
  );
}
