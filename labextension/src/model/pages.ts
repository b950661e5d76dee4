import type { IDisposable } from '@lumino/disposable';

import { Replica } from '../client/replica';
import type { Socket } from '../client/socket';
import type { IMessage } from './interfaces';
import { Snapshots } from './snapshots';

/** Messages of one page. */
export const PAGE_SIZE = 256;
/** A newest page with fewer messages than this is opened with the one before it, so that a screen is full. */
const SCREEN = 40;
/** The next page is opened when so few messages are missing to it: the first one in it then comes at once. */
const AHEAD = 16;
/** More new pages than this were missed: what was loaded is let go, and the newest page shown alone. */
const GAP = 4;

/** One page of a thread, kept up to date. */
class Page implements IDisposable {
  constructor(
    socket: Socket,
    name: string,
    private readonly changed: (calm: boolean) => void,
    failed: () => void
  ) {
    this.ready = new Promise(resolve => (this.resolve = resolve));
    this.replica = new Replica(socket, name);
    this.replica.ready.connect(() => {
      this.snapshots?.dispose();
      this.snapshots = new Snapshots(this.replica.doc, this.changed);
      this.resolve();
      this.changed(false);
    });
    this.replica.failed.connect(failed);
  }

  /** Resolved when the page was read, or let go. */
  readonly ready: Promise<void>;

  get isReady(): boolean {
    return this.snapshots !== null;
  }

  get messages(): readonly IMessage[] {
    return this.snapshots?.messages ?? [];
  }

  has(id: string): boolean {
    return this.snapshots?.get(id) !== undefined;
  }

  get isDisposed(): boolean {
    return this.replica.isDisposed;
  }

  dispose(): void {
    this.snapshots?.dispose();
    this.replica.dispose();
    this.resolve();
  }

  private readonly replica: Replica;
  private snapshots: Snapshots | null = null;
  private resolve!: () => void;
}

/** The loaded pages of a thread: a run without gaps that ends with the newest. */
export class Pages implements IDisposable {
  constructor(
    private readonly socket: Socket,
    private readonly threadId: string,
    private readonly changed: (calm: boolean) => void
  ) {}

  /** All loaded messages, oldest first. */
  get messages(): readonly IMessage[] {
    this.joined ??= this.run().flatMap(page => page.messages);
    return this.joined;
  }

  get hasOlder(): boolean {
    return this.oldest > 0;
  }

  has(id: string): boolean {
    return [...this.pages.values()].some(page => page.has(id));
  }

  /** Show the page that holds the newest message; resolves when there is something to read. */
  async showNewest(lastSeq: number): Promise<void> {
    const newest = Math.floor(Math.max(0, lastSeq) / PAGE_SIZE);
    if (this.newest >= 0 && newest - this.newest > GAP) {
      this.clear();
    }
    const first = this.newest < 0 ? newest : this.newest;
    const thin = this.newest < 0 && lastSeq % PAGE_SIZE < SCREEN;
    const shown = this.load(thin ? Math.max(0, first - 1) : first, newest);
    const next = Math.floor((lastSeq + AHEAD) / PAGE_SIZE);
    if (next > newest) {
      void this.load(next, next);
    }
    await shown;
  }

  /** Load one page more. */
  async loadOlder(): Promise<void> {
    if (this.hasOlder) {
      await this.load(this.oldest - 1, this.oldest - 1);
    }
  }

  /** Load everything from a screen before the message with that `seq` on, so that a jump there moves nothing later. */
  async loadFrom(seq: number): Promise<void> {
    if (this.newest >= 0) {
      const first = Math.floor(Math.max(0, seq - SCREEN) / PAGE_SIZE);
      await this.load(first, this.oldest - 1);
    }
  }

  get isDisposed(): boolean {
    return this.disposed;
  }

  dispose(): void {
    this.disposed = true;
    this.clear();
  }

  private get newest(): number {
    return Math.max(-1, ...this.pages.keys());
  }

  private get oldest(): number {
    return this.pages.size ? Math.min(...this.pages.keys()) : 0;
  }

  private async load(from: number, to: number): Promise<void> {
    const loading: Promise<void>[] = [];
    for (let n = to; n >= from && !this.disposed; n--) {
      const page = this.pages.get(n) ?? this.open(n);
      loading.push(page.ready);
    }
    await Promise.all(loading);
  }

  private open(n: number): Page {
    const page = new Page(
      this.socket,
      `page:${this.threadId}:${n}`,
      calm => {
        this.joined = undefined;
        this.changed(calm);
      },
      () => {
        // It is opened again when it is needed again.
        page.dispose();
        this.pages.delete(n);
      }
    );
    this.pages.set(n, page);
    return page;
  }

  /** The pages that can be shown without a gap, oldest first. */
  private run(): Page[] {
    const run: Page[] = [];
    for (let n = this.newest; n >= 0 && this.pages.has(n); n--) {
      const page = this.pages.get(n)!;
      if (page.isReady) {
        run.unshift(page);
      } else if (run.length > 0) {
        break;
      }
    }
    return run;
  }

  /** Let all of them go. */
  clear(): void {
    this.pages.forEach(page => page.dispose());
    this.pages.clear();
    this.joined = undefined;
  }

  private readonly pages = new Map<number, Page>();
  private joined: readonly IMessage[] | undefined;
  private disposed = false;
}
