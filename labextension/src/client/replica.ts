import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import * as Y from 'yjs';

import type { AnyEvent } from './events';
import { Step, type IFrame } from './frames';
import { Problem } from './problem';
import { newId, type Socket } from './socket';

/** How long an answer may take before the question is asked again, in milliseconds. */
const PATIENCE = 10_000;

/** How long changes are gathered before they are sent, in milliseconds. */
const GATHER = 40;

/**
 * This client's copy of one document of the server. But for drafts it is only read: changes are asked for with
 * commands. What is written in a draft is sent, by and by, while `isLive`.
 *
 * After a reconnection the server sends what is missing, and asks for what was written in a draft meanwhile; nothing
 * else goes over the wire.
 */
export class Replica implements IDisposable {
  constructor(
    private readonly socket: Socket,
    /** `thread:<thread id>` or `page:<thread id>:<n>`. */
    readonly name: string
  ) {
    socket.opened.connect(this.subscribe, this);
    socket.framed.connect(this.onFrame, this);
    socket.received.connect(this.onEvent, this);
    socket.linkChanged.connect(this.onLink, this);
    socket.replaced.connect(this.onReplaced, this);
    this.doc.on('update', this.onUpdate);
    this.subscribe();
  }

  /** Emitted when the document was read for the first time, and when it was replaced by another `doc`. */
  readonly ready = new Signal<this, void>(this);
  /** The server refused the subscription. */
  readonly failed = new Signal<this, Problem>(this);
  /** What was written is not taken: why. `doc` is about to be replaced, and still as it was. */
  readonly refused = new Signal<this, string>(this);
  /** `isLive` changed. */
  readonly liveChanged = new Signal<this, void>(this);

  get doc(): Y.Doc {
    return this.currentDoc;
  }

  /** Whether the document was read from the server at least once. */
  get isReady(): boolean {
    return this.isRead;
  }

  /** Whether what is written here arrives at the server. */
  get isLive(): boolean {
    return this.live;
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  /** Send now what was gathered; commands that follow come after it. */
  flush(): void {
    clearTimeout(this.sending);
    this.sending = undefined;
    const gathered = this.gathered.splice(0);
    if (gathered.length > 0 && this.live && this.channel !== null) {
      const update = Y.mergeUpdates(gathered);
      this.socket.send(this.channel, Step.Update, update);
    }
  }

  /** Take in nothing for a while, such as while letters are being composed; then all of it. */
  hold(on: boolean): void {
    if (on) {
      this.held ??= [];
      return;
    }
    const held = this.held ?? [];
    this.held = null;
    held.forEach(payload => Y.applyUpdate(this.doc, payload, this));
  }

  dispose(): void {
    if (this.disposed) {
      return;
    }
    this.flush();
    this.disposed = true;
    this.asking = '';
    if (this.channel !== null) {
      this.unsubscribe(this.channel);
      this.channel = null;
    }
    this.doc.destroy();
    clearTimeout(this.later);
    Signal.clearData(this);
  }

  private subscribe(): void {
    clearTimeout(this.later);
    this.channel = null;
    this.setLive(false);
    const id = (this.asking = newId());
    this.socket
      .request({ do: 'subscribe', doc: this.name }, { id, kept: false })
      .then(
        ({ channel }) => {
          if (id === this.asking) {
            this.channel = channel as number;
            this.askForMissing();
          } else if (this.disposed) {
            this.unsubscribe(channel as number);
          }
        },
        (error: unknown) => {
          if (id === this.asking) {
            this.onRefused(Problem.of(error));
          }
        }
      );
  }

  private onRefused(problem: Problem): void {
    if (problem.code === 'connection_lost') {
      return; // the next connection subscribes
    }
    if (problem.passing || problem.code === 'conflict') {
      // A conflict is a channel of the same document that is still being closed, or one too many of others.
      const wait = 1000 * (problem.retryAfter ?? 1);
      this.later = setTimeout(() => this.subscribe(), wait);
      return;
    }
    this.failed.emit(problem);
  }

  private unsubscribe(channel: number): void {
    this.socket
      .request({ do: 'unsubscribe', channel }, { kept: false })
      .catch(() => undefined); // a lost connection has no channels
  }

  private askForMissing(): void {
    clearTimeout(this.later);
    if (this.channel === null) {
      return;
    }
    const have = Y.encodeStateVector(this.doc);
    this.socket.send(this.channel, Step.StateVector, have);
    // A question that comes too fast is refused without naming its channel.
    this.later = setTimeout(() => this.askForMissing(), PATIENCE);
  }

  private onFrame(_: Socket, { channel, step, payload }: IFrame): void {
    if (channel !== this.channel) {
      return;
    }
    if (step === Step.StateVector) {
      this.onAsked(channel, payload);
      return;
    }
    if (this.held !== null && step === Step.Update) {
      this.held.push(payload);
      return;
    }
    Y.applyUpdate(this.doc, payload, this);
    if (step === Step.Difference) {
      clearTimeout(this.later);
      if (!this.isRead) {
        this.isRead = true;
        this.ready.emit();
      }
    } else if (step === Step.Update && this.doc.store.pendingStructs) {
      // It builds on updates that never came.
      this.askForMissing();
    }
  }

  private onEvent(_: Socket, event: AnyEvent): void {
    if (
      event.event === 'channel.refused' &&
      event.channel === this.channel &&
      this.channel !== null
    ) {
      this.setLive(false);
      this.discard(event.message);
      this.later = setTimeout(() => this.askForMissing(), 1000);
    }
  }

  private onReplaced(): void {
    this.discard('The chat was put back from a backup.');
  }

  /** Begin with an empty copy. */
  private discard(why: string): void {
    this.refused.emit(why);
    this.doc.destroy();
    this.currentDoc = new Y.Doc();
    this.doc.on('update', this.onUpdate);
    this.gathered.length = 0;
    this.held &&= [];
    this.isRead = false;
    clearTimeout(this.later);
  }

  /** The server has all but what this copy holds beyond `state`. */
  private onAsked(channel: number, state: Uint8Array): void {
    this.gathered.length = 0;
    const missing = Y.encodeStateAsUpdate(this.doc, state);
    this.socket.send(channel, Step.Difference, missing);
    this.setLive(true);
  }

  private readonly onUpdate = (update: Uint8Array, origin: unknown): void => {
    // What is written while nothing arrives is asked for later.
    if (origin !== this && this.live) {
      this.gathered.push(update);
      this.sending ??= setTimeout(() => this.flush(), GATHER);
    }
  };

  private onLink(): void {
    if (this.socket.link.state !== 'online') {
      this.setLive(false);
    }
  }

  private setLive(live: boolean): void {
    if (live !== this.live) {
      this.live = live;
      this.liveChanged.emit();
    }
  }

  private currentDoc = new Y.Doc();
  private isRead = false;
  private live = false;
  private readonly gathered: Uint8Array[] = [];
  private sending: ReturnType<typeof setTimeout> | undefined;
  private held: Uint8Array[] | null = null;
  private disposed = false;
  private channel: number | null = null;
  /** The id of the subscription that counts: an answer to an older one is late. */
  private asking = '';
  private later: ReturnType<typeof setTimeout> | undefined;
}
