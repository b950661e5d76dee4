import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { Socket } from '../client/socket';
import { FakeDocuments, putMessage } from './doubles';
import { PAGE_SIZE, Pages } from './pages';

describe('Pages', () => {
  let server: FakeDocuments;
  let socket: Socket;
  let pages: Pages;

  beforeEach(() => {
    server = new FakeDocuments();
    socket = new Socket({ open: server.open });
    pages = new Pages(socket, 't', () => undefined);
    server.socket.open();
  });

  afterEach(() => {
    pages.dispose();
    socket.dispose();
  });

  function fill(from: number, to: number): void {
    for (let seq = from; seq <= to; seq++) {
      const page = server.doc(`page:t:${Math.floor(seq / PAGE_SIZE)}`);
      putMessage(page, `m${seq}`, seq);
    }
  }

  const serve = () => server.serve(() => new Promise(r => setTimeout(r, 0)));
  const range = () => [pages.messages[0]?.seq, pages.messages.at(-1)?.seq];

  it('opens an empty thread', async () => {
    const shown = pages.showNewest(-1);
    await serve();
    await shown;
    expect(pages.messages).toEqual([]);
    expect(pages.hasOlder).toBe(false);
  });

  it('opens the newest page only, and older ones on request', async () => {
    fill(0, 3 * PAGE_SIZE + 100);
    void pages.showNewest(3 * PAGE_SIZE + 100);
    await serve();
    expect(range()).toEqual([3 * PAGE_SIZE, 3 * PAGE_SIZE + 100]);
    expect(pages.hasOlder).toBe(true);
    const older = pages.loadOlder();
    await serve();
    await older;
    expect(range()).toEqual([2 * PAGE_SIZE, 3 * PAGE_SIZE + 100]);
    const from = pages.loadFrom(PAGE_SIZE + 5);
    await serve();
    await from;
    expect(range()).toEqual([0, 3 * PAGE_SIZE + 100]);
    expect(pages.hasOlder).toBe(false);
  });

  it('fills a screen when the newest page has just begun', async () => {
    fill(0, 2 * PAGE_SIZE + 1);
    void pages.showNewest(2 * PAGE_SIZE + 1);
    await serve();
    expect(range()).toEqual([PAGE_SIZE, 2 * PAGE_SIZE + 1]);
  });

  it('goes over to a new page without a gap', async () => {
    fill(0, 100);
    void pages.showNewest(100);
    await serve();
    fill(101, PAGE_SIZE);
    void pages.showNewest(PAGE_SIZE);
    expect(range()).toEqual([0, PAGE_SIZE - 1]);
    await serve();
    expect(range()).toEqual([0, PAGE_SIZE]);
    expect(pages.has(`m${PAGE_SIZE}`)).toBe(true);
  });

  it('opens the next page before it is needed, and again if that was too early', async () => {
    fill(0, PAGE_SIZE - 1);
    server.refused.add('page:t:1');
    void pages.showNewest(PAGE_SIZE - 10);
    await serve();
    expect(range()).toEqual([0, PAGE_SIZE - 1]);
    expect(server.docs.has('page:t:1')).toBe(false);
    server.refused.clear();
    void pages.showNewest(PAGE_SIZE - 9);
    await serve();
    fill(PAGE_SIZE, PAGE_SIZE);
    expect(range()).toEqual([0, PAGE_SIZE]);
    expect(pages.hasOlder).toBe(false);
  });

  it('shows the newest page alone after a long absence', async () => {
    fill(0, 10);
    void pages.showNewest(10);
    await serve();
    fill(11, 9 * PAGE_SIZE + 50);
    void pages.showNewest(9 * PAGE_SIZE + 50);
    await serve();
    expect(range()).toEqual([9 * PAGE_SIZE, 9 * PAGE_SIZE + 50]);
    expect(pages.hasOlder).toBe(true);
  });
});
