import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JSONObject } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';

import type { IHitJson, IThreadJson, IWaitingJson } from '../client/answers';
import { Api } from '../client/api';
import type {
  AnyEvent,
  IJoinRequested,
  IRequestEnded,
  IThreadGone,
  IThreadJoined,
  IThreadUpdated
} from '../client/events';
import { Problem } from '../client/problem';
import { Socket } from '../client/socket';
import type { IUploadOptions } from '../client/upload';
import type { IConnected } from './connected';
import type {
  IArrival,
  IConnection,
  IFound,
  IGroupChat,
  IMe,
  INewCell,
  IProblem,
  IReport,
  IThread,
  IThreadRow,
  IWaiting,
  Mode
} from './interfaces';
import { Link } from './link';
import { asMe, type IMeJson } from './me';
import { Outbox } from './outbox';
import { OwnProfile } from './ownProfile';
import { Pulse } from './pulse';
import { Refresher } from './refresher';
import { Reports } from './reports';
import { asFound, putCell, withdrawCell } from './requests';
import { Rows } from './rows';
import { Shelf } from './shelf';
import { Thread } from './thread';
import { Waiting } from './waiting';

/** Before the hash of a picture that is kept here. */
const PICTURE = 'picture:';
/** How long after a reply its cost is asked for, in milliseconds: until then it may be still being written. */
const COUNT = 3_000;

/** The chat of the signed-in person: their list of threads, and one connection for all of them. */
export class GroupChat implements IGroupChat, IConnected {
  constructor(options: GroupChat.IOptions) {
    const settings = options.serverSettings ?? ServerConnection.makeSettings();
    this.trans = options.trans;
    this.api = new Api(settings, options.root);
    const shelf = (use: string) =>
      new Shelf(
        () => this.me && URLExt.join(settings.baseUrl, this.me.username, use)
      );
    this.drafts = shelf('drafts');
    this.socket = new Socket({ open: () => this.api.openSocket() });
    this.link = new Link(this.socket, this.api, () => this.pulse.beat());
    this.profile = new OwnProfile(this.api, this.socket);
    this.reportList = new Reports(this.api, this.socket, () =>
      this.reported.emit()
    );
    this.outbox = new Outbox(this.socket, shelf('outbox'), () => this.me);
    this.outbox.delivered.connect((_, message) => {
      this.rows.post(message);
      this.pulse.beat();
    });
    this.socket.received.connect(this.onEvent, this);
    this.socket.opened.connect(() => void this.refresh());
    this.socket.replaced.connect(() => {
      void this.refresh();
      this.replaced.emit();
    });
  }

  readonly socket: Socket;
  readonly api: Api;
  readonly outbox: Outbox;
  readonly drafts: Shelf;

  readonly changed = new Signal<this, void>(this);
  readonly notified = new Signal<this, GroupChat.INews>(this);
  readonly arrived = new Signal<this, IArrival>(this);
  readonly profile: OwnProfile;
  readonly reported = new Signal<this, void>(this);
  readonly replaced = new Signal<this, void>(this);

  get me(): IMe | null {
    return this.person;
  }

  get connection(): IConnection {
    return this.link.connection;
  }

  get threads(): readonly IThreadRow[] {
    return this.rows.sorted;
  }

  get waiting(): readonly IWaiting[] {
    return this.queue.list;
  }

  get loaded(): boolean {
    return this.isLoaded;
  }

  get problem(): IProblem | null {
    return this.trouble;
  }

