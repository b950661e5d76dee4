/**
 * What the panel shows and asks for. The model implements it over the socket; the panel knows nothing below it.
 *
 * Values are immutable snapshots: an unchanged message keeps its identity, so that React can skip it.
 */
import type { JSONObject } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';

import type {
  IArrival,
  IFoundPerson,
  IJoinRequest,
  IMe,
  IOwnProfile,
  IWaiting
} from './people';
import type { IBringing, ISharedDraft, ISharedDraftRow } from './together';
import type {
  ExportFormat,
  ICatchUp,
  IConnection,
  IFile,
  IFound,
  IInvitation,
  IManifest,
  IMember,
  IMessage,
  INewCell,
  IProblem,
  IReport,
  ISharedCell,
  IThreadRow,
  Mark,
  Mode,
  Role,
  IVersion
} from './values';

export type * from './people';
export type * from './together';
export * from './values';

/** All that concerns the signed-in person. */
export interface IGroupChat extends IDisposable {
  readonly me: IMe | null;
  readonly connection: IConnection;
  readonly threads: readonly IThreadRow[];
  /** Where the person asks to be let in. */
  readonly waiting: readonly IWaiting[];
  /** False until the list was loaded once. */
  readonly loaded: boolean;
  readonly problem: IProblem | null;
  /** Emitted after any change of the fields above. */
  readonly changed: ISignal<this, void>;
  /** A message that may concern the person arrived; for notifications. Never their own, never when muted. */
  readonly notified: ISignal<
    this,
    {
      thread: string;
      title: string;
      author: string;
      preview: string;
      mentioned: boolean;
    }
  >;
  readonly arrived: ISignal<this, IArrival>;
  readonly profile: IOwnProfile;
  /** The address of somebody's `avatar`. */
  pictureUrl(avatar: string): string;
  /** All of the chat was put back from a backup: threads and messages that came after it are gone. */
  readonly replaced: ISignal<this, void>;
  /** For operators: how many reports wait to be looked at. */
  readonly openReports: number;
  /** For operators: somebody reported a message. */
  readonly reported: ISignal<this, void>;
  /** The open reports, the newest first; operators only. */
  reports(): Promise<readonly IReport[]>;
  closeReport(reportId: string): Promise<void>;
  retryNow(): void;
  refresh(): Promise<void>;
  create(options: {
    title: string;
    notebook?: string;
    mode?: Mode;
    instructions?: string;
  }): Promise<string>;
  /** Come by an invitation: into its thread, or to wait for its owner to let one in. */
  join(
    code: string
  ): Promise<{ thread: string; waiting?: undefined } | { waiting: IWaiting }>;
  /** No longer ask to be let in, or take note that one was not. */
  withdraw(threadId: string): Promise<void>;
  /** Start a thread with what a file holds. `progress` hears which share of it has left. */
  bringIn(
    file: File,
    options?: { progress?: (share: number) => void; signal?: AbortSignal }
  ): Promise<string>;
  /** Open a thread; the same object while anybody holds it. Dispose it to let go. */
  open(threadId: string): IThread;
  /** Share or update a cell without opening the thread. */
  putCell(threadId: string, cell: INewCell): Promise<void>;
  withdrawCell(threadId: string, shareId: string): Promise<void>;
  /** What lets a kernel take part in a thread in one's name. */
  ticket(threadId: string): Promise<JSONObject>;
  /** What a recording says, written down by the operator's endpoint. */
  transcribe(recording: Blob, signal?: AbortSignal): Promise<string>;
  search(query: string, threadId?: string): Promise<readonly IFound[]>;
}

/** One open thread. */
export interface IThread extends IDisposable {
  readonly id: string;
  /** False until the thread document and its newest page were read. */
  readonly loaded: boolean;
  /** Set when the thread cannot be shown: removed, deleted, not found. */
  readonly gone: IProblem | null;
  readonly title: string;
  readonly mode: Mode;
  readonly instructions: string;
  readonly notebook?: string;
  /** Which model answers: one of `IMe.models`, `AUTO_MODEL`, or undefined for the default. */
  readonly model?: string;
  readonly archivedAt?: Date;
  /** Whether the owner decides who joins by a link. */
  readonly approval: boolean;
  /** People who ask to be let in, where that is the person's to decide. */
  readonly waiting: number;
  /** After how many days its messages are deleted; undefined for never, as far as the thread is concerned. */
  readonly keepDays?: number;
  readonly members: readonly IMember[];
  readonly here: ReadonlySet<string>;
  readonly typing: readonly string[];
  readonly cells: ReadonlyMap<string, ISharedCell>;
  /** What messages name in their `files`. */
  readonly files: ReadonlyMap<string, IFile>;
  /** Which messages are marked, by id: another object after each change. */
  readonly marks: ReadonlyMap<string, unknown>;
  /** Loaded messages, oldest first, followed by pending ones. */
  readonly messages: readonly IMessage[];
  readonly hasOlder: boolean;
  /** The `seq` up to which the person had read when the thread was opened: the unread divider follows it. */
  readonly readSeq: number;
  readonly role: Role;
  readonly muted: boolean;
  /** What the assistant tells this person only, such as used-up replies. */
  readonly notice: { text: string; until?: Date } | null;
  /** Emitted after any change of the fields above, at most once a frame. */
  readonly changed: ISignal<this, void>;

