import { KeyboardEvent, useMemo, useState } from 'react';

import { ASSISTANT, IMember } from '../../model/interfaces';
import { useThread } from '../context';
import { useField } from '../hooks/useField';
import {
  EVERYONE,
  mentionBefore,
  nameMatches,
  spokenName
} from '../text/mentions';

/** Somebody who can be mentioned. */
export interface ICandidate {
  readonly target: string;
  /** What is shown, and what the query is compared with. */
  readonly name: string;
  /** What is written after the `@`. */
  readonly spoken: string;
  readonly member?: IMember;
}

/** Candidates at most in the popup. */
const LIMIT = 6;

/** Completion of a mention while it is typed. */
export function useMentions(options: {
  text: string;
  caret: number;
  /** Put `text` in the place of what stands between `from` and the caret. */
  onPick: (from: number, text: string) => void;
}): {
  candidates: readonly ICandidate[];
  query: string;
  selected: number;
  select: (index: number) => void;
  pick: (index: number) => void;
  onKeyDown: (event: KeyboardEvent) => boolean;
} {
  const { text, caret, onPick } = options;
  const { thread, me, assistantName, names } = useThread();
  const members = useField(thread, t => t.members);
  const [selected, setSelected] = useState(0);
  const [dismissed, setDismissed] = useState<number | null>(null);

  const typed = useMemo(() => mentionBefore(text, caret), [text, caret]);
  const candidates = useMemo(() => {
    if (typed === null || typed.start === dismissed) {
      return [];
    }
    const everybody: ICandidate[] = [
      ...members
        .filter(({ username }) => username !== me)
        .map(member => ({
          target: member.username,
          name: member.name,
          spoken: spokenName(member, names),
          member
        })),
      { target: ASSISTANT, name: assistantName, spoken: assistantName },
      { target: EVERYONE, name: EVERYONE, spoken: EVERYONE }
    ];
    const exact = (candidate: ICandidate) =>
      Number(isComplete(candidate, typed.query));
    return everybody
      .filter(
        ({ name, member, target }) =>
          nameMatches(name, typed.query) ||
          (member !== undefined && nameMatches(member.username, typed.query)) ||
          (target === EVERYONE && nameMatches('all', typed.query))
      )
      .sort((a, b) => exact(b) - exact(a))
      .slice(0, LIMIT);
  }, [typed, dismissed, members, me, assistantName, names]);
  const at = Math.min(selected, Math.max(0, candidates.length - 1));

  const pick = (index: number) => {
    const candidate = candidates[index];
    if (typed !== null && candidate !== undefined) {
      onPick(typed.start, `@${candidate.spoken} `);
      setSelected(0);
    }
  };

  /** Whether the key was for the popup. */
  const onKeyDown = (event: KeyboardEvent): boolean => {
    if (candidates.length === 0) {
      if (typed === null) {
        setDismissed(null);
      }
      return false;
    }
    const size = candidates.length;
    switch (event.key) {
      case 'ArrowDown':
        setSelected((at + 1) % size);
        break;
      case 'ArrowUp':
        setSelected((at + size - 1) % size);
        break;
      case 'Enter':
        // A name that was typed in full needs no completing: the key is for the message.
        if (isComplete(candidates[at], typed?.query)) {
          return false;
        }
        pick(at);
        break;
      case 'Tab':
        pick(at);
        break;
      case 'Escape':
        setDismissed(typed?.start ?? null);
        break;
      default:
        return false;
    }
    event.preventDefault();
    event.stopPropagation();
    return true;
  };

  return {
    candidates,
    query: typed?.query ?? '',
    selected: at,
    select: setSelected,
    pick,
    onKeyDown
  };
}

function isComplete(candidate: ICandidate, query: string | undefined): boolean {
  return candidate.spoken.toLowerCase() === query?.toLowerCase();
}
