import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';

import { Backoff } from './backoff';
import type { SocketCommand } from './commands';
import type { AnyEvent } from './events';
import { build, parse, type IFrame, type Step } from './frames';
import { Problem } from './problem';

type WithoutId<C> = C extends unknown ? Omit<C, 'id'> : never;

/** A command before it has its id. */
export type Request = WithoutId<SocketCommand>;

/** The value of `ok` in an answer. */
export interface IAnswer {
  readonly [key: string]: unknown;
}

/** How the connection stands. */
export interface ILink {
  readonly state: 'connecting' | 'online' | 'offline';
  /** When the next try is due, while offline and not trying. */
  readonly retryAt?: Date;
}

/** How long the server may keep silent while it owes an answer, in milliseconds. */
const PATIENCE = 20_000;

interface IUnanswered {
  readonly command: SocketCommand;
  /** Asked again after a reconnection; others fail with it. */
  readonly kept: boolean;
  readonly resolve: (answer: IAnswer) => void;
  readonly reject: (problem: Problem) => void;
}

/**
 * One connection for all threads: commands and their answers, events, and the frames of documents.
 *
 * An unanswered command is sent again after a reconnection, with the same id: the server carries it out once.
 */
export class Socket implements IDisposable {
  constructor(private readonly options: Socket.IOptions) {
    this.backoff = options.backoff ?? new Backoff();
    window.addEventListener('offline', this);
    window.addEventListener('online', this);
    document.addEventListener('visibilitychange', this);
    this.connect();
  }

  /** Emitted when `link` changed. */
  readonly linkChanged = new Signal<this, void>(this);
  /** Emitted when a connection was closed before it opened: the server is away, or lets this client in no more. */
  readonly refused = new Signal<this, void>(this);
  /** Emitted on every new connection, before unanswered commands are sent again. */
  readonly opened = new Signal<this, void>(this);
  /**
   * Emitted when all of the chat was put back from a backup: what this client holds of documents is void, and must be
   * let go before anything of them is asked for. What waits to be sent is not.
   */
  readonly replaced = new Signal<this, void>(this);
  readonly received = new Signal<this, AnyEvent>(this);
  readonly framed = new Signal<this, IFrame>(this);

