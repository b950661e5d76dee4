import { describe, expect, it } from 'vitest';

import { IMessage } from '../../model/interfaces';
import {
  findMessage,
  follows,
  newestSeq,
  opinionsBeside,
  silencePuzzles,
  startsDay,
  unreadAfter
} from './grouping';

const noon = new Date(2025, 10, 18, 12, 0).getTime();

function message(seq: number, minutes: number, more: object = {}): IMessage {
  return {
    id: `m${seq}`,
    seq,
    author: 'ana',
    authorName: 'Ana',
    kind: 'human',
    at: new Date(noon + minutes * 60_000),
    body: 'Hello',
    status: 'complete',
    mentions: [],
    cells: [],
    files: [],
    credits: [],
    deleted: false,
    reactions: [],
    ...more
  };
}

describe('opinionsBeside', () => {
  it('has second opinions by the first, where that is loaded', () => {
    const opinion = (seq: number, beside: string, more: object = {}) =>
      message(seq, seq, { kind: 'assistant', reply: { beside }, ...more });
    const messages = [
      message(3, 3, { kind: 'assistant', reply: { about: 'm2' } }),
      opinion(4, 'm3'),
      opinion(5, 'm0'),
      message(6, 6),
      opinion(7, 'm3'),
      opinion(8, 'm3', { deleted: true })
    ];
    const found = [...opinionsBeside(messages)];
    expect(found.map(([id, all]) => [id, all.map(each => each.id)])).toEqual([
      ['m3', ['m4', 'm7']]
    ]);
  });
});

describe('follows', () => {
  const first = message(0, 0);
  it.each<[string, IMessage, boolean]>([
    ['soon after', message(1, 4), true],
    ['later', message(1, 6), false],
    ['by another', message(1, 1, { author: 'mei' }), false],
    ['as a reply', message(1, 1, { replyTo: 'm0' }), false],
    ['from a kernel', message(1, 1, { via: 'kernel' }), false]
  ])('%s', (_, second, expected) => {
    expect(follows(first, second)).toBe(expected);
  });

  it('never crosses midnight', () => {
    const late = message(0, 719);
    const early = message(1, 721);
    expect(startsDay(late, early)).toBe(true);
    expect(follows(late, early)).toBe(false);
  });
});

describe('unreadAfter', () => {
  const messages = [0, 1, 2, 3, 4].map(seq =>
    message(seq, seq, { author: seq === 3 ? 'me' : 'ana' })
  );
  it('counts what others wrote and where it begins', () => {
    expect(unreadAfter(messages, 1, 'me')).toEqual({ count: 2, first: 'm2' });
  });
  it('leaves out what the thread itself says', () => {
    const joined = message(5, 5, { kind: 'system' });
    expect(unreadAfter([...messages, joined], 4, 'me')).toBeNull();
  });
  it('is null when all was read', () => {
    expect(unreadAfter(messages, 4, 'me')).toBeNull();
    expect(unreadAfter([], -1, 'me')).toBeNull();
  });
});

describe('newestSeq', () => {
  it('passes over what is not acknowledged yet', () => {
    const waiting = message(1e15, 9, { pending: 'queued' });
    expect(newestSeq([message(0, 0), message(1, 1), waiting])).toBe(1);
    expect(newestSeq([waiting])).toBe(-1);
  });
});

describe('findMessage', () => {
  it('finds by id', () => {
    const messages = [message(0, 0), message(1, 1)];
    expect(findMessage(messages, 'm0')).toBe(messages[0]);
    expect(findMessage(messages, 'other')).toBeUndefined();
    expect(findMessage(messages, undefined)).toBeUndefined();
  });
});

describe('silencePuzzles', () => {
  const decision = { act: 'stay_out', reason: 'Ana was asked', by: 'rule' };
  it('after a question only', () => {
    expect(silencePuzzles(message(0, 0, { decision, body: 'Why?' }))).toBe(
      true
    );
    expect(silencePuzzles(message(0, 0, { decision }))).toBe(false);
    expect(silencePuzzles(message(0, 0, { body: 'Why?' }))).toBe(false);
  });
});
