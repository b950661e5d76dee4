import { describe, expect, it } from 'vitest';

import { IMember } from '../../model/interfaces';
import {
  EVERYONE,
  mentionBefore,
  mentionsTarget,
  nameMatches,
  namesIn,
  namesakesIn,
  splitMentions,
  spokenName
} from './mentions';

const member = (username: string, name: string): IMember => ({
  username,
  name,
  role: 'member',
  colour: 0,
  joinedAt: new Date(0)
});
const members = [
  member('ana', 'Ana'),
  member('aruiz', 'Ana Ruiz'),
  member('b.c', 'Björn (ops)')
];
const names = namesIn(members, 'Hub helper');

describe('namesakesIn', () => {
  it('finds those whose names are also another’s, at a glance', () => {
    expect(namesakesIn(members)).toEqual(new Set());
    const others = [...members, member('eve', ' aNA'), member('ana2', 'Ana')];
    expect(namesakesIn(others)).toEqual(new Set(['ana', 'eve', 'ana2']));
    const alike = [member('aruiz', 'Ana Ruiz'), member('ben', 'Аna Ruiz')];
    expect(namesakesIn(alike)).toEqual(new Set(['aruiz', 'ben']));
    const borrowed = [member('aruiz', 'Ana Ruiz'), member('ben', 'aruiz')];
    expect(namesakesIn(borrowed)).toEqual(new Set(['aruiz', 'ben']));
  });
});

describe('splitMentions', () => {
  it.each([
    ['hello @Ana Ruiz!', ['aruiz', 'ana']],
    ['hello @aruiz, and @Ana', ['aruiz', 'ana']],
    ['hello @ana, and @B.C', ['ana', 'b.c']],
    ['@Björn (ops) look', ['b.c']],
    ['@hub helper and @assistant', ['assistant', 'assistant']],
    ['@everyone', ['everyone']],
    ['mail ana@ana.org, @@ana, @anatol, @ana-maria', []],
    ['@ana. @ana-', ['ana', 'ana']],
    ['(@ana)', ['ana']]
  ])('finds whom %j mentions', (text, targets) => {
    const pieces = splitMentions(text, names);
    expect(pieces.flatMap(piece => piece.targets)).toEqual(targets);
    expect(pieces.map(piece => piece.text).join('')).toBe(text);
  });

  it('takes a name with every character of a regular expression for what it is', () => {
    const odd = namesIn([member('x', '.*[a](b)\\d+?')], 'Assistant');
    expect(mentionsTarget('hi @.*[a](b)\\d+?', odd, 'x')).toBe(true);
    expect(mentionsTarget('hi @anything', odd, 'x')).toBe(false);
  });

  it('takes a first name that only one member has', () => {
    const some = namesIn(
      [
        member('mt', 'Mei Tanaka'),
        member('kw', 'Kim Weber'),
        member('kl', 'Kim Lee')
      ],
      'Assistant'
    );
    expect(mentionsTarget('@Mei can you?', some, 'mt')).toBe(true);
    expect(splitMentions('@Kim can you?', some)).toHaveLength(1);
  });

  it.each([
    ['@ana can you look', ['eve', 'ana']],
    ['@Ana Can You look', ['eve', 'ana']],
    ['@ana cannot', ['ana']],
    ['@Kim Weber, look', ['kw', 'kim']],
    ['@Kim look', ['kim']],
    ['@Ada Long, look', ['al']],
    ['@Ada, look', ['assistant']]
  ])('lets nobody take another’s mention in %j', (text, targets) => {
    const alike = namesIn(
      [
        member('ana', 'A. Lovelace'),
        member('eve', 'ana can you'),
        member('kim', 'Kim'),
        member('kw', 'Kim Weber'),
        member('al', 'Ada Long')
      ],
      'Ada'
    );
    const pieces = splitMentions(text, alike);
    expect(pieces.flatMap(piece => piece.targets)).toEqual(targets);
  });

  it('knows everyone', () => {
    expect(mentionsTarget('so, @Everyone: done', names, EVERYONE)).toBe(true);
  });
});

describe('mentionBefore', () => {
  it.each([
    ['with @a', 7, { start: 5, query: 'a' }],
    ['@', 1, { start: 0, query: '' }],
    ['(@Ana R', 7, { start: 1, query: 'Ana R' }],
    ['mail a@b', 8, null],
    ['@ a', 3, null],
    ['@ana\nnext', 9, null],
    ['no', 2, null]
  ])('reads %j up to %i', (text, caret, expected) => {
    expect(mentionBefore(text, caret)).toEqual(expected);
  });
});

describe('nameMatches', () => {
  it.each([
    ['Ana Ruiz', 'ru', true],
    ['Ana Ruiz', 'ana r', true],
    ['mei.tanaka', 'tan', true],
    ['Ana Ruiz', 'uiz', false],
    ['Ana', '', true]
  ])('%j for %j is %j', (name, query, expected) => {
    expect(nameMatches(name, query)).toBe(expected);
  });
});

describe('spokenName', () => {
  it('is the username where the display name would mean others, too', () => {
    const twins = [member('ana1', 'Ana'), member('ana2', 'ana')];
    expect(spokenName(twins[0], namesIn(twins, 'Assistant'))).toBe('ana1');
    expect(spokenName(members[1], names)).toBe('aruiz');
    expect(spokenName(members[0], names)).toBe('Ana');
    expect(spokenName(members[2], names)).toBe('Björn (ops)');
    const borrowed = [member('ben', 'ana'), member('ana', 'A. Lovelace')];
    expect(spokenName(borrowed[0], namesIn(borrowed, 'Ada'))).toBe('ben');
    const assistants = [member('al', 'Ada')];
    expect(spokenName(assistants[0], namesIn(assistants, 'Ada'))).toBe('al');
  });
});
