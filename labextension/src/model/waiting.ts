import type { IWaitingJson } from '../client/answers';
import type { IRequestEnded } from '../client/events';
import type { IWaiting } from './interfaces';

/** The threads that the person asks to be let into, and those that did not let them in until they have read that. */
export class Waiting {
  /** The longest first. */
  get list(): readonly IWaiting[] {
    this.values ??= [...this.byThread.values()];
    return this.values;
  }

  get(thread: string): IWaiting | undefined {
    return this.byThread.get(thread);
  }

  put(json: IWaitingJson): IWaiting {
    const waiting = asWaiting(json);
    this.byThread.set(waiting.thread, waiting);
    this.values = undefined;
    return waiting;
  }

  delete(thread: string): void {
    this.byThread.delete(thread);
    this.values = undefined;
  }

  /**
   * The server's whole list. Who neither waits nor is a member any more was not let in while nobody listened.
   *
   * @param asked - what this was when the list was asked for: the list is older than what came since.
   */
  replace(
    list: readonly IWaitingJson[],
    joined: ReadonlySet<string>,
    asked: readonly IWaiting[]
  ): void {
    const now = new Map(list.map(json => [json.thread, asWaiting(json)]));
    for (const [thread, waiting] of this.byThread) {
      const same = +(now.get(thread)?.askedAt ?? 0) === +waiting.askedAt;
      if (!asked.includes(waiting) || (same && waiting.ended)) {
        now.set(thread, waiting);
      } else if (!now.has(thread) && !joined.has(thread)) {
        now.set(thread, { ...waiting, ended: waiting.ended ?? 'declined' });
      }
    }
    this.byThread = now;
    this.values = undefined;
  }

  /** What the server tells of one that ended; it as it is now, where there is something to read. */
  end({ thread, why }: IRequestEnded): IWaiting | null {
    const waiting = this.byThread.get(thread);
    if (!waiting || why === 'withdrawn') {
      this.delete(thread);
      return null;
    }
    const ended = { ...waiting, ended: why };
    this.byThread.set(thread, ended);
    this.values = undefined;
    return ended;
  }

  private byThread = new Map<string, IWaiting>();
  private values: readonly IWaiting[] | undefined;
}

function asWaiting(json: IWaitingJson): IWaiting {
  return {
    thread: json.thread,
    title: json.title,
    owner: json.owner,
    askedAt: new Date(json.asked_at)
  };
}