  get openReports(): number {
    return this.reportList.open;
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  dispose(): void {
    if (this.disposed) {
      return;
    }
    this.disposed = true;
    this.refresher.stop();
    clearTimeout(this.counting);
    this.outbox.dispose();
    this.socket.dispose();
    this.pulse.dispose();
    Signal.clearData(this);
  }

  retryNow(): void {
    this.socket.retryNow();
  }

  refresh(): Promise<void> {
    return this.refresher.run();
  }

  private async fetch(): Promise<void> {
    const asked = this.queue.list;
    try {
      const [me, { threads }, { waiting }] = await Promise.all([
        this.api.get<IMeJson>(['me']),
        this.api.get<{ threads: readonly IThreadJson[] }>(['threads']),
        this.api.get<{ waiting: readonly IWaitingJson[] }>(['me', 'requests'])
      ]);
      const known = this.person !== null;
      this.person = asMe(me);
      this.rows.replace(threads);
      const joined = new Set(threads.map(({ id }) => id));
      this.queue.replace(waiting, joined, asked);
      this.isLoaded = true;
      this.trouble = null;
      if (this.person.allowed.reports) {
        void this.reports().catch(() => undefined); // they are counted again with the next one
      }
      if (!known) {
        this.outbox.resume();
      }
    } catch (error) {
      this.trouble = Problem.of(error);
    }
    this.pulse.beat();
  }

  async create(options: {
    title: string;
    notebook?: string;
    mode?: Mode;
    instructions?: string;
  }): Promise<string> {
    const request = { do: 'thread.create', ...options } as const;
    return this.entered(await this.socket.request(request));
  }

  async join(code: string): ReturnType<IGroupChat['join']> {
    const request = { do: 'invitation.accept', code } as const;
    const answer = await this.socket.request(request);
    if (answer.waiting) {
      const waiting = this.queue.put(answer.waiting as IWaitingJson);
      this.pulse.beat();
      return { waiting };
    }
    return { thread: this.entered(answer) };
  }

  async withdraw(threadId: string): Promise<void> {
    if (!this.queue.get(threadId)?.ended) {
      const request = { do: 'request.withdraw', thread: threadId } as const;
      await this.socket.request(request);
    }
    this.queue.delete(threadId);
    this.pulse.beat();
  }

  async reports(): Promise<readonly IReport[]> {
    const reports = await this.reportList.fetch();
    this.pulse.beat();
    return reports;
  }

  closeReport(report: string): Promise<void> {
    return this.reportList.close(report);
  }

  async bringIn(file: File, options: IUploadOptions = {}): Promise<string> {
    const path = ['threads', 'import'];
    return this.entered(await this.api.upload(path, {}, file, options));
  }

  pictureUrl(avatar: string): string {
    return avatar.startsWith(PICTURE)
      ? this.api.url('pictures', avatar.slice(PICTURE.length))
      : avatar;
  }

  open(threadId: string): IThread {
    let thread = this.opened.get(threadId);
    if (!thread || thread.gone) {
      const opened = new Thread(threadId, this, () => {
        if (this.opened.get(threadId) === opened) {
          this.opened.delete(threadId);
        }
      });
      this.opened.set(threadId, opened);
      thread = opened;
    }
    return thread.hold();
  }

  putCell(threadId: string, cell: INewCell): Promise<void> {
    return putCell(this.socket, threadId, cell);
  }

  withdrawCell(threadId: string, shareId: string): Promise<void> {
    return withdrawCell(this.socket, threadId, shareId);
  }

  async ticket(threadId: string): Promise<JSONObject> {
    const request = { do: 'ticket.create', thread: threadId } as const;
    const answer = await this.socket.request(request);
    return answer.ticket as JSONObject;
  }

  async transcribe(recording: Blob, signal?: AbortSignal): Promise<string> {
    const path = ['transcriptions'];
    const { api } = this;
    const answer = await api.upload<{ text: string }>(path, {}, recording, {
      signal
    });
    return answer.text;
  }

  async search(query: string, threadId?: string): Promise<readonly IFound[]> {
    const path = threadId ? ['threads', threadId, 'search'] : ['search'];
    const { hits } = await this.api.get<{ hits: readonly IHitJson[] }>(path, {
      q: query
    });
    return hits.map(asFound);
  }

  private entered(answer: { thread?: unknown }): string {
    const thread = answer.thread as IThreadJson;
    this.rows.put(thread);
    this.refresher.touch();
    this.pulse.beat();
    return thread.id;
  }

  private onEvent(_: Socket, event: AnyEvent): void {
    switch (event.event) {
      case 'thread.updated':
        this.onUpdated(event);
        break;
      case 'thread.joined':
        void this.onJoined(event);
        break;
      case 'profile.changed':
        void this.refresh();
        break;
      case 'thread.requested':
        this.onRequested(event);
        break;
      case 'request.ended':
        this.onEnded(event);
        break;
      case 'thread.gone':
        this.onGone(event);
        break;
      case 'assistant.notice':
        this.countReplies();
        break;
      case 'reports.changed':
        this.reportList.update(event);
        break;
      case 'role.changed':
        this.rows.setRole(event.thread, event.role);
        break;
      default:
        return;
    }
    this.refresher.touch();
    this.pulse.beat();
  }

  private async onJoined({ thread, title }: IThreadJoined): Promise<void> {
    const waited = this.queue.get(thread);
    await this.refresh();
    if (waited && !waited.ended) {
      const name = waited.owner;
      this.arrived.emit({ what: 'admitted', thread, title, name });
    }
  }

  private onRequested(event: IJoinRequested): void {
    const { thread, title, waiting, name } = event;
    this.rows.setWaiting(thread, waiting);
    if (name) {
      this.arrived.emit({ what: 'requested', thread, title, name });
    }
  }

  private onEnded(event: IRequestEnded): void {
    const ended = this.queue.end(event);
    if (ended?.ended === 'declined') {
      const { thread, title, owner: name } = ended;
      this.arrived.emit({ what: 'declined', thread, title, name });
    }
  }

  private onUpdated(event: IThreadUpdated): void {
    const unread = this.rows.get(event.thread)?.unread ?? 0;
    if (!this.rows.update(event)) {
      void this.refresh();
    } else if (event.author_name === this.me?.assistantName) {
      this.countReplies();
    }
    // A message of one's own never adds to what is unread.
    if (event.author_name && event.unread > unread && !event.muted) {
      this.notified.emit({
        thread: event.thread,
        title: event.title,
        author: event.author_name,
        preview: event.preview ?? '',
        mentioned: event.mentioned ?? false
      });
    }
  }

  /** A reply may have been one of this person's. */
  private countReplies(): void {
    if (this.me?.replies) {
      clearTimeout(this.counting);
      this.counting = setTimeout(() => void this.refresh(), COUNT);
    }
  }

  private onGone({ thread, title, why }: IThreadGone): void {
    this.rows.delete(thread);
    const words = {
      removed: this.trans.__('You were removed from “%1”.', title),
      left: this.trans.__('You left “%1”.', title),
      deleted: this.trans.__('“%1” was deleted by its owner.', title)
    };
    this.opened.get(thread)?.end({ code: why, message: words[why] });
  }

  private readonly trans: TranslationBundle;
  private readonly pulse = new Pulse(() => this.changed.emit());
  private readonly refresher = new Refresher(() => this.fetch());
  private readonly rows = new Rows();
  private readonly queue = new Waiting();
  private readonly link: Link;
  private readonly reportList: Reports;
  private readonly opened = new Map<string, Thread>();
  private counting: ReturnType<typeof setTimeout> | undefined;
  private person: IMe | null = null;
  private trouble: IProblem | null = null;
  private isLoaded = false;
  private disposed = false;
}

export namespace GroupChat {
  export interface IOptions {
    trans: TranslationBundle;
    serverSettings?: ServerConnection.ISettings;
    /** Where the wire is, below the base of the server; that of people with an account, unless told. */
    root?: string;
  }

  /** A message that may concern the person. */
  export interface INews {
    thread: string;
    title: string;
    author: string;
    preview: string;
    mentioned: boolean;
  }
}
