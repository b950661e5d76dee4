/** An answer of the server that says no, in its words. */
export class Problem extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly details: { readonly [key: string]: unknown } = {}
  ) {
    super(message);
    this.name = 'Problem';
  }

  /** Seconds after which the same request may be made again, where the server said so. */
  get retryAfter(): number | null {
    const { retry_after: seconds } = this.details;
    return typeof seconds === 'number' ? seconds : null;
  }

  /** Whether nothing is wrong with the request itself: it may be made again later. */
  get passing(): boolean {
    return (
      this.code === 'storage_unavailable' ||
      this.code === 'rate_limited' ||
      this.code === 'connection_lost'
    );
  }

  /** A problem out of an error of any kind. */
  static of(error: unknown): Problem {
    if (error instanceof Problem) {
      return error;
    }
    const message = error instanceof Error ? error.message : String(error);
    return new Problem('error', message);
  }

  /** An answer that is no success: with the server's words, or with those of a proxy before it. */
  static ofAnswer(status: number, words: string, body: unknown): Problem {
    const { error } = (body ?? {}) as { error?: unknown };
    return error
      ? Problem.fromJSON(error)
      : new Problem(
          `http_${status}`,
          `The server answered ${status} ${words}.`.replace(' .', '.')
        );
  }

  static unreachable(): Problem {
    return new Problem(
      'connection_lost',
      'The server could not be reached. It may be restarting.'
    );
  }

  /** The value of `error` in an answer. */
  static fromJSON(value: unknown): Problem {
    const error = (value ?? {}) as Partial<Problem>;
    return new Problem(
      error.code ?? 'error',
      error.message ?? 'The server gave no reason.',
      error.details
    );
  }
}
