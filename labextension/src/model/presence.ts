import { Problem } from '../client/problem';
import type { Socket } from '../client/socket';

/** The server forgets typing after six seconds: saying it every three keeps it up. */
const EVERY = 3_000;

/** Who is in a thread now and who is typing, and that this person is. */
export class Presence {
  constructor(
    private readonly socket: Socket,
    private readonly thread: string
  ) {}

  get here(): ReadonlySet<string> {
    return this.hereNow;
  }

  get typing(): readonly string[] {
    return this.typingNow;
  }

  /** The server said who is here. */
  update(here: Iterable<string>, typing: readonly string[]): void {
    this.hereNow = new Set(here);
    this.typingNow = typing;
  }

  /** Tell the others; call it on every key. */
  setTyping(typing: boolean): void {
    const now = performance.now();
    const told = this.toldAt !== null && now - this.toldAt < EVERY;
    if (typing ? told : this.toldAt === null) {
      return;
    }
    this.toldAt = typing ? now : null;
    this.socket
      .request({ do: 'typing', thread: this.thread, typing }, { kept: false })
      .catch((error: unknown) => {
        this.toldAt = null; // it fades by itself
        return Problem.of(error);
      });
  }

  private hereNow: ReadonlySet<string> = new Set<string>();
  private typingNow: readonly string[] = [];
  private toldAt: number | null = null;
}
