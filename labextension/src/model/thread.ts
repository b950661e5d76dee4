import { Signal } from '@lumino/signaling';

import type { AnyEvent } from '../client/events';
import type { IDraftJson } from '../client/answers';
import { Problem } from '../client/problem';
import type { Socket } from '../client/socket';
import type { IConnected } from './connected';
import type {
  IFile,
  IMember,
  IMessage,
  IProblem,
  ISharedCell,
  IBringing,
  ISharedDraft,
  ISharedDraftRow,
  IThread,
  Mode,
  Role
} from './interfaces';
import type { Outbox } from './outbox';
import { Marks } from './marks';
import { Pages } from './pages';
import { Presence } from './presence';
import { Pulse } from './pulse';
import { Requests } from './requests';
import { SharedDraft } from './sharedDraft';
import { ThreadDocument } from './threadDocument';

/** One open thread: its document, its pages, what waits to be sent, and who is there. */
export class Thread extends Requests implements IThread {
  constructor(
    id: string,
    connected: IConnected,
    private readonly released: () => void
  ) {
    super(id, connected);
    const { socket, outbox } = connected;
    this.document = new ThreadDocument(
      socket,
      id,
      () => this.onDocument(),
      problem => this.end(problem)
    );
    this.pages = new Pages(socket, id, calm => this.onPages(calm));
    this.presence = new Presence(socket, id);
    this.own = new Marks(connected, id);
    outbox.changed.connect(this.onOutbox, this);
    socket.received.connect(this.onEvent, this);
    socket.replaced.connect(this.onReplaced, this);
    void this.start();
  }

  readonly changed = new Signal<this, void>(this);

  get loaded(): boolean {
    return this.document.isReady && this.isOpened && this.own.readSeq !== null;
  }

  get gone(): IProblem | null {
    return this.ended;
  }

  get title(): string {
    return this.document.title;
  }

  get mode(): Mode {
    return this.document.mode;
  }

  get instructions(): string {
    return this.document.instructions;
  }

  get notebook(): string | undefined {
    return this.document.notebook;
  }

  get model(): string | undefined {
    return this.document.model;
  }

  get archivedAt(): Date | undefined {
    return this.document.archivedAt;
  }

  get approval(): boolean {
    return this.document.approval;
  }

  get waiting(): number {
    return this.own.waiting;
  }

  get keepDays(): number | undefined {
    return this.document.keepDays;
  }

  get members(): readonly IMember[] {
    return this.document.members;
  }

  get cells(): ReadonlyMap<string, ISharedCell> {
    return this.document.cells;
  }

  get files(): ReadonlyMap<string, IFile> {
    return this.document.files;
  }

  get marks(): ReadonlyMap<string, unknown> {
    return this.document.marks;
  }

  get together(): readonly ISharedDraftRow[] {
    return this.document.drafts;
  }

  get here(): ReadonlySet<string> {
    return this.presence.here;
  }

  get typing(): readonly string[] {
    return this.presence.typing;
  }

  get messages(): readonly IMessage[] {
    this.joined ??= this.join();
    return this.joined;
  }

  get hasOlder(): boolean {
    return this.pages.hasOlder;
  }

  get readSeq(): number {
    return this.own.readSeq ?? -1;
  }

  get role(): Role {
    const username = this.connected.me?.username;
    const me = this.members.find(member => member.username === username);
    return me?.role ?? this.own.role;
  }

  get muted(): boolean {
    return this.own.muted;
  }

  get notice(): { text: string; until?: Date } | null {
    const { told } = this;
    return told?.until && told.until < new Date() ? null : told;
  }

