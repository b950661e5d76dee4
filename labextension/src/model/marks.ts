import type { IThreadJson } from '../client/answers';
import type { AnyEvent } from '../client/events';
import { Problem } from '../client/problem';
import type { IConnected } from './connected';
import type { Role } from './interfaces';

/** How long to collect read marks before telling the server, in milliseconds. */
const REST = 300;
/** How long to wait before asking again, in milliseconds. */
const WAIT = 3_000;

/** What the server keeps about this person in one thread: how far they have read, their role, muted or not. */
export class Marks {
  constructor(
    private readonly connected: IConnected,
    private readonly thread: string
  ) {}

  /** Null until `fetch` succeeded. */
  get readSeq(): number | null {
    return this.readAtStart;
  }

  get role(): Role {
    return this.roleNow;
  }

  /** How many ask to be let in, where that is the person's to decide. */
  get waiting(): number {
    return this.roleNow === 'owner' ? this.waitingNow : 0;
  }

  get muted(): boolean {
    return this.mutedNow;
  }

  /** Ask the server until it answers; the newest message's `seq`. Throws a Problem when it never will. */
  async fetch(): Promise<number> {
    for (;;) {
      try {
        return await this.fetchOnce();
      } catch (error) {
        const problem = Problem.of(error);
        if (this.stopped || problem.code === 'not_found') {
          throw problem;
        }
        await new Promise(resolve => setTimeout(resolve, WAIT));
      }
    }
  }

  /** Everything up to `seq` was read. Marks only move forward. */
  advance(seq: number): void {
    if (seq > this.seq && !this.stopped) {
      this.seq = seq;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.tell(), REST);
    }
  }

  /** An event about this thread came. */
  update(event: AnyEvent): void {
    if (event.event === 'thread.updated') {
      this.mutedNow = event.muted ?? false;
    } else if (event.event === 'role.changed') {
      this.roleNow = event.role;
    } else if (event.event === 'thread.requested') {
      this.waitingNow = event.waiting;
    }
  }

  /** The thread is gone or closed: ask for nothing more. */
  stop(): void {
    this.stopped = true;
  }

  private async fetchOnce(): Promise<number> {
    const path = ['threads', this.thread];
    const answer = await this.connected.api.get<{ thread: IThreadJson }>(path);
    const { read_seq: readSeq, muted, role, last_seq, waiting } = answer.thread;
    this.readAtStart = readSeq;
    this.mutedNow = muted;
    this.roleNow = role as Role;
    this.waitingNow = waiting;
    this.seq = Math.max(this.seq, readSeq);
    this.told = Math.max(this.told, readSeq);
    return last_seq;
  }

  private async tell(): Promise<void> {
    const { seq, thread } = this;
    if (this.telling || seq <= this.told) {
      return;
    }
    this.telling = true;
    try {
      await this.connected.socket.request({ do: 'read.put', thread, seq });
      this.told = seq;
    } catch (error) {
      this.stopped ||= !Problem.of(error).passing;
    } finally {
      this.telling = false;
    }
    if (this.seq > this.told && !this.stopped) {
      this.timer = setTimeout(() => void this.tell(), WAIT);
    }
  }

  private readAtStart: number | null = null;
  private roleNow: Role = 'reviewer';
  private mutedNow = false;
  private waitingNow = 0;
  private seq = -1;
  private told = -1;
  private telling = false;
  private stopped = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
}
