import { KeyboardEvent, useEffect, useId, useState } from 'react';

import { IFoundPerson, Role } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { useAction } from '../hooks/useAction';
import { searchIcon } from '../icons';
import { Avatar } from '../parts/Avatar';
import { Icon } from '../parts/Icon';
import { Notice } from '../parts/Notice';
import { Select } from '../parts/Select';
import { roleHint, roleName } from '../thread/roles';

/** Characters from which on people are looked for. */
const LEAST = 2;
/** How long to wait for more letters, in milliseconds. */
const REST = 200;

/** Finds somebody of this server by name and adds them to the thread. */
export function AddPerson(): JSX.Element {
  const { state, trans } = usePanel();
  const { thread } = useThread();
  const [words, setWords] = useState('');
  const [role, setRole] = useState<Role>('member');
  const [chosen, setChosen] = useState(0);
  const { found, settled } = usePeople(words);
  const { busy, problem, run } = useAction();
  const list = useId();
  const roles: readonly Role[] = ['member', 'annotator', 'reviewer'];

  const add = (person: IFoundPerson) => {
    if (busy) {
      return;
    }
    run(async () => {
      await thread.addMember(person.username, role);
      setWords('');
      state.say(trans.__('%1 was added', person.name));
    });
  };
  const people = found ?? [];
  const onKeyDown = (event: KeyboardEvent) => {
    const last = people.length - 1;
    if (event.key === 'ArrowDown' && last >= 0) {
      event.preventDefault();
      setChosen(chosen >= last ? 0 : chosen + 1);
    } else if (event.key === 'ArrowUp' && last >= 0) {
      event.preventDefault();
      setChosen(chosen <= 0 ? last : chosen - 1);
    }
  };
  return (
    <section className="gc-AddPerson">
      <span className="gc-Label">{trans.__('Someone on this server')}</span>
      <form
        onSubmit={event => {
          event.preventDefault();
          // Whoever fitted the letters before may not be who is meant now.
          if (settled && people[chosen]) {
            add(people[chosen]);
          }
        }}
      >
        <label className="gc-Field">
          <Icon icon={searchIcon} />
          <input
            type="search"
            role="combobox"
            aria-label={trans.__('Someone on this server')}
            aria-expanded={people.length > 0}
            aria-controls={list}
            aria-autocomplete="list"
            aria-activedescendant={
              people[chosen] ? `${list}-${chosen}` : undefined
            }
            placeholder={trans.__('Name or username')}
            maxLength={60}
            value={words}
            onKeyDown={onKeyDown}
            onChange={event => {
              setWords(event.target.value);
              setChosen(0);
            }}
          />
        </label>
        <Select
          label={trans.__('Role of who is added')}
          value={role}
          choices={roles.map(each => ({
            value: each,
            label: roleName(each, trans),
            hint: roleHint(each, trans)
          }))}
          onChange={setRole}
        />
      </form>
      <ul
        id={list}
        role="listbox"
        aria-label={trans.__('People')}
        hidden={people.length === 0}
      >
        {people.map((person, index) => (
          <li
            key={person.username}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === chosen}
            onPointerMove={() => setChosen(index)}
            onClick={() => add(person)}
          >
            <Avatar name={person.name} picture={person.avatar} size={24} />
            <span className="gc-truncate">{person.name}</span>
            <span className="gc-meta gc-truncate">{person.username}</span>
          </li>
        ))}
      </ul>
      {found?.length === 0 && (
        <p className="gc-meta" role="status">
          {trans.__(
            'Nobody of that name has used Group Chat here. Send them a link.'
          )}
        </p>
      )}
      {problem !== null && (
        <Notice tone="error" role="alert">
          {problem}
        </Notice>
      )}
    </section>
  );
}

/** Who was found; null while nobody was looked for. `settled` once that is for all that is typed. */
function usePeople(words: string): {
  found: readonly IFoundPerson[] | null;
  settled: boolean;
} {
  const { thread } = useThread();
  const [answer, setAnswer] = useState<{
    found: readonly IFoundPerson[] | null;
    of: string;
  }>({ found: null, of: '' });
  const wanted = words.trim();
  useEffect(() => {
    if (wanted.length < LEAST) {
      setAnswer({ found: null, of: wanted });
      return;
    }
    let current = true;
    const timer = setTimeout(() => {
      thread.findPeople(wanted).then(
        found => current && setAnswer({ found, of: wanted }),
        // The next letter asks again.
        () => current && setAnswer({ found: null, of: wanted })
      );
    }, REST);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [thread, wanted]);
  return { found: answer.found, settled: answer.of === wanted };
}
