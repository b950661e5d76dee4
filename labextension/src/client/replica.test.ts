import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';

import { FakeServer } from './doubles';
import { Step } from './frames';
import { Replica } from './replica';
import { Socket } from './socket';

describe('Replica', () => {
  let server: FakeServer;
  let socket: Socket;
  let replica: Replica;
  let truth: Y.Doc;

  beforeEach(() => {
    vi.useFakeTimers();
    server = new FakeServer();
    socket = new Socket({ open: server.open });
    replica = new Replica(socket, 'page:t:0');
    truth = new Y.Doc();
    truth.getMap('messages').set('a', 1);
  });

  afterEach(() => {
    replica.dispose();
    socket.dispose();
    vi.useRealTimers();
  });

  /** The server answers the subscription and says how many bytes it sent. */
  async function serve(channel: number, generation = 'a'): Promise<number> {
    server.socket.open();
    server.socket.say({ event: 'connected', generation });
    server.socket.answer('subscribe', { channel, writable: false });
    await vi.advanceTimersByTimeAsync(0);
    return difference(channel);
  }

  function difference(channel: number): number {
    const asked = server.socket.frames.at(-1)!;
    expect(asked).toMatchObject({ channel, step: Step.StateVector });
    const missing = Y.encodeStateAsUpdate(truth, asked.payload);
    server.socket.frame(channel, Step.Difference, missing);
    return missing.length;
  }

  const read = () => replica.doc.getMap('messages').toJSON();

  it('reads the document and follows it', async () => {
    expect(replica.isReady).toBe(false);
    await serve(3);
    expect(replica.isReady).toBe(true);
    truth.on('update', update => server.socket.frame(3, Step.Update, update));
    truth.getMap('messages').set('b', 2);
    expect(read()).toEqual({ a: 1, b: 2 });
  });

  it('does not hear the frames of other channels', async () => {
    await serve(3);
    server.socket.frame(4, Step.Update, Y.encodeStateAsUpdate(new Y.Doc()));
    truth.getMap('messages').set('b', 2);
    server.socket.frame(4, Step.Update, Y.encodeStateAsUpdate(truth));
    expect(read()).toEqual({ a: 1 });
  });

  it('fetches only what is missing after a reconnection', async () => {
    truth.getMap('messages').set('long', 'x'.repeat(5_000));
    const first = await serve(3);
    server.socket.drop();
    socket.retryNow();
    truth.getMap('messages').set('b', 2);
    const second = await serve(1);
    expect(read()).toMatchObject({ a: 1, b: 2 });
    expect(first).toBeGreaterThan(5_000);
    expect(second).toBeLessThan(100);
  });

  it('asks again when an update builds on one that never came', async () => {
    await serve(3);
    truth.getMap('messages').set('lost', 1);
    truth.once('update', update => server.socket.frame(3, Step.Update, update));
    truth.getMap('messages').set('b', 2);
    expect(read()).toEqual({ a: 1 });
    difference(3);
    expect(read()).toEqual({ a: 1, lost: 1, b: 2 });
  });

  it('throws its copy away when the server refused its content', async () => {
    await serve(3);
    const before = replica.doc;
    before.getMap('messages').set('forged', 1);
    const heard = vi.fn();
    replica.ready.connect(heard);
    const refused = { event: 'channel.refused', channel: 3, message: 'No.' };
    server.socket.say(refused);
    await vi.advanceTimersByTimeAsync(1_000);
    difference(3);
    expect(heard).toHaveBeenCalledOnce();
    expect(replica.doc).not.toBe(before);
    expect(read()).toEqual({ a: 1 });
  });

  it('says when there is no such document', async () => {
    const heard = vi.fn();
    replica.failed.connect(heard);
    server.socket.open();
    server.socket.refuse('subscribe', { code: 'not_found', message: 'Gone.' });
    await vi.advanceTimersByTimeAsync(0);
    expect(heard.mock.calls[0][1]).toMatchObject({ code: 'not_found' });
  });

  it('subscribes later when there are too many at the moment', async () => {
    server.socket.open();
    const details = { retry_after: 3 };
    const error = { code: 'rate_limited', message: 'Slowly.', details };
    server.socket.refuse('subscribe', error);
    await vi.advanceTimersByTimeAsync(2_999);
    expect(server.socket.commands).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(server.socket.commands).toHaveLength(2);
  });

  it('asks again when its question was not answered', async () => {
    server.socket.open();
    server.socket.answer('subscribe', { channel: 3, writable: false });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(server.socket.frames).toHaveLength(2);
    difference(3);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.socket.frames).toHaveLength(2);
  });

  it('lets a channel go that was opened too late', async () => {
    server.socket.open();
    replica.dispose();
    server.socket.answer('subscribe', { channel: 3, writable: false });
    await vi.advanceTimersByTimeAsync(0);
    expect(server.socket.commands.at(-1)).toMatchObject({ channel: 3 });
  });

  it('lets its channel go', async () => {
    await serve(3);
    replica.dispose();
    expect(server.socket.commands.at(-1)).toMatchObject({
      do: 'unsubscribe',
      channel: 3
    });
  });

  it('merges nothing into a chat that was put back', async () => {
    await serve(3);
    const copies: Y.Doc[] = [];
    replica.ready.connect(({ doc }) => copies.push(doc));
    for (const generation of ['b', 'c']) {
      truth = new Y.Doc();
      truth.getMap('messages').set(generation, 1);
      server.socket.drop();
      await vi.advanceTimersByTimeAsync(60_000);
      await serve(1, generation);
      expect(read()).toEqual({ [generation]: 1 });
    }
    expect(copies).toHaveLength(2);
  });
});
