/** When to try again: each failure doubles the wait, and jitter keeps many clients from coming at once. */
export class Backoff {
  constructor(
    private readonly first = 500,
    private readonly longest = 30_000,
    private readonly random: () => number = Math.random
  ) {}

  /** The wait before the next try, in milliseconds. */
  next(): number {
    const wait = Math.min(this.first * 2 ** this.failures, this.longest);
    this.failures += 1;
    return wait * (0.5 + this.random() / 2);
  }

  /** A try succeeded. */
  reset(): void {
    this.failures = 0;
  }

  private failures = 0;
}
