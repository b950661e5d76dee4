/** What the panel shows, as immutable values; a part of `interfaces`. */
import type { JSONObject } from '@lumino/coreutils';

export type Role = 'owner' | 'member' | 'annotator' | 'reviewer';
export type Mode = 'auto' | 'mention' | 'quiet';
export type MessageKind =
  'human' | 'assistant' | 'kernel' | 'system' | 'import';
export type MessageStatus =
  'complete' | 'streaming' | 'failed' | 'cancelled' | 'interrupted';

/** What a message can be marked with: as important, or as a decision of the group. */
export type Mark = 'pinned' | 'agreed';

/** What a thread can be saved as. */
export type ExportFormat = 'markdown' | 'ipynb' | 'jsonl';

/** The username under which the assistant writes. */
export const ASSISTANT = 'assistant';

/** Whether somebody has no account and came by a guest link. */
export function isGuest(username: string): boolean {
  return username.startsWith('guest:');
}

/** What a thread's model is set to for one to be chosen by the question. */
export const AUTO_MODEL = 'auto';

/** A person, as members see them. `colour` is 0 to 11, an index into the cursor colours. */
export interface IMember {
  readonly username: string;
  readonly name: string;
  readonly role: Role;
  readonly colour: number;
  readonly joinedAt: Date;
  readonly invitedBy?: string;
  readonly avatar?: string;
  /** When a guest's access ends. */
  readonly guestUntil?: Date;
}

/** A tool that a reply used, or uses: `label` says about what. */
export interface IToolUse {
  readonly name: string;
  readonly label: string;
  readonly status: 'running' | 'done' | 'failed' | 'stopped';
  readonly ms?: number;
  readonly error?: string;
}

export interface IReplyInfo {
  readonly asked_by?: string;
  readonly about?: string;
  /** What the endpoint calls the model, and what members do where that differs. */
  readonly model?: string;
  readonly model_name?: string;
  /** Why it was this model, where nobody simply chose it. */
  readonly model_why?: string;
  /** The reply to which this is a second opinion. */
  readonly beside?: string;
  readonly error?: string;
  /** How much went into the request, and the shared cells that did, by content hash. */
  readonly seen?: { messages: number; cells: { [shareId: string]: string } };
  readonly tokens?: number;
  readonly tools?: readonly IToolUse[];
  /** Pages of the web that it cites. */
  readonly links?: readonly { url: string; title: string }[];
}

export interface IDecision {
  readonly act: 'reply' | 'react' | 'stay_out' | 'stop' | 'wait' | 'ask_model';
  readonly reason: string;
  readonly by: 'rule' | 'model';
}

/** A message. `pending` ones are this client's own, not yet acknowledged. */
export interface IMessage {
  readonly id: string;
  readonly seq: number;
  readonly author: string;
  readonly authorName: string;
  readonly kind: MessageKind;
  readonly via?: string;
  readonly at: Date;
  readonly body: string;
  readonly status: MessageStatus;
  readonly replyTo?: string;
  readonly mentions: readonly string[];
  readonly cells: readonly string[];
  readonly files: readonly string[];
  /** The usernames of those who wrote it together with the author. */
  readonly credits: readonly string[];
  readonly editedAt?: Date;
  readonly deleted: boolean;
  /** Of a deleted one that was too old: after how many days. */
  readonly expired?: number;
  readonly reply?: IReplyInfo;
  readonly decision?: IDecision;
  readonly reactions: readonly {
    emoji: string;
    usernames: readonly string[];
  }[];
  readonly pinnedBy?: string;
  readonly agreedBy?: string;
  /** `queued` while offline or unanswered; `refused` when the server said no: it says why and keeps the text. */
  readonly pending?: 'queued' | 'refused';
  readonly refusal?: string;
}

/** What a message said before it was edited. */
export interface IVersion {
  readonly body: string;
  readonly at: Date;
}

