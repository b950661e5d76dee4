import type { IDisposable } from '@lumino/disposable';

/** At most this often for text that streams in, in milliseconds. */
const CALM = 100;

/** Many changes, few announcements: at most one a frame, and ten a second for text that streams in. */
export class Pulse implements IDisposable {
  constructor(private readonly announce: () => void) {}

  get isDisposed(): boolean {
    return this.disposed;
  }

  /** Something changed; `calm` when it can wait a little. */
  beat(calm = false): void {
    const now = performance.now();
    const due = calm ? Math.max(now, this.last + CALM) : now;
    if (this.disposed || due >= this.due) {
      return;
    }
    this.due = due;
    clearTimeout(this.timer);
    this.timer = setTimeout(this.onDue, due - now);
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.timer);
    cancelAnimationFrame(this.frame);
  }

  private readonly onDue = (): void => {
    cancelAnimationFrame(this.frame);
    if (document.visibilityState === 'hidden') {
      this.fire(); // a hidden page has no frames
    } else {
      this.frame = requestAnimationFrame(this.fire);
    }
  };

  private readonly fire = (): void => {
    this.last = performance.now();
    this.due = Infinity;
    this.announce();
  };

  private timer: ReturnType<typeof setTimeout> | undefined;
  private frame = 0;
  private due = Infinity;
  private last = -CALM;
  private disposed = false;
}
