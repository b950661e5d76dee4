/** Fetches something once more when it changed while it was being fetched: an answer may be older than an event. */
export class Refresher {
  constructor(private readonly fetch: () => Promise<void>) {}

  /** Something happened since the last answer was asked for. */
  touch(): void {
    this.isStale = true;
  }

  /** Fetch, and resolve once an answer is no older than what happened. */
  run(): Promise<void> {
    this.touch();
    this.running ??= this.untilFresh().finally(() => (this.running = null));
    return this.running;
  }

  /** Fetch no more. */
  stop(): void {
    this.stopped = true;
  }

  private async untilFresh(): Promise<void> {
    while (this.isStale && !this.stopped) {
      this.isStale = false;
      await this.fetch();
    }
  }

  private isStale = false;
  private stopped = false;
  private running: Promise<void> | null = null;
}
