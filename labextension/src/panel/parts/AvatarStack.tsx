import { IMember, isGuest } from '../../model/interfaces';
import { Avatar } from './Avatar';

/** The first few of a group, and how many more there are. */
export function AvatarStack(props: {
  members: readonly IMember[];
  size: number;
  limit: number;
  here?: ReadonlySet<string>;
}): JSX.Element {
  const { members, size, limit, here } = props;
  // A number that stands for one person takes the place of that person.
  const shown = members.length === limit + 1 ? limit + 1 : limit;
  const more = members.length - shown;
  return (
    <>
      {members.slice(0, shown).map(member => (
        <Avatar
          key={member.username}
          name={member.name}
          colour={member.colour}
          picture={member.avatar}
          size={size}
          here={here?.has(member.username)}
          guest={isGuest(member.username)}
        />
      ))}
      {more > 0 && <span>+{more}</span>}
    </>
  );
}
