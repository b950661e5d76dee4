import { beforeEach, describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';

import { appendTo, messageIn, putMessage } from './doubles';
import { Snapshots } from './snapshots';

describe('Snapshots', () => {
  let page: Y.Doc;
  let changed: ReturnType<typeof vi.fn<(calm: boolean) => void>>;
  let snapshots: Snapshots;

  beforeEach(() => {
    page = new Y.Doc();
    putMessage(page, 'b', 1);
    putMessage(page, 'a', 0, { body: 'Hallo 🙂' });
    changed = vi.fn();
    snapshots = new Snapshots(page, changed);
  });

  const ids = () => snapshots.messages.map(({ id }) => id);

  it('are in the order of seq', () => {
    expect(ids()).toEqual(['a', 'b']);
    putMessage(page, 'c', 2);
    expect(ids()).toEqual(['a', 'b', 'c']);
  });

  it('hold what the schema holds', () => {
    putMessage(page, 'c', 2, {
      kind: 'assistant',
      via: 'kernel',
      reply_to: 'a',
      mentions: ['bo'],
      cells: ['s1'],
      edited_at: '2026-11-24T10:00:00.000Z',
      reply: { model: 'm', tokens: 12 },
      decision: { act: 'stay_out', reason: 'Ana was asked', by: 'rule' },
      'reaction/👍/bo': true,
      'reaction/👍/ana': true,
      'reaction/🎉/bo': true,
      'mark/pinned': 'bo'
    });
    expect(snapshots.get('c')).toEqual({
      id: 'c',
      seq: 2,
      author: 'ana',
      authorName: 'Ana',
      kind: 'assistant',
      via: 'kernel',
      at: new Date('2026-11-24T09:30:00.125Z'),
      body: 'message 2',
      status: 'complete',
      replyTo: 'a',
      mentions: ['bo'],
      cells: ['s1'],
      files: [],
      credits: [],
      editedAt: new Date('2026-11-24T10:00:00.000Z'),
      deleted: false,
      reply: { model: 'm', tokens: 12 },
      decision: { act: 'stay_out', reason: 'Ana was asked', by: 'rule' },
      reactions: [
        { emoji: '🎉', usernames: ['bo'] },
        { emoji: '👍', usernames: ['ana', 'bo'] }
      ],
      pinnedBy: 'bo',
      agreedBy: undefined
    });
  });

  it('keep their identity while they do not change', () => {
    const [a, b] = snapshots.messages;
    messageIn(page, 'b').set('reaction/👍/bo', true);
    expect(snapshots.messages[0]).toBe(a);
    expect(snapshots.messages[1]).not.toBe(b);
    expect(changed).toHaveBeenLastCalledWith(false);
  });

  it('grow with a streamed piece, without reading the text again', () => {
    const before = snapshots.messages;
    const body = messageIn(page, 'a').get('body') as Y.Text;
    const read = vi.spyOn(body, 'toJSON');
    appendTo(page, 'a', ' Welt');
    appendTo(page, 'a', ' 🎉!');
    expect(snapshots.get('a')?.body).toBe('Hallo 🙂 Welt 🎉!');
    expect(read).not.toHaveBeenCalled();
    expect(changed).toHaveBeenLastCalledWith(true);
    expect(snapshots.messages[1]).toBe(before[1]);
    expect(before[0].body).toBe('Hallo 🙂');
    expect(snapshots.messages[0].body).toBe('Hallo 🙂 Welt 🎉!');
  });

  it('grow from nothing', () => {
    putMessage(page, 'c', 2, { body: '', status: 'streaming' });
    appendTo(page, 'c', 'one');
    expect(snapshots.get('c')?.body).toBe('one');
  });

  it('read the text when a piece comes with another change', () => {
    page.transact(() => {
      appendTo(page, 'a', ' Welt');
      messageIn(page, 'a').set('status', 'cancelled');
    });
    expect(snapshots.get('a')).toMatchObject({
      body: 'Hallo 🙂 Welt',
      status: 'cancelled'
    });
    expect(changed).toHaveBeenLastCalledWith(false);
  });

  it('follow an edit, which replaces the text', () => {
    messageIn(page, 'a').set('body', new Y.Text('Hello'));
    expect(snapshots.get('a')?.body).toBe('Hello');
    appendTo(page, 'a', '!');
    expect(snapshots.get('a')?.body).toBe('Hello!');
  });

  it('follow a piece in the middle of a text', () => {
    const body = messageIn(page, 'a').get('body') as Y.Text;
    body.insert(0, '>> ');
    expect(snapshots.get('a')?.body).toBe('>> Hallo 🙂');
  });

  it('follow a deletion', () => {
    page.transact(() => {
      messageIn(page, 'a').set('body', new Y.Text(''));
      messageIn(page, 'a').set('deleted', true);
    });
    expect(snapshots.get('a')).toMatchObject({ body: '', deleted: true });
    page.getMap('messages').delete('b');
    expect(ids()).toEqual(['a']);
  });

  it('make a thousand pieces in a full page as fast as in an empty one', () => {
    const full = new Y.Doc();
    for (let seq = 0; seq < 256; seq++) {
      putMessage(full, `m${seq}`, seq, { body: 'x'.repeat(2_000) });
    }
    const read = vi.fn();
    for (let seq = 0; seq < 255; seq++) {
      const body = messageIn(full, `m${seq}`).get('body') as Y.Text;
      vi.spyOn(body, 'toJSON').mockImplementation(read);
    }
    const pages = new Snapshots(full, () => undefined);
    read.mockClear();
    for (let n = 0; n < 1_000; n++) {
      appendTo(full, 'm255', '0123456789');
    }
    expect(pages.get('m255')?.body).toHaveLength(12_000);
    expect(read).not.toHaveBeenCalled();
  });
});
