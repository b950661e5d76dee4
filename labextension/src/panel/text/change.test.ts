import { describe, expect, it } from 'vitest';

import { changeOf } from './change';

describe('changeOf', () => {
  it.each([
    ['', 'a', 1, { at: 0, deleted: 0, inserted: 'a' }],
    ['ab', 'axb', 2, { at: 1, deleted: 0, inserted: 'x' }],
    ['abc', 'ac', 1, { at: 1, deleted: 1, inserted: '' }],
    ['abc', '', 0, { at: 0, deleted: 3, inserted: '' }],
    ['one two', 'one 2', 5, { at: 4, deleted: 3, inserted: '2' }],
    // The caret tells which of two equal letters is new, or gone.
    ['aa', 'aaa', 1, { at: 0, deleted: 0, inserted: 'a' }],
    ['aa', 'aaa', 3, { at: 2, deleted: 0, inserted: 'a' }],
    ['aaa', 'aa', 1, { at: 1, deleted: 1, inserted: '' }],
    // Emoji that share a half are changed as a whole.
    ['x😀y', 'x😁y', 3, { at: 1, deleted: 2, inserted: '😁' }],
    ['x🌀y', 'x😀y', 3, { at: 1, deleted: 2, inserted: '😀' }],
    ['same', 'same', 4, { at: 4, deleted: 0, inserted: '' }]
  ])('finds what made %j into %j', (before, after, caret, change) => {
    expect(changeOf(before, after, caret)).toEqual(change);
  });
});
