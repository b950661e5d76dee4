/** Who comes into threads, and how people are shown; a part of `interfaces`. */
import type { Role } from './interfaces';

/** Somebody who asks to be let into a thread. `role` is what they would be in it. */
export interface IJoinRequest {
  readonly username: string;
  readonly name: string;
  readonly avatar?: string;
  readonly role: Role;
  readonly invitedBy?: string;
  readonly askedAt: Date;
  /** Of a guest, when their access would end. */
  readonly guestUntil?: Date;
}

/** A thread that the person asks to be let into. */
export interface IWaiting {
  readonly thread: string;
  readonly title: string;
  /** The name of who decides. */
  readonly owner: string;
  readonly askedAt: Date;
  /** Set when they no longer wait, until they have read that. */
  readonly ended?: 'declined' | 'deleted';
}

/** Something about coming in that a person is told of wherever they are. */
export interface IArrival {
  readonly what: 'requested' | 'admitted' | 'declined';
  readonly thread: string;
  readonly title: string;
  /** Who asks, or who decided. */
  readonly name: string;
}

/** Somebody who can be added to a thread. */
export interface IFoundPerson {
  readonly username: string;
  readonly name: string;
  readonly avatar?: string;
}

/** How the person is shown. `displayName` and `picture` are their own, `name` and `avatar` what others see. */
export interface IProfile {
  readonly username: string;
  /** What the identity provider says. */
  readonly identityName: string;
  readonly displayName?: string;
  readonly picture?: string;
  readonly name: string;
  readonly avatar?: string;
}

/** The person's own name and picture. Each change is seen by everybody in their threads. */
export interface IOwnProfile {
  read(): Promise<IProfile>;
  /** Null for what the identity provider says. */
  rename(name: string | null): Promise<IProfile>;
  setPicture(file: Blob): Promise<IProfile>;
  removePicture(): Promise<IProfile>;
}

/** What a guest is in. */
export interface IGuest {
  readonly threadId: string;
  readonly endsAt: Date;
  /** The name of who made their link. */
  readonly invitedBy: string;
}

/** Who is signed in, and what is possible for them. */
export interface IMe {
  readonly username: string;
  readonly name: string;
  readonly avatar?: string;
  readonly assistantName: string;
  readonly assistantEnabled: boolean;
  /** The names of the models that can answer, the default first. */
  readonly models: readonly string[];
  /** Whether one can be chosen by the question. */
  readonly autoModel: boolean;
  /** Replies left, null where there is no limit. */
  readonly replies: { left: number; limit: number; until: string } | null;
  /**
   * What this person may do where their role in a thread allows it: start threads, invite by link, add by name.
   * `keepDays` is after how many days messages are deleted in every thread, null for never.
   */
  readonly allowed: {
    threads: boolean;
    invitationLinks: boolean;
    addPeople: boolean;
    /** Whether the person keeps the server, and reads what was reported. */
    reports: boolean;
    keepDays: number | null;
    /** Whether the people who run the server keep copies of what is edited, deleted, shared and asked. */
    auditBodies: boolean;
    /** Ask for a reply to any message, or for another one. Everybody may mention the assistant. */
    replies: boolean;
    /** Have it told what one missed. */
    catchUp: boolean;
    /** Write messages together with others. */
    drafts: boolean;
    /** For how many days guests can be let in at most; null where they cannot be. */
    guestDays: number | null;
    /** Look up what their own messages said before an edit. */
    versions: boolean;
    /** Copy links to messages, which open in JupyterLab. */
    messageLinks: boolean;
  };
  /** Set for a guest, who is in one thread without an account, until their access ends. */
  readonly guest: IGuest | null;
  /** How long and how large a recording may be; null where nobody writes recordings down. */
  readonly dictation: { seconds: number; bytes: number } | null;
  /** What a file may be: bytes at most, and its media types; none where files are switched off. */
  readonly files: { bytes: number; types: readonly string[] };
}
