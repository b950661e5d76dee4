/** Mentions in plain text: finding them for display, and completing the one that is being typed. Pure. */
import { ASSISTANT, IMember } from '../../model/interfaces';

/** What a mention stands for: a username, `assistant`, or `EVERYONE`. */
export const EVERYONE = 'everyone';

/** A name that can follow an `@`, and whom it means. */
export interface IName {
  readonly name: string;
  readonly target: string;
}

/** A stretch of text; `target` is set where it is a mention. */
export interface IPiece {
  readonly text: string;
  readonly target?: string;
}

/**
 * The names that a thread knows, as the server reads them: usernames, display names, the assistant's two, everyone, and
 * first names that only one member has.
 */
export function namesIn(
  members: readonly IMember[],
  assistantName: string
): IName[] {
  const firsts = members.map(({ username, name }) => ({
    name: name.trim().split(/\s+/)[0],
    target: username
  }));
  const alone = ({ name }: IName) =>
    firsts.filter(other => other.name.toLowerCase() === name.toLowerCase())
      .length === 1;
  return [
    { name: assistantName, target: ASSISTANT },
    { name: ASSISTANT, target: ASSISTANT },
    { name: EVERYONE, target: EVERYONE },
    // A username is its owner's, whatever others call themselves.
    ...members.map(({ username }) => ({ name: username, target: username })),
    ...members.map(({ username, name }) => ({ name, target: username })),
    // Last: what is somebody's whole name, or the assistant's, is no first name.
    ...firsts.filter(alone)
  ];
}

/** The usernames of members whose names, at a glance, are also another's. */
export function namesakesIn(members: readonly IMember[]): ReadonlySet<string> {
  const known = new Map<string, Set<string>>();
  for (const { name, username } of members) {
    for (const seen of [glance(name), glance(username)]) {
      known.set(seen, (known.get(seen) ?? new Set()).add(username));
    }
  }
  const alike = [...known.values()].filter(usernames => usernames.size > 1);
  return new Set(alike.flatMap(usernames => [...usernames]));
}

/** Letters of other scripts that look like Latin ones; the server knows the same. */
const LOOKS_LIKE = new Map(
  [...'аеорсухіјѕԁһтнкмвαεορυχικντıɡ'].map((letter, place) => [
    letter,
    'aeopcyxijsdhthkmbaeopuxikvtig'[place]
  ])
);

/** What is left of a name when one only glances at it. */
function glance(name: string): string {
  const letters = [...name.normalize('NFKD').toLowerCase()]
    .map(letter => LOOKS_LIKE.get(letter) ?? letter)
    .join('')
    .replace(/[^\p{L}\p{N}]/gu, '');
  return letters || name;
}

/** A finder of these names in text; null when there is none. */
export function mentionPattern(names: readonly IName[]): RegExp {
  const alternatives = [...new Set(names.map(({ name }) => name))]
    .filter(name => name.trim() !== '')
    // The longest first, so that "Ana Ruiz" wins over "Ana".
    .sort((a, b) => b.length - a.length)
    .map(name => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(
    `(?<![\\p{L}\\p{N}_@.])@(${alternatives.join('|')})(?![\\p{L}\\p{N}_])`,
    'giu'
  );
}

/** Split text at its mentions. A text without any comes back as one piece. */
export function splitMentions(
  text: string,
  names: readonly IName[],
  pattern: RegExp = mentionPattern(names)
): IPiece[] {
  const pieces: IPiece[] = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    const spoken = match[1].toLowerCase();
    const target = names.find(({ name }) => name.toLowerCase() === spoken);
    if (target === undefined) {
      continue;
    }
    if (match.index > from) {
      pieces.push({ text: text.slice(from, match.index) });
    }
    pieces.push({ text: match[0], target: target.target });
    from = match.index + match[0].length;
  }
  if (from < text.length || pieces.length === 0) {
    pieces.push({ text: text.slice(from) });
  }
  return pieces;
}

/** Whether the text mentions `target`. */
export function mentionsTarget(
  text: string,
  names: readonly IName[],
  target: string
): boolean {
  return splitMentions(text, names).some(piece => piece.target === target);
}

/** The mention being typed before the caret: where its `@` is and what follows it; null when there is none. */
export function mentionBefore(
  text: string,
  caret: number
): { start: number; query: string } | null {
  const match = /(?:^|[\s([{"'])@([\p{L}\p{N}._\- ]{0,40})$/u.exec(
    text.slice(0, caret)
  );
  if (match === null || match[1].startsWith(' ')) {
    return null;
  }
  return { start: caret - match[1].length - 1, query: match[1] };
}

/** Whether a word of the name, or the name itself, starts with what was typed. */
export function nameMatches(name: string, query: string): boolean {
  const wanted = query.toLowerCase();
  const known = name.toLowerCase();
  return (
    known.startsWith(wanted) ||
    known.split(/[\s._-]+/).some(word => word.startsWith(wanted))
  );
}

/** What to write after the `@` for a member: the display name, or the username where two members share one. */
export function spokenName(
  member: IMember,
  members: readonly IMember[]
): string {
  const shared = members.some(
    other =>
      other.username !== member.username &&
      other.name.toLowerCase() === member.name.toLowerCase()
  );
  return shared ? member.username : member.name;
}
