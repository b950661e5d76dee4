import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';

import { FakeServer } from '../client/doubles';
import { Step } from '../client/frames';
import { Socket } from '../client/socket';
import type { IConnected } from './connected';
import { SharedDraft } from './sharedDraft';

describe('SharedDraft', () => {
  let server: FakeServer;
  let socket: Socket;
  let draft: SharedDraft;
  let truth: Y.Doc;
  let channel = 0;

  beforeEach(async () => {
    vi.useFakeTimers();
    server = new FakeServer();
    socket = new Socket({ open: server.open });
    const connected = {
      socket,
      me: { username: 'ana' }
    } as unknown as IConnected;
    draft = new SharedDraft(connected, 't', 'd', () => new Set(['ana', 'ben']));
    truth = new Y.Doc();
    truth.getText('body').insert(0, 'Why?');
    await connect();
  });

  afterEach(() => {
    draft.dispose();
    socket.dispose();
    vi.useRealTimers();
  });

  /** The server lets the client in, and both ask what they miss. */
  async function connect(): Promise<void> {
    channel += 1;
    server.socket.open();
    server.socket.answer('subscribe', { channel, writable: true });
    await vi.advanceTimersByTimeAsync(0);
    meet();
  }

  function meet(): void {
    const asked = server.socket.frames.splice(0).at(-1)!;
    const missing = Y.encodeStateAsUpdate(truth, asked.payload);
    server.socket.frame(channel, Step.Difference, missing);
    const state = Y.encodeStateVector(truth);
    server.socket.frame(channel, Step.StateVector, state);
    take();
  }

  /** What the client sent, as the server takes it; which messages of the protocol it came in. */
  function take(): Step[] {
    return server.socket.frames.splice(0).map(({ step, payload }) => {
      if (step !== Step.StateVector) {
        Y.applyUpdate(truth, payload);
      }
      return step;
    });
  }

  const written = () => truth.getText('body').toJSON();

  /** Ben writes on the server. */
  function write(at: number, text: string): void {
    const before = Y.encodeStateVector(truth);
    truth.getText('body').insert(at, text);
    const update = Y.encodeStateAsUpdate(truth, before);
    server.socket.frame(channel, Step.Update, update);
  }

  it('sends what is written, gathered, and takes in what others write', async () => {
    expect(draft.writable).toBe(true);
    draft.replace(4, 0, ' Be');
    draft.replace(7, 0, 'cause');
    expect(server.socket.frames).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(50);
    expect(take()).toEqual([Step.Update]);
    expect(written()).toBe('Why? Because');
    write(0, 'Ben: ');
    expect(draft.text).toBe('Ben: Why? Because');
    expect(draft.selection).toEqual({ anchor: 17, head: 17 });
  });

  it('keeps the caret behind its letter when others write there too', () => {
    draft.select({ anchor: 4, head: 4 });
    write(4, ' Ben');
    expect(draft.selection).toEqual({ anchor: 4, head: 4 });
    draft.replace(4, 0, '!');
    expect(draft.text).toBe('Why?! Ben');
  });

  it('undoes what this person wrote, and nothing else', () => {
    draft.replace(4, 0, ' Ana');
    write(0, 'Ben ');
    draft.undo();
    expect(draft.text).toBe('Ben Why?');
    draft.redo();
    expect(draft.text).toBe('Ben Why? Ana');
  });

  it('keeps what was written when the connection is lost, and nothing is written then', async () => {
    draft.replace(4, 0, ' Kept');
    server.socket.drop();
    expect(draft.writable).toBe(false);
    draft.replace(0, 4, 'lost');
    expect(draft.text).toBe('Why? Kept');
    await vi.advanceTimersByTimeAsync(5_000);
    truth.getText('body').insert(0, 'Ben: ');
    await connect();
    expect(written()).toBe('Ben: Why? Kept');
    expect(draft.text).toBe('Ben: Why? Kept');
    expect(draft.writable).toBe(true);
  });

  it('begins anew when it is refused, and keeps the text to be copied', async () => {
    draft.replace(4, 0, ' Too much');
    server.socket.say({
      event: 'channel.refused',
      channel,
      message: 'Too much.'
    });
    expect(draft.writable).toBe(false);
    await vi.advanceTimersByTimeAsync(1_100);
    meet();
    expect(draft.text).toBe('Why?');
    expect(draft.refused).toEqual({ text: 'Why? Too much', why: 'Too much.' });
    draft.replace(4, 0, '!');
    await vi.advanceTimersByTimeAsync(50);
    take();
    expect(written()).toBe('Why?!');
  });

  it('tells where the caret is, and shows the others who are here', async () => {
    draft.replace(4, 0, '!');
    await vi.advanceTimersByTimeAsync(200);
    take();
    const told = server.socket.commands.filter(c => c.do === 'draft.cursor');
    const [client, clock] = told.at(-1)!.head as number[];
    expect(clock).toBe(0);
    const caret = { event: 'draft.cursor', thread: 't', draft: 'd' };
    const place = [client, clock];
    for (const username of ['ana', 'ben', 'eve']) {
      const at = { anchor: place, head: place, here: true };
      server.socket.say({ ...caret, username, ...at });
    }
    expect(draft.carets).toEqual([{ username: 'ben', anchor: 5, head: 5 }]);
    const gone = { anchor: null, head: null, here: false };
    server.socket.say({ ...caret, username: 'ben', ...gone });
    expect(draft.carets).toEqual([]);
  });

  it('asks for what goes along, and leaves out what stays', async () => {
    const file = { id: 'f', name: 'a', mediaType: 'text/csv', size: 1 };
    const bringing = draft.bring({ replyTo: null, files: [file] });
    const { id, ...asked } = server.socket.commands.at(-1)!;
    expect(id).toBeTruthy();
    expect(asked).toEqual({
      do: 'draft.patch',
      thread: 't',
      draft: 'd',
      reply_to: null,
      files: ['f']
    });
    server.socket.answer('draft.patch', {});
    await bringing;
  });

  it('sends what was written last before it asks for the message', async () => {
    draft.replace(4, 0, '!');
    const sending = draft.send();
    expect(take()).toEqual([Step.Update]);
    server.socket.answer('draft.send', {});
    await sending;
    server.socket.say({
      event: 'draft.ended',
      thread: 't',
      draft: 'd',
      by: 'ana',
      message: 'm'
    });
    expect(draft.ended).toEqual({ by: 'ana', message: 'm' });
    expect(draft.writable).toBe(false);
  });

  it('says of a draft that became too old that nobody ended it', () => {
    const ended = { event: 'draft.ended', thread: 't', draft: 'd' };
    server.socket.say({ ...ended, by: null, message: null });
    expect(draft.ended).toEqual({ by: undefined, message: undefined });
  });

  it('takes in nothing while letters are composed', () => {
    draft.compose(true);
    write(0, 'Ben ');
    expect(draft.text).toBe('Why?');
    draft.replace(4, 0, '!');
    draft.compose(false);
    expect(draft.text).toBe('Ben Why?!');
  });
});