  get link(): ILink {
    return this.currentLink;
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  /**
   * Ask for something; the promise settles with the server's answer, however long that takes.
   *
   * With `kept: false` it fails at once where there is no connection, and when the connection is lost.
   */
  request(
    request: Request,
    { id = newId(), kept = true }: { id?: string; kept?: boolean } = {}
  ): Promise<IAnswer> {
    return new Promise((resolve, reject) => {
      if (this.disposed || (!kept && !this.online)) {
        reject(connectionLost());
        return;
      }
      const command = { id, ...request } as SocketCommand;
      this.unanswered.set(id, { command, kept, resolve, reject });
      if (this.online) {
        this.transmit(command);
      }
    });
  }

  /** Forget an unanswered command: it is not sent again. */
  withdraw(id: string): void {
    this.unanswered.get(id)?.reject(connectionLost());
    this.unanswered.delete(id);
  }

  /** Send a frame, where there is a connection. */
  send(channel: number, step: Step, payload: Uint8Array): void {
    if (this.online) {
      this.socket?.send(build(channel, step, payload));
    }
  }

  /** Try to connect now, unless there is a connection. */
  retryNow(): void {
    if (!this.disposed && this.socket === null) {
      this.connect();
    }
  }

  dispose(): void {
    if (this.disposed) {
      return;
    }
    this.disposed = true;
    window.removeEventListener('offline', this);
    window.removeEventListener('online', this);
    document.removeEventListener('visibilitychange', this);
    this.hangUp();
    clearTimeout(this.retry);
    for (const { reject } of this.unanswered.values()) {
      reject(connectionLost());
    }
    this.unanswered.clear();
    Signal.clearData(this);
  }

  /** @internal Events of the window. */
  handleEvent(event: Event): void {
    if (event.type === 'offline') {
      this.lose();
    } else if (
      event.type === 'online' ||
      document.visibilityState === 'visible'
    ) {
      this.retryNow();
    }
  }

  private get online(): boolean {
    return this.currentLink.state === 'online';
  }

  private connect(): void {
    clearTimeout(this.retry);
    if (this.currentLink.state === 'offline') {
      this.setLink({ state: 'offline' });
    }
    const socket = this.options.open();
    socket.binaryType = 'arraybuffer';
    // A socket that was given up may still speak: only the current one is heard.
    const current = (listener: () => void) => () => {
      if (socket === this.socket) {
        listener();
      }
    };
    this.socket = socket;
    socket.onopen = current(() => this.onOpen());
    socket.onclose = current(() => {
      const came = this.online;
      this.lose();
      if (!came) {
        this.refused.emit();
      }
    });
    socket.onmessage = (message: MessageEvent<string | ArrayBuffer>) =>
      current(() => this.onMessage(message.data))();
    this.awaitSomething();
  }

  private onOpen(): void {
    this.backoff.reset();
    clearTimeout(this.watchdog);
    this.setLink({ state: 'online' });
    this.opened.emit();
    for (const { command, kept } of [...this.unanswered.values()]) {
      if (kept) {
        this.transmit(command);
      }
    }
  }

  private onMessage(data: string | ArrayBuffer): void {
    clearTimeout(this.watchdog);
    try {
      if (typeof data === 'string') {
        this.onText(JSON.parse(data) as Text);
      } else {
        this.framed.emit(parse(new Uint8Array(data)));
      }
    } finally {
      if (this.unanswered.size > 0) {
        this.awaitSomething();
      }
    }
  }

  private onText(text: Text): void {
    if ('event' in text) {
      if (text.event === 'connected') {
        this.belong(text.generation);
      }
      this.received.emit(text);
      return;
    }
    const asked = this.unanswered.get(text.re);
    this.unanswered.delete(text.re);
    if (text.error) {
      asked?.reject(Problem.fromJSON(text.error));
    } else {
      asked?.resolve(text.ok ?? {});
    }
  }

  /** Each connection begins with this, before any document. */
  private belong(generation: string): void {
    const known = this.generation;
    this.generation = generation;
    if (known !== null && known !== generation) {
      this.replaced.emit();
    }
  }

  private transmit(command: SocketCommand): void {
    this.socket?.send(JSON.stringify(command));
    this.awaitSomething();
  }

  /** Give the connection up when nothing at all comes for a while: a dead one looks just like a quiet one. */
  private awaitSomething(): void {
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => this.lose(), PATIENCE);
  }

  private hangUp(): void {
    clearTimeout(this.watchdog);
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  private lose(): void {
    if (this.disposed) {
      return;
    }
    this.hangUp();
    const wait = this.backoff.next();
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.retryNow(), wait);
    this.setLink({ state: 'offline', retryAt: new Date(Date.now() + wait) });
    for (const [id, { kept, reject }] of [...this.unanswered]) {
      if (!kept) {
        this.unanswered.delete(id);
        reject(connectionLost());
      }
    }
  }

  private setLink(link: ILink): void {
    this.currentLink = link;
    this.linkChanged.emit();
  }

  private readonly backoff: Backoff;
  /** Which chat the documents are of. */
  private generation: string | null = null;
  private readonly unanswered = new Map<string, IUnanswered>();
  private currentLink: ILink = { state: 'connecting' };
  private socket: WebSocket | null = null;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private watchdog: ReturnType<typeof setTimeout> | undefined;
  private disposed = false;
}

export namespace Socket {
  export interface IOptions {
    /** A new WebSocket to the server. */
    open: () => WebSocket;
    backoff?: Backoff;
  }
}

type Text =
  | AnyEvent
  | { readonly re: string; readonly ok?: IAnswer; readonly error?: unknown };

/** An id for a command, a message or a share. */
export function newId(): string {
  // crypto.randomUUID exists in secure contexts only, and many Jupyter servers are plain http.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}

function connectionLost(): Problem {
  return new Problem(
    'connection_lost',
    'There is no connection to the server at the moment.'
  );
}
