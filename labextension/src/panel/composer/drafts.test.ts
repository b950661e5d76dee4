import { beforeEach, describe, expect, it } from 'vitest';

import { brought, EMPTY, loadDraft, saveDraft } from './drafts';

describe('drafts', () => {
  beforeEach(() => localStorage.clear());

  it('come back as they were, for their person and thread only', () => {
    const file = { id: 'f1', name: 'a.csv', mediaType: 'text/csv', size: 3 };
    const draft = {
      text: 'half a',
      replyTo: 'm1',
      cells: ['c1'],
      files: [file]
    };
    saveDraft(localStorage, 'ana', 't1', draft);
    expect(loadDraft(localStorage, 'ana', 't1')).toEqual(draft);
    expect(loadDraft(localStorage, 'ana', 't2')).toEqual(EMPTY);
    expect(loadDraft(localStorage, 'mei', 't1')).toEqual(EMPTY);
  });

  it('take in what goes along, once, and let go of it', () => {
    const file = { id: 'f1', name: 'a.csv', mediaType: 'text/csv', size: 3 };
    const one = {
      ...EMPTY,
      ...brought(EMPTY, { replyTo: 'm1', files: [file] })
    };
    const two = {
      ...one,
      ...brought(one, { cells: ['c1', 'c1'], files: [file] })
    };
    expect(two).toEqual({
      text: '',
      replyTo: 'm1',
      cells: ['c1'],
      files: [file]
    });
    const less = { replyTo: null, without: ['c1', 'f1'] };
    expect({ ...two, ...brought(two, less) }).toEqual(EMPTY);
  });

  it('leave nothing behind when empty', () => {
    saveDraft(localStorage, 'ana', 't1', { ...EMPTY, text: 'x' });
    saveDraft(localStorage, 'ana', 't1', EMPTY);
    expect(localStorage.length).toBe(0);
  });

  it.each([
    '',
    'null',
    '[1]',
    '{"text": 1, "cells": [2, "c"], "files": [null, 1, {"id": "f"}]}',
    '{'
  ])('survive %j in the storage', kept => {
    localStorage.setItem('jupyter-groupchat:draft:ana:t1', kept);
    const draft = loadDraft(localStorage, 'ana', 't1');
    expect(draft.text).toBe('');
    expect(draft.cells.every(cell => typeof cell === 'string')).toBe(true);
    expect(draft.files).toEqual([]);
  });
});
