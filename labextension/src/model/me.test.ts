import { describe, expect, it } from 'vitest';

import { asMe, type IMeJson } from './me';

const ANA: IMeJson = {
  username: 'ana',
  name: 'Ana',
  avatar: null,
  assistant_name: 'Assistant',
  assistant_enabled: true,
  models: [],
  auto_model: false,
  replies: null,
  dictation: null,
  allowed: {
    threads: true,
    invitation_links: true,
    add_people: false,
    reports: false,
    keep_days: null,
    audit_bodies: false,
    guests_allowed: true,
    guest_days: 30
  },
  limits: { file_bytes: 0, file_types: [] }
};

describe('asMe', () => {
  it('lets somebody with an account catch up where there is an assistant', () => {
    expect(asMe(ANA).allowed.catchUp).toBe(true);
    expect(asMe({ ...ANA, assistant_enabled: false }).allowed.catchUp).toBe(
      false
    );
  });

  it('offers links for guests where the operator lets them in', () => {
    const allowed = { ...ANA.allowed, guests_allowed: false };
    expect(asMe(ANA).allowed.guestDays).toBe(30);
    expect(asMe({ ...ANA, allowed }).allowed.guestDays).toBeNull();
  });

  it('offers a guest nothing that needs an account', () => {
    const guest = {
      thread_id: 't',
      ends_at: '2026-11-25T10:00:00.000Z',
      invited_by: 'Ana'
    };
    const hana = asMe({ ...ANA, username: 'guest:1', name: 'Hana', guest });
    const { replies, catchUp, drafts, versions, messageLinks } = hana.allowed;
    expect([replies, catchUp, drafts, versions, messageLinks]).toEqual(
      Array(5).fill(false)
    );
    expect(hana.guest).toEqual({
      threadId: 't',
      endsAt: new Date('2026-11-25T10:00:00.000Z'),
      invitedBy: 'Ana'
    });
  });
});
