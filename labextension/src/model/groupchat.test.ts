import { ServerConnection } from '@jupyterlab/services';
import { nullTranslator } from '@jupyterlab/translation';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';

import { FakeDocuments, appendTo, messageIn, putMessage } from './doubles';
import { GroupChat } from './groupchat';
import type { IThread } from './interfaces';

const ME = {
  username: 'ana',
  name: 'Ana',
  avatar: null,
  assistant_name: 'Assistant',
  assistant_enabled: true,
  models: ['Quick', 'Careful'],
  auto_model: true,
  replies: null,
  allowed: {
    threads: true,
    invitation_links: true,
    reports: false,
    add_people: false,
    keep_days: null,
    audit_bodies: false,
    guests_allowed: true,
    guest_days: 30
  },
  limits: { file_bytes: 1_000, file_types: ['text/csv'] }
};

const THREAD = {
  id: 't',
  title: 'Churn review',
  notebook: 'churn.ipynb',
  archived_at: null,
  updated_at: '2026-11-24T09:30:00.000Z',
  last_seq: 1,
  role: 'owner',
  muted: false,
  read_seq: 0,
  unread: 1,
  mentions: 0,
  members: [],
  last_message: null,
  waiting: 0
};

describe('GroupChat', () => {
  let server: FakeDocuments;
  let chat: GroupChat;
  let waiting: object[];
  let asked: string[];

  beforeEach(() => {
    localStorage.clear();
    waiting = [];
    asked = [];
    server = new FakeDocuments();
    const answers: { [path: string]: object } = {
      me: ME,
      threads: { threads: [THREAD, { ...THREAD, id: 'u', title: 'Other' }] },
      'threads/t': { thread: THREAD },
      'me/requests': { waiting }
    };
    const fetch = (input: RequestInfo) => {
      const [, path] = (input as Request).url.split('groupchat/api/');
      const answer = answers[path];
      asked.push(path);
      const body = answer ?? { error: { code: 'not_found', message: 'No.' } };
      const init = { status: answer ? 200 : 404 };
      return Promise.resolve(new Response(JSON.stringify(body), init));
    };
    const WebSocket = function () {
      return server.open();
    } as unknown as typeof globalThis.WebSocket;
    chat = new GroupChat({
      serverSettings: ServerConnection.makeSettings({ fetch, WebSocket }),
      trans: nullTranslator.load('')
    });
  });

  afterEach(() => chat.dispose());

  const settle = () => new Promise(resolve => setTimeout(resolve, 1));
  const serve = () => server.serve(settle);
  const until = (test: () => unknown) =>
    vi.waitFor(async () => {
      await serve();
      expect(test()).toBeTruthy();
    });
  const updated = (values: object) =>
    server.socket.say({
      event: 'thread.updated',
      thread: 't',
      title: 'Churn review',
      last_seq: 2,
      unread: 2,
      mentions: 0,
      ...values
    });

  it('shows who is in a thread as soon as that changes', async () => {
    await start();
    const bo = {
      ...{ username: 'bo', name: 'Bo', role: 'member', colour: 1 },
      ...{ joined_at: '2026-11-24T09:00:00.000Z' }
    };
    updated({ members: [bo] });
    await until(() => chat.threads[0].members[0]?.name === 'Bo');
    updated({});
    updated({ members: [{ ...bo, name: 'Boris' }] });
    await until(() => chat.threads[0].members[0]?.name === 'Boris');
  });

  async function start(): Promise<void> {
    server.socket.open();
    await until(() => chat.loaded);
  }

  async function openThread(): Promise<IThread> {
    await start();
    fillThread();
    const thread = chat.open('t');
    await until(() => thread.loaded);
    return thread;
  }

  function fillThread(): void {
    const meta = server.doc('thread:t').getMap('meta');
    const members = server.doc('thread:t').getMap('members');
    meta.set('title', 'Churn review');
    meta.set('mode', 'mention');
    meta.set('last_seq', 1);
    const joined_at = '2026-11-24T09:00:00.000Z';
    const ana = { name: 'Ana', role: 'member', colour: 3, joined_at };
    members.set('ana', ana);
    const page = server.doc('page:t:0');
    putMessage(page, 'm0', 0);
    putMessage(page, 'm1', 1, { author: 'bo' });
  }

  const WAITING = {
    thread: 'w',
    title: 'Pricing',
    owner: 'Bo',
    asked_at: '2026-11-24T09:30:00.000Z'
  };

  async function joinAndWait(): Promise<void> {
    await start();
    const joining = chat.join('code');
    server.socket.answer('invitation.accept', { waiting: WAITING });
    expect(await joining).toMatchObject({ waiting: { owner: 'Bo' } });
  }

  it('waits to be let in, and hears that it was not', async () => {
    await joinAndWait();
    expect(chat.waiting).toMatchObject([{ thread: 'w', title: 'Pricing' }]);
    const told = vi.fn();
    chat.arrived.connect((_, arrival) => {
      told(arrival);
    });
    const ended = { event: 'request.ended', thread: 'w', title: 'Pricing' };
    server.socket.say({ ...ended, why: 'declined' });
    expect(chat.waiting).toMatchObject([{ thread: 'w', ended: 'declined' }]);
    expect(told).toHaveBeenCalledExactlyOnceWith({
      what: 'declined',
      thread: 'w',
      title: 'Pricing',
      name: 'Bo'
    });
    // A list that was on its way meanwhile changes nothing of that.
    waiting = [WAITING];
    await chat.refresh();
    expect(chat.waiting).toMatchObject([{ thread: 'w', ended: 'declined' }]);
    await chat.withdraw('w');
    expect(server.socket.commands.map(({ do: what }) => what)).not.toContain(
      'request.withdraw'
    );
    expect(chat.waiting).toEqual([]);
  });

  it('keeps what began to wait while the list was on its way', async () => {
    await start();
    const refreshed = chat.refresh();
    const joining = chat.join('code');
    server.socket.answer('invitation.accept', { waiting: WAITING });
    await joining;
    await refreshed;
    expect(chat.waiting).toMatchObject([{ thread: 'w' }]);
    expect(chat.waiting[0].ended).toBeUndefined();
    await chat.refresh();
    expect(chat.waiting).toMatchObject([{ thread: 'w', ended: 'declined' }]);
  });

  it('asks again when something happened while the list was on its way', async () => {
    await start();
    asked = [];
    const refreshed = chat.refresh();
    updated({ unread: 3 });
    await refreshed;
    expect(asked.filter(path => path === 'threads')).toHaveLength(2);
    await chat.refresh();
    expect(asked.filter(path => path === 'threads')).toHaveLength(3);
  });

  it('tells the owner who asks, and counts them', async () => {
    await start();
    const told = vi.fn();
    chat.arrived.connect((_, arrival) => {
      told(arrival);
    });
    const asked = { event: 'thread.requested', thread: 't', title: 'Churn' };
    server.socket.say({ ...asked, waiting: 1, username: 'bo', name: 'Bo' });
    expect(chat.threads.find(({ id }) => id === 't')?.waiting).toBe(1);
    server.socket.say({ ...asked, waiting: 0 });
    expect(chat.threads.find(({ id }) => id === 't')?.waiting).toBe(0);
    expect(told).toHaveBeenCalledExactlyOnceWith({
      what: 'requested',
      thread: 't',
      title: 'Churn',
      name: 'Bo'
    });
  });

  it('finds pictures that are kept here, and leaves other addresses alone', () => {
    expect(chat.pictureUrl('picture:5ha')).toMatch(
      /groupchat\/api\/pictures\/5ha$/
    );
    expect(chat.pictureUrl('/hub/a.png')).toBe('/hub/a.png');
  });

  it('knows who is signed in, and their threads', async () => {
    await start();
    expect(chat.me).toMatchObject({ username: 'ana', assistantEnabled: true });
    expect(chat.threads.map(({ title }) => title)).toEqual([
      'Churn review',
      'Other'
    ]);
    expect(chat.threads).toBe(chat.threads);
  });

  it('counts what is new and tells of it, but not of what is muted or read', async () => {
    await start();
    const told = vi.fn();
    chat.notified.connect((_, news) => {
      told(news);
    });
    updated({ author_name: 'Bo', preview: 'hi', mentioned: true });
    expect(chat.threads[0]).toMatchObject({
      id: 't',
      unread: 2,
      preview: { authorName: 'Bo', body: 'hi' }
    });
    expect(told).toHaveBeenCalledExactlyOnceWith({
      thread: 't',
      title: 'Churn review',
      author: 'Bo',
      preview: 'hi',
      mentioned: true
    });
    updated({ author_name: 'Ana', preview: 'mine' });
    updated({ unread: 0 });
    updated({ author_name: 'Bo', preview: 'psst', unread: 3, muted: true });
    expect(told).toHaveBeenCalledOnce();
    expect(chat.threads[0]).toMatchObject({ unread: 3, muted: true });
  });

  it('opens a thread once for all who hold it', async () => {
    const thread = await openThread();
    expect(chat.open('t')).toBe(thread);
    thread.dispose();
    expect(thread.isDisposed).toBe(false);
    thread.dispose();
    expect(thread.isDisposed).toBe(true);
    expect(chat.open('t')).not.toBe(thread);
  });

  it('shows a thread as its documents have it', async () => {
    const thread = await openThread();
    expect(thread).toMatchObject({
      title: 'Churn review',
      mode: 'mention',
      role: 'member',
      readSeq: 0,
      hasOlder: false
    });
    expect(thread.messages.map(({ id }) => id)).toEqual(['m0', 'm1']);
    expect(thread.members).toBe(thread.members);
    const [first] = thread.messages;
    appendTo(server.doc('page:t:0'), 'm1', ' and more');
    expect(thread.messages[0]).toBe(first);
    expect(thread.messages[1].body).toBe('message 1 and more');
  });

  it('shows cells, and rebuilds only the one that changed', async () => {
    const thread = await openThread();
    const cells = server.doc('thread:t').getMap('cells');
    for (const id of ['s1', 's2']) {
      const source = new Y.Text(`${id}()`);
      const cell = { source, outputs: [] };
      cells.set(id, new Y.Map<unknown>(Object.entries(cell)));
    }
    const second = thread.cells.get('s2');
    (cells.get('s1') as Y.Map<unknown>).set('live', true);
    expect(thread.cells.get('s1')).toMatchObject({
      source: 's1()',
      live: true,
      executionCount: null
    });
    expect(thread.cells.get('s2')).toBe(second);
    cells.delete('s1');
    expect([...thread.cells.keys()]).toEqual(['s2']);
  });

  it('shows a message once, from the moment it was written', async () => {
    const thread = await openThread();
    thread.post('hello');
    const [, , waiting] = thread.messages;
    expect(waiting).toMatchObject({ body: 'hello', pending: 'queued' });
    const { id } = waiting;
    putMessage(server.doc('page:t:0'), id, 2, { body: 'hello' });
    await serve();
    expect(thread.messages).toHaveLength(3);
    expect(thread.messages[2]).toMatchObject({ id, seq: 2 });
    expect(thread.messages[2].pending).toBeUndefined();
  });

  it('says who is here and who types, without oneself', async () => {
    const thread = await openThread();
    const here = ['ana', 'bo'];
    server.socket.say({ event: 'presence', thread: 't', here, typing: here });
    expect([...thread.here]).toEqual(here);
    expect(thread.typing).toEqual(['bo']);
  });

  it('tells how far one has read, once, and never back', async () => {
    const thread = await openThread();
    thread.markRead(0);
    thread.markRead(1);
    thread.markRead(Number.MAX_SAFE_INTEGER);
    await until(() => reads().length);
    expect(reads()).toMatchObject([{ seq: 1 }]);
    expect(thread.readSeq).toBe(0);

    function reads() {
      return server.asked.filter(command => command.do === 'read.put');
    }
  });

  it('says that a thread is gone, and forgets it', async () => {
    const thread = await openThread();
    const title = 'Churn review';
    const gone = { event: 'thread.gone', thread: 't', title, why: 'removed' };
    server.socket.say(gone);
    expect(thread.gone?.message).toContain('Churn review');
    expect(chat.threads.map(({ id }) => id)).toEqual(['u']);
    expect(chat.open('t')).not.toBe(thread);
  });

  it('says that there is no such thread', async () => {
    await start();
    const thread = chat.open('nowhere');
    await until(() => thread.gone);
    expect(thread.gone).toMatchObject({ code: 'not_found' });
  });

  it('keeps what was typed', async () => {
    const thread = await openThread();
    thread.setDraft('half a sen');
    expect(thread.draft).toBe('half a sen');
    thread.setDraft('');
    expect(thread.draft).toBe('');
    expect(localStorage).toHaveLength(0);
  });

  it('announces many changes as one', async () => {
    const thread = await openThread();
    await new Promise(resolve => setTimeout(resolve, 150));
    const changed = vi.fn();
    thread.changed.connect(changed);
    for (let n = 0; n < 50; n++) {
      messageIn(server.doc('page:t:0'), 'm0').set('status', `s${n}`);
      appendTo(server.doc('page:t:0'), 'm1', '.');
    }
    await vi.waitFor(() => expect(changed).toHaveBeenCalled());
    expect(changed).toHaveBeenCalledOnce();
  });
});
