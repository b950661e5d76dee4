import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';

import type { IMessageJson } from '../client/answers';
import { Problem } from '../client/problem';
import { newId, type Socket } from '../client/socket';
import type { IMessage } from './interfaces';
import type { Shelf } from './shelf';

/** How long a message that was sent is shown in place of the one that is about to arrive, in milliseconds. */
const LINGER = 15_000;
/** How long to wait where the server does not say how long, in seconds. */
const WAIT = 3;

/** A message on its way. */
interface IParcel {
  readonly id: string;
  readonly thread: string;
  readonly body: string;
  readonly replyTo?: string;
  readonly cells?: readonly string[];
  readonly files?: readonly string[];
  /** When it was written, in milliseconds; also their order. */
  readonly at: number;
  readonly refusal?: string;
}

interface IPending {
  readonly parcel: IParcel;
  readonly message: IMessage;
  readonly sent: boolean;
}

/**
 * What this person wrote and the server has not acknowledged.
 *
 * It is kept in the browser's storage, so that a reload or a crash loses nothing, and sent one by one in each thread.
 * The id of a message is chosen here, once: however often it is sent, the server takes it once.
 */
export class Outbox implements IDisposable {
  constructor(
    private readonly socket: Socket,
    private readonly shelf: Shelf,
    private readonly me: () => { username: string; name: string } | null
  ) {}

  /** Emitted with a thread's id when what waits there changed. */
  readonly changed = new Signal<this, string>(this);
  /** Emitted with each message that the server took. */
  readonly delivered = new Signal<this, IMessageJson>(this);

  /** Take up what an earlier page left; call it once it is known who is signed in. */
  resume(): void {
    this.shelf
      .all<IParcel>()
      .filter(({ id }) => !this.pending.has(id))
      .sort((a, b) => a.at - b.at)
      .forEach(parcel => this.put(parcel));
    // What was written before it was known by whom is kept from now on.
    this.pending.forEach(({ parcel }) => this.shelf.put(parcel.id, parcel));
    const threads = [...this.pending.values()].map(p => p.parcel.thread);
    new Set(threads).forEach(thread => void this.work(thread));
  }

  /** What waits in a thread, in order. */
  of(thread: string): readonly IMessage[] {
    return [...this.pending.values()]
      .filter(({ parcel }) => parcel.thread === thread)
      .map(({ message }) => message);
  }

  /** Write a message; its id. */
  post(
    thread: string,
    body: string,
    options: { replyTo?: string; cells?: string[]; files?: string[] } = {}
  ): string {
    const id = newId();
    this.latest = Math.max(Date.now(), this.latest + 1);
    this.put({ id, thread, body, ...options, at: this.latest });
    void this.work(thread);
    return id;
  }

  /** Send a refused message again. */
  retry(id: string): void {
    const pending = this.pending.get(id);
    if (pending) {
      this.put({ ...pending.parcel, refusal: undefined });
      void this.work(pending.parcel.thread);
    }
  }

  /** Throw a message away that was not sent. */
  discard(id: string): void {
    this.socket.withdraw(id);
    this.remove(id);
  }

  /** Let go of sent messages that have arrived. */
  settle(thread: string, arrived: (id: string) => boolean): void {
    for (const [id, { parcel, sent }] of [...this.pending]) {
      if (sent && parcel.thread === thread && arrived(id)) {
        this.pending.delete(id);
      }
    }
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  dispose(): void {
    this.disposed = true;
    Signal.clearData(this);
  }

  /** Send what waits in a thread, one after the other. */
  private async work(thread: string): Promise<void> {
    if (this.working.has(thread)) {
      return;
    }
    this.working.add(thread);
    let next = this.next(thread);
    while (next && !this.disposed) {
      await this.send(next);
      next = this.next(thread);
    }
    this.working.delete(thread);
  }

  private next(thread: string): IParcel | undefined {
    return [...this.pending.values()].find(
      ({ parcel, sent }) =>
        parcel.thread === thread && !sent && parcel.refusal === undefined
    )?.parcel;
  }

  private async send(parcel: IParcel): Promise<void> {
    const { id, thread, body, replyTo, cells = [], files = [] } = parcel;
    const reply = replyTo ? { reply_to: replyTo } : {};
    const request = { do: 'message.post', thread, body, cells, files } as const;
    try {
      const answer = await this.socket.request(
        { ...request, ...reply },
        { id }
      );
      const message = answer.message as IMessageJson | undefined;
      this.shelf.remove(id);
      if (message) {
        this.delivered.emit(message);
      }
      if (this.pending.has(id)) {
        this.put(parcel, true, message);
        setTimeout(() => this.remove(id), LINGER);
      }
    } catch (error) {
      const problem = Problem.of(error);
      if (!this.pending.has(id) || this.disposed) {
        return;
      }
      if (problem.passing) {
        const wait = 1000 * (problem.retryAfter ?? WAIT);
        await new Promise(resolve => setTimeout(resolve, wait));
      } else {
        this.put({ ...parcel, refusal: problem.message });
      }
    }
  }

  private put(parcel: IParcel, sent = false, answer?: IMessageJson): void {
    if (!sent) {
      this.shelf.put(parcel.id, parcel);
    }
    const message = this.asMessage(parcel, sent, answer);
    this.pending.set(parcel.id, { parcel, message, sent });
    this.changed.emit(parcel.thread);
  }

  private remove(id: string): void {
    const pending = this.pending.get(id);
    this.shelf.remove(id);
    this.pending.delete(id);
    if (pending && !this.disposed) {
      this.changed.emit(pending.parcel.thread);
    }
  }

  private asMessage(
    parcel: IParcel,
    sent: boolean,
    answer?: IMessageJson
  ): IMessage {
    const waits = parcel.refusal === undefined ? 'queued' : 'refused';
    return {
      id: parcel.id,
      seq: answer?.seq ?? Number.MAX_SAFE_INTEGER,
      author: this.me()?.username ?? '',
      authorName: this.me()?.name ?? '',
      kind: 'human',
      at: new Date(answer?.created_at ?? parcel.at),
      body: parcel.body,
      status: 'complete',
      replyTo: parcel.replyTo,
      mentions: [],
      credits: [],
      cells: parcel.cells ?? [],
      files: parcel.files ?? [],
      deleted: false,
      reactions: [],
      pending: sent ? undefined : waits,
      refusal: parcel.refusal
    };
  }

  private readonly pending = new Map<string, IPending>();
  private readonly working = new Set<string>();
  private latest = 0;
  private disposed = false;
}
