import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Backoff } from '../client/backoff';
import { FakeServer } from '../client/doubles';
import { Socket } from '../client/socket';
import { Outbox } from './outbox';
import { Shelf } from './shelf';

describe('Outbox', () => {
  let server: FakeServer;
  let socket: Socket;
  let outbox: Outbox;

  beforeEach(() => {
    vi.useFakeTimers();
    localStorage.clear();
    server = new FakeServer();
    [socket, outbox] = newPage();
  });

  afterEach(() => {
    outbox.dispose();
    socket.dispose();
    vi.useRealTimers();
  });

  function newPage(): [Socket, Outbox] {
    const backoff = new Backoff(1_000, 1_000, () => 1);
    const newSocket = new Socket({ open: server.open, backoff });
    const shelf = new Shelf(() => 'ana/outbox');
    const me = { username: 'ana', name: 'Ana' };
    return [newSocket, new Outbox(newSocket, shelf, () => me)];
  }

  const turn = () => vi.advanceTimersByTimeAsync(0);
  const bodies = () => outbox.of('t').map(({ body }) => body);
  const sent = () => server.socket.commands.map(({ body }) => body);
  const accept = async (seq: number) => {
    const created_at = '2026-11-24T09:30:00.125Z';
    server.socket.answer('message.post', { message: { seq, created_at } });
    await turn();
  };

  it('shows a message at once and sends it when there is a connection', async () => {
    const id = outbox.post('t', 'hi', { replyTo: 'm0' });
    expect(outbox.of('t')).toMatchObject([
      { id, body: 'hi', author: 'ana', pending: 'queued', replyTo: 'm0' }
    ]);
    expect(outbox.of('other')).toEqual([]);
    server.socket.open();
    expect(server.socket.commands).toMatchObject([
      { id, do: 'message.post', thread: 't', body: 'hi', reply_to: 'm0' }
    ]);
    await accept(7);
    expect(outbox.of('t')).toMatchObject([
      { id, seq: 7, pending: undefined, author: 'ana' }
    ]);
    outbox.settle('t', arrived => arrived === id);
    expect(outbox.of('t')).toEqual([]);
    expect(localStorage).toHaveLength(0);
  });

  it('sends one after the other, in order, threads side by side', async () => {
    server.socket.open();
    outbox.post('t', 'one');
    outbox.post('t', 'two');
    outbox.post('u', 'elsewhere');
    expect(sent()).toEqual(['one', 'elsewhere']);
    await accept(0);
    expect(sent()).toEqual(['one', 'elsewhere']);
    server.socket.say({ re: server.socket.commands[0].id, ok: {} });
    await turn();
    expect(sent()).toEqual(['one', 'elsewhere', 'two']);
  });

  it('loses nothing when the page is reloaded while offline', async () => {
    server.socket.open();
    outbox.post('t', 'one');
    outbox.post('t', 'two');
    window.dispatchEvent(new Event('offline'));
    const before = outbox.of('t').map(({ id }) => id);
    outbox.dispose();
    socket.dispose();

    [socket, outbox] = newPage();
    outbox.resume();
    expect(outbox.of('t').map(({ id }) => id)).toEqual(before);
    server.socket.open();
    await accept(0);
    await accept(1);
    expect(server.socket.commands.map(({ id }) => id)).toEqual(before);
    expect(localStorage).toHaveLength(0);
  });

  it('keeps a refused message with the reason, and the ones after it go on', async () => {
    server.socket.open();
    const id = outbox.post('t', 'one');
    outbox.post('t', 'two');
    const error = { code: 'too_large', message: 'It is too long.' };
    server.socket.refuse('message.post', error);
    await turn();
    expect(outbox.of('t')[0]).toMatchObject({
      body: 'one',
      pending: 'refused',
      refusal: 'It is too long.'
    });
    expect(sent()).toEqual(['one', 'two']);
    await accept(0);
    outbox.retry(id);
    expect(sent()).toEqual(['one', 'two', 'one']);
    expect(outbox.of('t')[0].pending).toBe('queued');
  });

  it('tries again by itself when the server asks for patience', async () => {
    server.socket.open();
    outbox.post('t', 'one');
    const details = { retry_after: 5 };
    const error = { code: 'rate_limited', message: 'Slowly.', details };
    server.socket.refuse('message.post', error);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(sent()).toEqual(['one']);
    expect(outbox.of('t')[0].pending).toBe('queued');
    await vi.advanceTimersByTimeAsync(1);
    expect(sent()).toEqual(['one', 'one']);
  });

  it('forgets what is thrown away', async () => {
    const id = outbox.post('t', 'one');
    outbox.post('t', 'two');
    outbox.discard(id);
    await turn();
    expect(bodies()).toEqual(['two']);
    server.socket.open();
    expect(sent()).toEqual(['two']);
    expect(localStorage).toHaveLength(1);
  });

  it('lets a sent message go even when it is never seen to arrive', async () => {
    server.socket.open();
    outbox.post('t', 'one');
    await accept(0);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(bodies()).toEqual([]);
  });

  it('works without storage', () => {
    const full = vi.spyOn(Storage.prototype, 'setItem');
    full.mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    server.socket.open();
    outbox.post('t', 'one');
    expect(sent()).toEqual(['one']);
    full.mockRestore();
  });
});