  get draft(): string {
    return this.connected.drafts.get<string>(this.id) ?? '';
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  /** One more holder; each calls `dispose`. */
  hold(): this {
    this.holders += 1;
    return this;
  }

  dispose(): void {
    this.holders -= 1;
    if (this.holders > 0 || this.disposed) {
      return;
    }
    this.disposed = true;
    this.released();
    this.own.stop();
    this.document.dispose();
    this.pages.dispose();
    this.presence.setTyping(false);
    this.pulse.dispose();
    Signal.clearData(this);
  }

  loadOlder(): Promise<void> {
    return this.pages.loadOlder();
  }

  async reveal(messageId: string, seq?: number): Promise<number> {
    if (this.indexOf(messageId) < 0) {
      await this.opened;
      const at = seq ?? (await this.seqOf(messageId));
      if (at !== null) {
        await this.pages.loadFrom(at);
      }
    }
    return this.indexOf(messageId);
  }

  async beginTogether(
    text: string,
    { replyTo, cells, files }: IBringing = {}
  ): Promise<string> {
    const answer = await this.connected.socket.request({
      do: 'draft.open',
      thread: this.id,
      text,
      reply_to: replyTo,
      cells,
      files: files?.map(({ id }) => id)
    });
    return (answer.draft as IDraftJson).id;
  }

  joinTogether(draftId: string): ISharedDraft {
    const draft = new SharedDraft(
      this.connected,
      this.id,
      draftId,
      () => this.here
    );
    this.changed.connect(draft.refresh, draft);
    return draft;
  }

  post(
    body: string,
    options: { replyTo?: string; cells?: string[]; files?: string[] } = {}
  ): void {
    this.connected.outbox.post(this.id, body, options);
    this.presence.setTyping(false);
    this.told = null;
  }

  retry(messageId: string): void {
    this.connected.outbox.retry(messageId);
  }

  discard(messageId: string): void {
    this.connected.outbox.discard(messageId);
  }

  setDraft(text: string): void {
    const { drafts } = this.connected;
    if (text) {
      drafts.put(this.id, text);
    } else {
      drafts.remove(this.id);
    }
  }

  setTyping(typing: boolean): void {
    this.presence.setTyping(typing);
  }

  markRead(seq: number): void {
    this.own.advance(Math.min(seq, this.document.lastSeq));
  }

  /** The thread cannot be shown any longer. */
  end(problem: IProblem): void {
    if (this.ended === null) {
      this.ended = problem;
      this.own.stop();
      this.document.dispose();
      this.pages.dispose();
      this.joined = undefined;
      this.presence.update([], []);
      this.pulse.beat();
    }
  }

  private onDocument(): void {
    void this.showNewest(this.document.lastSeq);
    this.pulse.beat();
  }

  private async showNewest(lastSeq: number): Promise<void> {
    await this.pages.showNewest(lastSeq);
    if (!this.isOpened) {
      this.isOpened = true;
      this.open();
      this.pulse.beat();
    }
  }

  private onPages(calm: boolean): void {
    this.connected.outbox.settle(this.id, id => this.pages.has(id));
    this.joined = undefined;
    this.pulse.beat(calm);
  }

  private onOutbox(_: Outbox, thread: string): void {
    if (thread === this.id) {
      this.joined = undefined;
      this.pulse.beat();
    }
  }

  private onEvent(_: Socket, event: AnyEvent): void {
    if (!('thread' in event) || event.thread !== this.id) {
      return;
    }
    if (event.event === 'presence') {
      const me = this.connected.me?.username;
      const others = event.typing.filter(username => username !== me);
      this.presence.update(event.here, others);
    } else if (event.event === 'assistant.notice') {
      const until = event.until ? new Date(event.until) : undefined;
      this.told = { text: event.text, until };
    } else {
      this.own.update(event);
    }
    this.pulse.beat();
  }

  /** Nothing that is shown needs to be true any longer: begin as if it were opened now. */
  private onReplaced(): void {
    if (this.ended === null) {
      this.own.stop();
      this.own = new Marks(this.connected, this.id);
      this.pages.clear();
      this.connected.outbox.settle(this.id, () => true);
      this.isOpened = false;
      this.joined = undefined;
      this.told = null;
      void this.start();
      this.pulse.beat();
    }
  }

  private async start(): Promise<void> {
    const { own } = this;
    try {
      const lastSeq = await own.fetch();
      if (!this.disposed && own === this.own) {
        await this.showNewest(lastSeq);
        this.pulse.beat();
      }
    } catch (error) {
      if (own === this.own) {
        this.end(Problem.of(error));
      }
    }
  }

  private join(): readonly IMessage[] {
    const { messages } = this.pages;
    const waiting = this.connected.outbox
      .of(this.id)
      .filter(({ id }) => !this.pages.has(id));
    return waiting.length > 0 ? [...messages, ...waiting] : messages;
  }

  private indexOf(messageId: string): number {
    return this.messages.findIndex(({ id }) => id === messageId);
  }

  private readonly pulse = new Pulse(() => this.changed.emit());
  private readonly document: ThreadDocument;
  private readonly pages: Pages;
  private readonly presence: Presence;
  private own: Marks;
  private open!: () => void;
  private readonly opened = new Promise<void>(resolve => {
    this.open = resolve;
  });
  private isOpened = false;
  private told: { text: string; until?: Date } | null = null;
  private ended: IProblem | null = null;
  private joined: readonly IMessage[] | undefined;
  private holders = 0;
  private disposed = false;
}
