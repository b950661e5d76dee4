import type { IMe } from './interfaces';

/** What the server says of who is signed in. */
export interface IMeJson {
  readonly username: string;
  readonly name: string;
  readonly avatar: string | null;
  readonly assistant_name: string;
  readonly assistant_enabled: boolean;
  readonly models: readonly string[];
  readonly auto_model: boolean;
  readonly replies: IMe['replies'];
  readonly dictation: IMe['dictation'];
  readonly allowed: {
    threads: boolean;
    invitation_links: boolean;
    add_people: boolean;
    reports: boolean;
    keep_days: number | null;
    audit_bodies: boolean;
    guests_allowed: boolean;
    guest_days: number;
  };
  readonly guest?: {
    readonly thread_id: string;
    readonly ends_at: string;
    readonly invited_by: string;
  } | null;
  readonly limits: { file_bytes: number; file_types: readonly string[] };
}

/** The person, and what is possible here: what is not, no part of the panel shows. */
export function asMe(json: IMeJson): IMe {
  const guest = json.guest ?? null;
  const hasAccount = guest === null;
  return {
    username: json.username,
    name: json.name,
    avatar: json.avatar ?? undefined,
    assistantName: json.assistant_name,
    assistantEnabled: json.assistant_enabled,
    models: json.models,
    autoModel: json.auto_model,
    replies: json.replies,
    dictation: json.dictation,
    allowed: {
      threads: json.allowed.threads,
      invitationLinks: json.allowed.invitation_links,
      reports: json.allowed.reports,
      addPeople: json.allowed.add_people,
      keepDays: json.allowed.keep_days,
      auditBodies: json.allowed.audit_bodies,
      replies: hasAccount,
      catchUp: hasAccount && json.assistant_enabled,
      drafts: hasAccount,
      guestDays: json.allowed.guests_allowed ? json.allowed.guest_days : null,
      versions: hasAccount,
      messageLinks: hasAccount
    },
    guest: guest && {
      threadId: guest.thread_id,
      endsAt: new Date(guest.ends_at),
      invitedBy: guest.invited_by
    },
    files: { bytes: json.limits.file_bytes, types: json.limits.file_types }
  };
}