  loadOlder(): Promise<void>;
  /** Load pages until the message is there; its index, or -1. */
  reveal(messageId: string, seq?: number): Promise<number>;
  /** Put a message in the queue; it is shown at once and sent when possible, exactly once. */
  post(
    body: string,
    options?: { replyTo?: string; cells?: string[]; files?: string[] }
  ): void;
  retry(messageId: string): void;
  discard(messageId: string): void;
  /** What was typed and not sent; kept in this browser. */
  readonly draft: string;
  setDraft(text: string): void;
  /** Messages that members write together now, the oldest first. */
  readonly together: readonly ISharedDraftRow[];
  /** Begin one, with a text to start from and what goes along; its id. */
  beginTogether(text: string, brought?: IBringing): Promise<string>;
  /** Join one. Dispose it to leave. */
  joinTogether(draftId: string): ISharedDraft;
  edit(messageId: string, body: string): Promise<void>;
  remove(messageId: string): Promise<void>;
  react(messageId: string, emoji: string, on: boolean): Promise<void>;
  mark(
    messageId: string,
    marks: { pinned?: boolean; agreed?: boolean }
  ): Promise<void>;
  /** The messages with a mark, the newest first, loaded or not. */
  marked(mark: Mark): Promise<readonly IFound[]>;
  /** Show a message to the people who run the server. */
  report(messageId: string, reason: string): Promise<void>;
  /** Ask the assistant about a message; `beside` a finished reply for a second opinion by another model. */
  ask(
    messageId: string,
    options?: { model?: string; beside?: string }
  ): Promise<void>;
  stop(messageId: string): Promise<void>;
  /** What a message said before it was edited, the oldest first; for its author and the owner. */
  versions(messageId: string): Promise<readonly IVersion[]>;
  manifest(messageId: string): Promise<IManifest>;
  /** Have the person told, in private, what was said after `since`; -1 for all of it. */
  catchUp(since: number, signal?: AbortSignal): Promise<ICatchUp>;
  setTyping(typing: boolean): void;
  markRead(seq: number): void;
  patch(changes: {
    title?: string;
    mode?: Mode;
    instructions?: string;
    archived?: boolean;
    approval?: boolean;
    keepDays?: number | null;
    model?: string;
  }): Promise<void>;
  /** How many messages are older than so many days; for the owner. */
  older(days: number): Promise<number>;
  setMuted(muted: boolean): Promise<void>;
  setRole(username: string, role: Role): Promise<void>;
  /** Whom one can add, by how their names begin. */
  findPeople(words: string): Promise<readonly IFoundPerson[]>;
  addMember(username: string, role: Role): Promise<void>;
  removeMember(username: string): Promise<void>;
  /** Who asks to be let in, the longest first; the owner's to know. */
  requests(): Promise<readonly IJoinRequest[]>;
  admit(username: string): Promise<void>;
  decline(username: string): Promise<void>;
  leave(): Promise<void>;
  delete(): Promise<void>;
  copy(throughSeq?: number): Promise<string>;
  invitations(): Promise<readonly IInvitation[]>;
  invite(options: {
    role: Role;
    expiresIn: number | null;
    maxUses: number | null;
    /** For people without an account; then the role is reviewer, and it expires. */
    guest: boolean;
  }): Promise<IInvitation>;
  revoke(invitationId: string): Promise<void>;
  putCell(cell: INewCell): Promise<void>;
  withdrawCell(shareId: string): Promise<void>;
  /** Put a file into the thread, for a message to name. `progress` hears which share of it has left. */
  upload(
    file: File,
    options?: { progress?: (share: number) => void; signal?: AbortSignal }
  ): Promise<IFile>;
  deleteFile(fileId: string): Promise<void>;
  /** Where the bytes of a file or of an image in a shared cell are. */
  fileUrl(fileId: string): string;
  /** Where the whole thread can be saved from. */
  exportUrl(format: ExportFormat): string;
}

/** What the panel asks of the notebook side; absent where there is no notebook (the guest's page). */
export interface INotebookBridge {
  /** Whether a notebook with an active cell is in front. */
  readonly available: boolean;
  readonly changed: ISignal<this, void>;
  /** The path of the notebook in front. */
  readonly path: string | null;
  /** Share the selected cells of the notebook in front with a thread; the share ids. */
  shareSelection(thread: IThread): Promise<string[]>;
  goTo(cell: ISharedCell): Promise<void>;
  insertBelow(code: string): Promise<void>;
  replaceActive(code: string): Promise<void>;
  keepVersion(thread: IThread, shareId: string): Promise<void>;
}
