import type { Mark } from '../../model/interfaces';

/** How a thread is looked at; for this view only. */
export interface IThreadOptions {
  /** Show each time the assistant stayed out, not only where it might puzzle. */
  readonly allDecisions: boolean;
  /** What is shown above the messages: a search, the messages with a mark, or nothing. */
  readonly finder: 'search' | Mark | null;
}

/** How a thread is looked at first. */
export const DEFAULT_OPTIONS: IThreadOptions = {
  allDecisions: false,
  finder: null
};
