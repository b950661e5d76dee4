import { describe, expect, it } from 'vitest';

import type { IMessage, ISharedCell } from '../model/interfaces';
import { arranged, commentsOn } from './comments';

function cell(id: string, values: Partial<ISharedCell> = {}): ISharedCell {
  return {
    id,
    notebook: 'churn.ipynb',
    executionCount: 1,
    sharedBy: 'mei',
    updatedAt: new Date(0),
    ...values
  } as ISharedCell;
}

function cells(...all: ISharedCell[]): ReadonlyMap<string, ISharedCell> {
  return new Map(all.map(each => [each.id, each]));
}

function message(
  id: string,
  author: string,
  values: Partial<IMessage> = {}
): IMessage {
  return { id, author, kind: 'human', cells: [], ...values } as IMessage;
}

describe('commentsOn', () => {
  const shared = cells(cell('a'), cell('b'));

  it('counts what others wrote on a cell, and the replies to that', () => {
    const found = commentsOn(
      [
        message('1', 'mei', { cells: ['a', 'b'] }),
        message('2', 'guest:1', { cells: ['a'] }),
        message('3', 'mei', { replyTo: '2' }),
        message('4', 'ana', { replyTo: '3' }),
        message('5', 'ana', { replyTo: '1' })
      ],
      shared
    );
    expect(found.get('a')).toEqual(['2', '3', '4']);
    expect(found.get('b')).toBeUndefined();
  });

  it('leaves out what was deleted, and what the thread itself says', () => {
    const found = commentsOn(
      [
        message('1', 'ana', { cells: ['a'], deleted: true }),
        message('2', 'ana', { replyTo: '1' }),
        message('3', 'ana', { cells: ['a'], kind: 'system' })
      ],
      shared
    );
    expect(found.size).toBe(0);
  });
});

describe('arranged', () => {
  it('begins with the order of the notebooks', () => {
    const all = cells(
      cell('c', { executionCount: null }),
      cell('b', { executionCount: 12 }),
      cell('a', { executionCount: 3 }),
      cell('z', { notebook: 'a.ipynb', executionCount: 99 })
    );
    expect(arranged([], all)).toEqual(['z', 'a', 'b', 'c']);
  });

  it('moves nothing that is shown already', () => {
    const all = cells(
      cell('a', { executionCount: 20 }),
      cell('b', { executionCount: 12 }),
      cell('new', { executionCount: 1 })
    );
    expect(arranged(['a', 'gone', 'b'], all)).toEqual(['a', 'b', 'new']);
  });
});