export interface ISharedCell {
  readonly id: string;
  readonly notebook: string;
  readonly cellId: string;
  readonly cellType: 'code' | 'markdown' | 'raw';
  readonly source: string;
  /** Outputs as in nbformat; the data of an image is `{file: sha256}`. */
  readonly outputs: readonly { [key: string]: unknown }[];
  readonly executionCount: number | null;
  readonly contentHash: string;
  readonly sharedBy: string;
  readonly updatedAt: Date;
  readonly live: boolean;
}

/** A file in a thread, as its document shows it. */
export interface IFile {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly size: number;
}

/** A cell as its sharer's notebook has it. `share` is chosen by the sharer's client. */
export interface INewCell {
  readonly share: string;
  readonly notebook: string;
  readonly cellId: string;
  readonly cellType: 'code' | 'markdown' | 'raw';
  readonly source: string;
  readonly outputs: readonly { [key: string]: unknown }[];
  readonly executionCount: number | null;
  readonly live: boolean;
  /** It must be shared already: what follows a notebook never brings a withdrawn cell back. */
  readonly update?: boolean;
}

export interface IInvitation {
  readonly id: string;
  readonly role: Role;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly maxUses: number | null;
  readonly uses: number;
  readonly open: boolean;
  /** For people without an account, who are in until it expires. */
  readonly guest: boolean;
  /** Only in the answer that created it. */
  readonly url?: string;
}

export interface IManifest {
  readonly model: string;
  readonly instructions: string;
  readonly messages: readonly string[];
  readonly messages_cut: readonly string[];
  readonly cells: readonly {
    id: string;
    notebook: string;
    cell_id: string;
    execution_count: number | null;
    content_hash: string;
    cut: boolean;
  }[];
  readonly files: readonly { id: string; name: string; cut: boolean }[];
  readonly tools: readonly string[];
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly counted_by: 'endpoint' | 'estimate';
  /** The tools that were called, in order; `tools` are those that were offered. */
  readonly used: readonly {
    name: string;
    label: string;
    arguments: JSONObject;
    status: IToolUse['status'];
    error: string | null;
    ms: number;
    result_hash: string;
    result_size: number;
  }[];
}

/** What one person missed, told to them alone. */
export interface ICatchUp {
  readonly points: readonly {
    /** Markdown. */
    text: string;
    /** What it rests on. */
    messages: readonly {
      id: string;
      seq: number;
      authorName: string;
      at: Date;
    }[];
    cells: readonly {
      id: string;
      notebook: string;
      executionCount: number | null;
    }[];
  }[];
  /** How many messages were read, and how many older ones did not fit. */
  readonly messages: number;
  readonly leftOut: number;
  /** Null where there was nothing to tell. */
  readonly model: string | null;
}

/** A row of the thread list. */
export interface IThreadRow {
  readonly id: string;
  readonly title: string;
  readonly notebook?: string;
  readonly archivedAt?: Date;
  readonly updatedAt: Date;
  readonly role: Role;
  readonly muted: boolean;
  readonly unread: number;
  readonly mentions: number;
  readonly members: readonly IMember[];
  readonly preview?: { authorName: string; body: string; kind?: MessageKind };
  /** People who ask to be let in, where that is the person's to decide. */
  readonly waiting: number;
}

export interface IConnection {
  readonly state: 'connecting' | 'online' | 'offline';
  /** When the next try is due, while offline. */
  readonly retryAt?: Date;
  /** Set when the server lets this person in no more: their sign-in has ended. */
  readonly signedOut?: boolean;
}

/** An error of the server, in its words. */
export interface IProblem {
  readonly code: string;
  readonly message: string;
}

/** A message that was looked for. */
export interface IFound {
  readonly threadId: string;
  readonly messageId: string;
  readonly seq: number;
  readonly authorName: string;
  readonly body: string;
  readonly at: Date;
}

/** A message that somebody wants the people who run the server to look at. */
export interface IReport {
  readonly id: string;
  /** Null where the thread is gone. */
  readonly title: string | null;
  readonly author: string;
  readonly body: string;
  readonly reportedBy: string;
  readonly reason: string;
  readonly at: Date;
}
