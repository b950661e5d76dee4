/** Mentions in plain text: finding them for display, and completing the one that is being typed. Pure. */
import { ASSISTANT, IMember } from '../../model/interfaces';

/** What a mention stands for: a username, `assistant`, or `EVERYONE`. */
export const EVERYONE = 'everyone';

/** A name that can follow an `@`, and whom it means. */
export interface IName {
  readonly name: string;
  readonly target: string;
  /** All that somebody is called, which counts also where a longer name of another's stands. */
  readonly whole?: boolean;
}

/** A stretch of text; `targets` are whom it mentions, none where it is no mention. */
export interface IPiece {
  readonly text: string;
  readonly targets: readonly string[];
}

/**
 * The names that a thread knows, as the server reads them: usernames, display names, the assistant's two, everyone, and
 * first names that only one member has.
 */
export function namesIn(
  members: readonly IMember[],
  assistantName: string
): IName[] {
  const reserved = [
    { name: assistantName, target: ASSISTANT },
    { name: ASSISTANT, target: ASSISTANT },
    { name: EVERYONE, target: EVERYONE }
  ];
  const free = without(reserved);
  const usernames = members
    .map(({ username }) => ({ name: username, target: username, whole: true }))
    .filter(free);
  const displayNames = members
    .map(({ username, name }) => ({ name, target: username, whole: true }))
    // A username is its owner's, whatever others call themselves.
    .filter(without(usernames))
    .filter(free);
  const firsts = members.map(({ username, name }) => ({
    name: name.trim().split(/\s+/)[0],
    target: username
  }));
  const alone = ({ name }: IName) =>
    firsts.filter(other => same(other.name, name)).length === 1;
  const known = [...reserved, ...usernames, ...displayNames];
  return [...known, ...firsts.filter(alone).filter(without(known))];
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** Whether a name is none of those. */
function without(names: readonly IName[]): (name: IName) => boolean {
  const taken = new Set(names.map(({ name }) => name.toLowerCase()));
  return ({ name }) => !taken.has(name.toLowerCase());
}

/** Whom a text means that is one of the names: all whose whole names it begins with. */
function meant(text: string, names: readonly IName[]): string[] {
  const exact = names.filter(({ name }) => same(name, text));
  const within = exact.some(({ whole }) => whole)
    ? names.filter(({ name, whole }) => whole && startsWith(text, name))
    : [];
  return [...new Set([...exact, ...within].map(({ target }) => target))];
}

/** How a word goes on: `@ana` is not in `@anabel`, nor in `@ana-maria`, but in `@ana.`. */
const GOES_ON = '[\\p{L}\\p{N}_]|[-.@][\\p{L}\\p{N}]';

function startsWith(text: string, name: string): boolean {
  return (
    name !== '' &&
    same(text.slice(0, name.length), name) &&
    !new RegExp(`^(?:${GOES_ON})`, 'u').test(text.slice(name.length))
  );
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
    `(?<![\\p{L}\\p{N}_@./+-])@(${alternatives.join('|')})(?!${GOES_ON})`,
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
    const targets = meant(match[1], names);
    if (targets.length === 0) {
      continue;
    }
    if (match.index > from) {
      pieces.push({ text: text.slice(from, match.index), targets: [] });
    }
    pieces.push({ text: match[0], targets });
    from = match.index + match[0].length;
  }
  if (from < text.length || pieces.length === 0) {
    pieces.push({ text: text.slice(from), targets: [] });
  }
  return pieces;
}

/** Whether the text mentions `target`. */
export function mentionsTarget(
  text: string,
  names: readonly IName[],
  target: string
): boolean {
  return splitMentions(text, names).some(piece =>
    piece.targets.includes(target)
  );
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

/** What to write after the `@` for a member: the display name, or the username where that would mean others, too. */
export function spokenName(member: IMember, names: readonly IName[]): string {
  const targets = meant(member.name, names);
  return targets.length === 1 && targets[0] === member.username
    ? member.name
    : member.username;
}
