import { Signal } from '@lumino/signaling';
import * as Y from 'yjs';

import type { AnyEvent } from '../client/events';
import { Replica } from '../client/replica';
import type { Socket } from '../client/socket';
import type { IConnected } from './connected';
import type { IBringing, ICaret, ISelection, ISharedDraft } from './together';

/** How often the others are told where the caret is, in milliseconds at least. */
const CARET = 120;

/** A letter: the replica that wrote it, and which of its letters it is. */
type Place = readonly number[] | null;

/** A message that this person writes together with others. */
export class SharedDraft implements ISharedDraft {
  constructor(
    private readonly connected: IConnected,
    private readonly thread: string,
    readonly id: string,
    /** Who is in the thread now: who is not has no caret. */
    private readonly here: () => ReadonlySet<string>
  ) {
    const { socket } = connected;
    this.replica = new Replica(socket, `draft:${thread}:${id}`);
    this.observe();
    this.replica.ready.connect(() => this.onReady());
    this.replica.liveChanged.connect(() => this.onLive());
    this.replica.refused.connect((_, why) => this.onRefused(why));
    this.replica.failed.connect((_, problem) =>
      this.end({ why: problem.message })
    );
    socket.received.connect(this.onEvent, this);
  }

  readonly changed = new Signal<this, void>(this);

  get loaded(): boolean {
    return this.replica.isReady;
  }

  get text(): string {
    return this.shown;
  }

  get selection(): ISelection {
    const [anchor, head] = this.own.map(place => this.indexOf(place));
    return { anchor, head };
  }

  get carets(): readonly ICaret[] {
    return this.shownCarets;
  }

  get writable(): boolean {
    return this.loaded && this.replica.isLive && this.ended === null;
  }

  get refused(): { text: string; why: string } | null {
    return this.lost;
  }

  get ended(): ISharedDraft['ended'] {
    return this.end_;
  }

  get isDisposed(): boolean {
    return this.replica.isDisposed;
  }

  dispose(): void {
    if (this.isDisposed) {
      return;
    }
    clearTimeout(this.telling);
    this.connected.socket.received.disconnect(this.onEvent, this);
    this.replica.dispose();
    Signal.clearData(this);
  }

  replace(at: number, deleted: number, inserted: string): void {
    if (this.writable) {
      this.replica.doc.transact(() => {
        this.body.delete(at, deleted);
        this.body.insert(at, inserted);
      }, this);
      this.select({ anchor: at + inserted.length, head: at + inserted.length });
    }
  }

  select({ anchor, head }: ISelection): void {
    this.own = [this.placeOf(anchor), this.placeOf(head)];
    if (this.writable) {
      this.telling ??= setTimeout(() => this.tell(), CARET);
    }
    this.changed.emit();
  }

  undo(): void {
    if (this.writable) {
      this.undoing?.undo();
    }
  }

  redo(): void {
    if (this.writable) {
      this.undoing?.redo();
    }
  }

  compose(on: boolean): void {
    this.replica.hold(on);
  }

  forgetRefused(): void {
    this.lost = null;
    this.changed.emit();
  }

  async bring({ replyTo, cells, files, without }: IBringing): Promise<void> {
    await this.connected.socket.request({
      do: 'draft.patch',
      thread: this.thread,
      draft: this.id,
      reply_to: replyTo,
      cells,
      files: files?.map(({ id }) => id),
      without
    });
  }

  async send(): Promise<void> {
    this.replica.flush();
    // Not asked again by itself after a reconnection: what was written last might come later.
    await this.connected.socket.request(
      { do: 'draft.send', thread: this.thread, draft: this.id },
      { kept: false }
    );
  }

  async discard(): Promise<void> {
    const { thread, id: draft } = this;
    await this.connected.socket.request({ do: 'draft.close', thread, draft });
  }

  /** It is no more. */
  end(how: NonNullable<ISharedDraft['ended']>): void {
    if (this.end_ === null) {
      this.end_ = how;
      this.changed.emit();
    }
  }

  /** Somebody came or went. */
  refresh(): void {
    this.readCarets();
  }

  private onReady(): void {
    if (this.body.doc !== this.replica.doc) {
      this.observe();
    }
    this.onText();
  }

  private observe(): void {
    this.body = this.replica.doc.getText('body');
    this.body.observe(this.onText);
    this.undoing = new Y.UndoManager(this.body, {
      trackedOrigins: new Set([this])
    });
    // A selection in another copy is none in this one.
    this.own = [null, null];
  }

  private readonly onText = (): void => {
    this.shown = this.body.toJSON();
    this.readCarets();
  };

  private onLive(): void {
    if (this.replica.isLive) {
      this.tell();
    }
    this.changed.emit();
  }

  private onRefused(why: string): void {
    this.lost = { text: this.shown, why };
  }

  private onEvent(_: Socket, event: AnyEvent): void {
    if (
      !('draft' in event) ||
      event.thread !== this.thread ||
      event.draft !== this.id
    ) {
      return;
    }
    if (event.event === 'draft.ended') {
      this.end({
        by: event.by ?? undefined,
        message: event.message ?? undefined
      });
      return;
    }
    if (event.here) {
      this.places.set(event.username, [event.anchor, event.head]);
    } else {
      this.places.delete(event.username);
    }
    this.readCarets();
  }

  private readCarets(): void {
    const me = this.connected.me?.username;
    const here = this.here();
    this.shownCarets = [...this.places]
      .filter(([username]) => username !== me && here.has(username))
      .map(([username, [anchor, head]]) => ({
        username,
        anchor: this.indexOf(anchor),
        head: this.indexOf(head)
      }));
    this.changed.emit();
  }

  private tell(): void {
    clearTimeout(this.telling);
    this.telling = undefined;
    const { thread, id: draft } = this;
    const [anchor, head] = this.own;
    // The letters that it stands after have to be there.
    this.replica.flush();
    this.connected.socket
      .request(
        { do: 'draft.cursor', thread, draft, anchor, head },
        { kept: false }
      )
      .catch(() => undefined); // the next one will do
  }

  /** The letter before an index: what others write after it does not move it. */
  private placeOf(index: number): Place {
    const at = Math.min(index, this.body.length);
    const { item } = Y.createRelativePositionFromTypeIndex(this.body, at, -1);
    return item ? [item.client, item.clock] : null;
  }

  private indexOf(place: Place): number {
    if (place === null) {
      return 0;
    }
    const [client, clock] = place;
    const found = Y.createAbsolutePositionFromRelativePosition(
      Y.createRelativePositionFromJSON({
        item: { client, clock },
        assoc: -1
      }),
      this.replica.doc
    );
    return found?.index ?? this.body.length;
  }

  private readonly replica: Replica;
  private body!: Y.Text;
  private undoing: Y.UndoManager | undefined;
  private shown = '';
  private own: [Place, Place] = [null, null];
  private readonly places = new Map<string, [Place, Place]>();
  private shownCarets: readonly ICaret[] = [];
  private lost: { text: string; why: string } | null = null;
  private end_: ISharedDraft['ended'] = null;
  private telling: ReturnType<typeof setTimeout> | undefined;
}
