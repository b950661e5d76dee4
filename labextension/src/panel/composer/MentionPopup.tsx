import { ASSISTANT, isGuest } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { useField } from '../hooks/useField';
import { peopleIcon } from '../icons';
import { Avatar } from '../parts/Avatar';
import { Icon } from '../parts/Icon';
import { Mark } from '../parts/Mark';
import { roleName } from '../thread/roles';
import { ICandidate } from './useMentions';

/** Who can be mentioned, above the text. The focus stays in the text. */
export function MentionPopup(props: {
  id: string;
  candidates: readonly ICandidate[];
  query: string;
  selected: number;
  onSelect: (index: number) => void;
  onPick: (index: number) => void;
}): JSX.Element {
  const { id, candidates, query, selected, onSelect, onPick } = props;
  const { trans } = usePanel();
  return (
    <div className="gc-MentionPopup">
      <ul id={id} role="listbox" aria-label={trans.__('People to mention')}>
        {candidates.map((candidate, index) => (
          <li
            key={candidate.target}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === selected}
            onPointerMove={() => onSelect(index)}
            onPointerDown={event => {
              // The text keeps the focus.
              event.preventDefault();
              onPick(index);
            }}
          >
            <Candidate candidate={candidate} query={query} />
          </li>
        ))}
      </ul>
      <footer aria-hidden="true">
        <span className="gc-Kbd">↑</span>
        <span className="gc-Kbd gc-mod-close">↓</span>
        {trans.__('move')}
        <span className="gc-Kbd">Enter</span>
        {trans.__('pick')}
        <span className="gc-Kbd">Esc</span>
        {trans.__('close')}
      </footer>
    </div>
  );
}

function Candidate(props: {
  candidate: ICandidate;
  query: string;
}): JSX.Element {
  const { candidate, query } = props;
  const { trans } = usePanel();
  const { thread, assistantName } = useThread();
  const here = useField(thread, t => t.here);
  const members = useField(thread, t => t.members);
  const { member, target, name } = candidate;
  const hint =
    member !== undefined
      ? isGuest(member.username)
        ? trans.__('Guest')
        : roleName(member.role, trans)
      : target === ASSISTANT
        ? trans.__('Answers here')
        : trans.__('Notifies %1', members.length - 1);
  return (
    <>
      {member !== undefined ? (
        <Avatar
          name={name}
          colour={member.colour}
          picture={member.avatar}
          size={20}
          here={here.has(member.username)}
          guest={isGuest(member.username)}
        />
      ) : target === ASSISTANT ? (
        <Mark size={20} name={assistantName} />
      ) : (
        <Icon icon={peopleIcon} />
      )}
      <span className="gc-truncate">
        {name.toLowerCase().startsWith(query.toLowerCase()) ? (
          <>
            <b>{name.slice(0, query.length)}</b>
            {name.slice(query.length)}
          </>
        ) : (
          name
        )}
      </span>
      <span>{hint}</span>
    </>
  );
}
