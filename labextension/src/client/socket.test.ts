import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Backoff } from './backoff';
import { FakeServer } from './doubles';
import { Socket } from './socket';

describe('Socket', () => {
  let server: FakeServer;
  let socket: Socket;

  beforeEach(() => {
    vi.useFakeTimers();
    server = new FakeServer();
    socket = new Socket({
      open: server.open,
      backoff: new Backoff(1_000, 8_000, () => 1)
    });
  });

  afterEach(() => {
    socket.dispose();
    vi.useRealTimers();
  });

  const post = () =>
    socket.request(
      { do: 'message.post', thread: 't', body: 'hi' },
      { id: 'm1' }
    );

  it('sends what was asked for before it was open', async () => {
    const answer = post();
    expect(server.socket.commands).toEqual([]);
    server.socket.open();
    server.socket.answer('message.post', { message: { seq: 4 } });
    expect(await answer).toEqual({ message: { seq: 4 } });
  });

  it('rejects with the words of the server', async () => {
    server.socket.open();
    const answer = post();
    const details = { retry_after: 2 };
    const error = { code: 'rate_limited', message: 'Slowly.', details };
    server.socket.refuse('message.post', error);
    await expect(answer).rejects.toMatchObject({
      code: 'rate_limited',
      message: 'Slowly.',
      retryAfter: 2,
      passing: true
    });
  });

  it('sends an unanswered command again, with the same id', async () => {
    server.socket.open();
    const answer = post();
    server.socket.drop();
    vi.advanceTimersByTime(1_000);
    server.socket.open();
    expect(server.sockets).toHaveLength(2);
    expect(server.socket.commands).toEqual(server.sockets[0].commands);
    server.socket.answer('message.post', {});
    await answer;
    server.socket.drop();
    vi.advanceTimersByTime(1_000);
    server.socket.open();
    expect(server.socket.commands).toEqual([]);
  });

  it('keeps the order of what waits', () => {
    for (const id of ['a', 'b', 'c']) {
      const read = { do: 'read.put', thread: 't', seq: 1 } as const;
      socket.request(read, { id }).catch(() => undefined);
    }
    server.socket.open();
    const ids = server.socket.commands.map(({ id }) => id);
    expect(ids).toEqual(['a', 'b', 'c']);
  });

  it('does not keep what belongs to one connection', async () => {
    const typing = { do: 'typing', thread: 't' } as const;
    const early = socket.request(typing, { kept: false });
    await expect(early).rejects.toMatchObject({ code: 'connection_lost' });
    server.socket.open();
    const late = socket.request(typing, { kept: false });
    server.socket.drop();
    await expect(late).rejects.toMatchObject({ code: 'connection_lost' });
    vi.advanceTimersByTime(1_000);
    server.socket.open();
    expect(server.socket.commands).toEqual([]);
  });

  it('waits longer after each failure and says until when', () => {
    const waits = [1_000, 2_000, 4_000, 8_000, 8_000];
    for (const wait of waits) {
      server.socket.drop();
      expect(socket.link).toEqual({
        state: 'offline',
        retryAt: new Date(Date.now() + wait)
      });
      const tries = server.sockets.length;
      vi.advanceTimersByTime(wait - 1);
      expect(server.sockets).toHaveLength(tries);
      vi.advanceTimersByTime(1);
      expect(server.sockets).toHaveLength(tries + 1);
    }
    server.socket.open();
    expect(socket.link).toEqual({ state: 'online' });
    server.socket.drop();
    expect(+socket.link.retryAt! - Date.now()).toBe(1_000);
  });

  it('tries at once when asked to, once', () => {
    server.socket.drop();
    socket.retryNow();
    socket.retryNow();
    expect(server.sockets).toHaveLength(2);
    vi.advanceTimersByTime(5_000);
    expect(server.sockets).toHaveLength(2);
  });

  it('goes offline with the window, and comes back with it', () => {
    server.socket.open();
    window.dispatchEvent(new Event('offline'));
    expect(socket.link.state).toBe('offline');
    expect(server.socket.closed).toBe(true);
    window.dispatchEvent(new Event('online'));
    server.socket.open();
    expect(socket.link.state).toBe('online');
  });

  it('does not listen to a socket that it gave up', () => {
    const old = server.socket;
    old.open();
    window.dispatchEvent(new Event('offline'));
    window.dispatchEvent(new Event('online'));
    server.socket.open();
    const heard = vi.fn();
    socket.received.connect(heard);
    old.say({ event: 'thread.gone', thread: 't', title: '', why: 'left' });
    old.drop();
    expect(heard).not.toHaveBeenCalled();
    expect(socket.link.state).toBe('online');
  });

  it('gives up a connection that owes an answer and is silent', () => {
    server.socket.open();
    vi.advanceTimersByTime(60_000);
    expect(socket.link.state).toBe('online');
    post().catch(() => undefined);
    vi.advanceTimersByTime(15_000);
    server.socket.say({ event: 'presence', thread: 't', here: [], typing: [] });
    vi.advanceTimersByTime(15_000);
    expect(socket.link.state).toBe('online');
    vi.advanceTimersByTime(5_000);
    expect(socket.link.state).toBe('offline');
  });

  it('is silent after it was disposed', async () => {
    server.socket.open();
    const answer = post();
    socket.dispose();
    await expect(answer).rejects.toMatchObject({ code: 'connection_lost' });
    vi.advanceTimersByTime(60_000);
    expect(server.sockets).toHaveLength(1);
    await expect(post()).rejects.toMatchObject({ code: 'connection_lost' });
  });

  it('says once that the chat was put back, and keeps what was not answered', async () => {
    let replaced = 0;
    socket.replaced.connect(() => (replaced += 1));
    const connect = (generation: string) => {
      server.socket.open();
      server.socket.say({ event: 'connected', generation });
    };
    connect('a');
    const answer = post();
    for (const generation of ['a', 'b', 'b']) {
      server.socket.drop();
      vi.advanceTimersByTime(1_000);
      connect(generation);
    }
    expect(replaced).toBe(1);
    server.socket.answer('message.post', { message: { seq: 4 } });
    expect(await answer).toEqual({ message: { seq: 4 } });
  });
});
