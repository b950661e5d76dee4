import { ServerConnection } from '@jupyterlab/services';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Api } from '../client/api';
import { Door, type Stand } from './door';

const LINK = {
  thread_id: 't',
  title: 'Churn review',
  invited_by: 'Ana',
  ends_at: '2026-11-25T10:00:00.000Z',
  asks_owner: false
};
const ME = { name: 'Hana', guest: { thread_id: 't' } };

type Answer = [status: number, body: object];

function refusal(code: string, reason?: string, status = 403): Answer {
  const details = reason ? { reason } : {};
  return [status, { error: { code, message: 'No.', details } }];
}

describe('Door', () => {
  let answers: { [request: string]: Answer | undefined };
  let asked: string[];
  let sent: unknown[];
  let entered: number;
  let onLeave: (() => void) | undefined;
  let doors: Door[];

  beforeEach(() => {
    vi.useFakeTimers();
    answers = {
      'GET me': refusal('not_allowed', 'none'),
      'POST leave': [200, {}]
    };
    asked = [];
    sent = [];
    entered = 0;
    doors = [];
    onLeave = undefined;
  });

  afterEach(() => {
    doors.forEach(door => door.dispose());
    vi.useRealTimers();
  });

  function doorFor(code: string): Door {
    const fetch = async (input: RequestInfo) => {
      const request = input as Request;
      const [, path] = request.url.split('groupchat/guest/api/');
      const key = `${request.method} ${path}`;
      asked.push(key);
      if (key === 'POST leave') {
        onLeave?.();
      }
      if (request.method === 'POST') {
        sent.push(JSON.parse((await request.text()) || 'null'));
      }
      const answer = answers[key];
      if (!answer) {
        throw new TypeError('away');
      }
      return new Response(JSON.stringify(answer[1]), { status: answer[0] });
    };
    const settings = ServerConnection.makeSettings({ fetch });
    const api = new Api(settings, 'groupchat/guest/api');
    const door = new Door(api, code, () => (entered += 1));
    doors.push(door);
    return door;
  }

  async function opened(code: string): Promise<Stand> {
    const door = doorFor(code);
    await door.open();
    return door.stand;
  }

  it('goes on in the session that there is', async () => {
    answers['GET me'] = [200, ME];
    expect(await opened('')).toEqual({ at: 'inside', threadId: 't' });
    expect(asked).toEqual(['GET me']);
  });

  it('asks who comes by a link for a name, and lets them in', async () => {
    answers['POST peek'] = [200, LINK];
    answers['POST enter'] = [200, { thread_id: 't', ends_at: LINK.ends_at }];
    const door = doorFor('code');
    await door.open();
    expect(door.stand).toMatchObject({ at: 'asked', elsewhere: null });
    await door.enter('Hana');
    expect(door.stand).toEqual({ at: 'inside', threadId: 't' });
    expect(sent).toEqual([{ code: 'code' }, { code: 'code', name: 'Hana' }]);
    expect(entered).toBe(1);
  });

  it('goes on where the link leads to the thread of the session', async () => {
    answers['GET me'] = [200, ME];
    answers['POST peek'] = [200, LINK];
    expect(await opened('code')).toEqual({ at: 'inside', threadId: 't' });
  });

  it('asks before another thread takes the place of the session', async () => {
    answers['GET me'] = [200, ME];
    answers['POST peek'] = [200, { ...LINK, thread_id: 'u' }];
    const door = doorFor('code');
    await door.open();
    expect(door.stand).toMatchObject({ at: 'asked', elsewhere: 'Hana' });
    await door.stay();
    expect(door.stand).toEqual({ at: 'inside', threadId: 't' });
  });

  it('keeps the session when the link opens nothing', async () => {
    answers['GET me'] = [200, ME];
    answers['POST peek'] = refusal('invitation_gone', 'unknown', 410);
    expect(await opened('code')).toMatchObject({ at: 'inside' });
  });

  it.each([
    ['invitation_gone', 'unknown', 410, 'wrong'],
    ['invitation_gone', 'expired', 410, 'gone'],
    ['thread_full', undefined, 409, 'full'],
    ['conflict', 'archived', 409, 'archived'],
    ['rate_limited', undefined, 429, 'guesses'],
    ['not_allowed', 'off', 403, 'off']
  ])(
    'says why a link opens nothing: %s, %s',
    async (code, reason, status, why) => {
      answers['POST peek'] = refusal(code, reason, status);
      expect(await opened('code')).toMatchObject({ at: 'closed', why });
    }
  );

  it('waits for the owner, and opens by itself', async () => {
    const waiting = { waiting: true, title: 'Churn review', invited_by: 'Ana' };
    answers['GET me'] = [202, waiting];
    const door = doorFor('code');
    await door.open();
    expect(door.stand).toMatchObject({ at: 'waiting', title: 'Churn review' });
    await vi.advanceTimersByTimeAsync(3_000);
    expect(door.stand.at).toBe('waiting');
    answers['GET me'] = undefined; // the server restarts
    await vi.advanceTimersByTimeAsync(3_000);
    expect(door.stand.at).toBe('waiting');
    answers['GET me'] = [200, ME];
    await vi.advanceTimersByTimeAsync(3_000);
    expect(door.stand).toEqual({ at: 'inside', threadId: 't' });
  });

  it('says that the owner did not let them in', async () => {
    answers['GET me'] = [202, { waiting: true }];
    const door = doorFor('');
    await door.open();
    answers['GET me'] = refusal('not_allowed', 'denied');
    await vi.advanceTimersByTimeAsync(3_000);
    expect(door.stand).toMatchObject({ at: 'closed', why: 'denied' });
  });

  it('ends the session in one thread to come into another', async () => {
    answers['GET me'] = [200, ME];
    answers['POST peek'] = [200, { ...LINK, thread_id: 'u' }];
    answers['POST enter'] = refusal('conflict', 'elsewhere', 409);
    const door = doorFor('code');
    await door.open();
    onLeave = () =>
      (answers['POST enter'] = [
        200,
        { thread_id: 'u', ends_at: LINK.ends_at }
      ]);
    await door.enter('Hana');
    expect(asked.slice(-3)).toEqual(['POST enter', 'POST leave', 'POST enter']);
    expect(door.stand).toEqual({ at: 'inside', threadId: 'u' });
  });

  it('leaves a name to be changed that was refused', async () => {
    answers['POST peek'] = [200, LINK];
    answers['POST enter'] = refusal('not_allowed', 'name');
    const door = doorFor('code');
    await door.open();
    await expect(door.enter('Ana')).rejects.toThrow('No.');
    expect(door.stand.at).toBe('asked');
    expect(entered).toBe(0);
  });

  it('closes when the server lets one in no more, and not when it is away', async () => {
    answers['GET me'] = [200, ME];
    const door = doorFor('');
    await door.open();
    answers['GET me'] = undefined;
    await door.check();
    expect(door.stand.at).toBe('inside');
    answers['GET me'] = refusal('not_allowed', 'removed');
    await door.check();
    expect(door.stand).toMatchObject({ at: 'closed', why: 'removed' });
  });

  it('has nothing to show without a link or a session', async () => {
    expect(await opened('')).toMatchObject({ at: 'closed', why: 'none' });
    answers['GET me'] = undefined;
    expect(await opened('')).toEqual({ at: 'away' });
  });

  it('says that one has left', async () => {
    answers['GET me'] = [200, ME];
    const door = doorFor('');
    await door.open();
    await door.leave();
    expect(door.stand).toMatchObject({ at: 'closed', why: 'left' });
  });
});
