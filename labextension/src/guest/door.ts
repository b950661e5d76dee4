import { Signal } from '@lumino/signaling';

import type { Api } from '../client/api';
import { Problem } from '../client/problem';

/** What a guest link opens, as far as who has it may know. */
export interface IGuestLink {
  readonly threadId: string;
  readonly title: string;
  /** The name of who made it. */
  readonly invitedBy: string;
  readonly endsAt: Date;
  /** The thread's owner decides who comes in. */
  readonly asksOwner: boolean;
}

/** The server's words for a session that is over, or that cannot begin. */
const REASONS = [
  'none',
  'ended',
  'removed',
  'denied',
  'left',
  'deleted',
  'off',
  'archived'
] as const;

/** Why the page shows no thread. */
export type Closing =
  (typeof REASONS)[number] | 'wrong' | 'gone' | 'full' | 'guesses';

/** Where somebody stands who opened the page. */
export type Stand =
  | { readonly at: 'opening' }
  /** The server did not answer. */
  | { readonly at: 'away' }
  | {
      readonly at: 'asked';
      readonly link: IGuestLink;
      /** They are a guest of another thread, under this name; coming in here ends that. */
      readonly elsewhere: string | null;
    }
  | {
      readonly at: 'waiting';
      readonly title?: string;
      readonly invitedBy?: string;
    }
  | { readonly at: 'inside'; readonly threadId: string }
  | { readonly at: 'closed'; readonly why: Closing; readonly message: string };

/** How often the server is asked whether one was let in, in milliseconds. */
const PAUSE = 3_000;

/** The way of a guest into a thread and out of it: the link, the name, the wait for the owner, the end. */
export class Door {
  /**
   * @param code - of the link that was followed; empty where there is none.
   * @param entered - called once the code is of no more use: a session has taken its place.
   */
  constructor(
    private readonly api: Api,
    private readonly code: string,
    private readonly entered: () => void
  ) {}

  /** Emitted when `stand` changed. */
  readonly changed = new Signal<this, void>(this);

  get stand(): Stand {
    return this.current;
  }

  /** Go on in the session that there is, or ask what the link opens. */
  async open(): Promise<void> {
    this.set({ at: 'opening' });
    try {
      const me = await this.api.get<IMeJson>(['me']);
      if (this.code && !me.waiting) {
        await this.peek(me);
      } else {
        this.admit(me);
      }
    } catch (error) {
      const problem = Problem.of(error);
      if (this.code && refuses(problem)) {
        await this.peek(null);
      } else {
        this.fail(problem);
      }
    }
  }

  /** Come in under a name. Throws a Problem with the name, and with what may pass. */
  async enter(name: string): Promise<void> {
    try {
      const answer = await this.ask(name);
      this.entered();
      if (answer.waiting) {
        this.wait(answer);
      } else {
        this.set({ at: 'inside', threadId: answer.thread_id ?? '' });
      }
    } catch (error) {
      const problem = Problem.of(error);
      if (whyNot(problem) === null || problem.passing) {
        throw problem;
      }
      this.fail(problem);
    }
  }

  /** Go on in the session that there is, instead of following the link. */
  async stay(): Promise<void> {
    try {
      this.admit(await this.api.get<IMeJson>(['me']));
    } catch (error) {
      this.fail(Problem.of(error));
    }
  }

  /** End the session, or stop waiting for one. Throws a Problem. */
  async leave(): Promise<void> {
    await this.api.post(['leave']);
    this.close('left', '');
  }

  /** The server has hung up, or the thread is gone: find out why. */
  async check(): Promise<void> {
    try {
      this.admit(await this.api.get<IMeJson>(['me']));
    } catch (error) {
      const problem = Problem.of(error);
      if (refuses(problem)) {
        this.fail(problem);
      }
    }
  }

  close(why: Closing, message: string): void {
    this.set({ at: 'closed', why, message });
  }

  dispose(): void {
    clearTimeout(this.timer);
    Signal.clearData(this);
  }

  /** One thread at a time: coming into another one ends the session that there is. */
  private async ask(name: string): Promise<IEnteredJson> {
    const body = { code: this.code, name };
    const post = () => this.api.post<IEnteredJson>(['enter'], { body });
    try {
      return await post();
    } catch (error) {
      if (Problem.of(error).details.reason !== 'elsewhere') {
        throw error;
      }
      await this.api.post(['leave']);
      return post();
    }
  }

  private async peek(me: IMeJson | null): Promise<void> {
    try {
      const { code } = this;
      const json = await this.api.post<ILinkJson>(['peek'], { body: { code } });
      const link = asLink(json);
      if (me?.guest?.thread_id === link.threadId) {
        this.admit(me);
      } else {
        this.set({ at: 'asked', link, elsewhere: me?.name ?? null });
      }
    } catch (error) {
      if (me !== null) {
        this.admit(me); // a link that opens nothing does not end the session that there is
      } else {
        this.fail(Problem.of(error));
      }
    }
  }

  private admit(me: IMeJson): void {
    if (me.waiting) {
      this.wait(me);
    } else {
      this.entered();
      this.set({ at: 'inside', threadId: me.guest?.thread_id ?? '' });
    }
  }

  private wait({ title, invited_by: invitedBy }: IWaitingJson): void {
    this.set({ at: 'waiting', title, invitedBy });
    this.timer = setTimeout(() => void this.askAgain(), PAUSE);
  }

  private async askAgain(): Promise<void> {
    const waited = this.current;
    let answer: IMeJson | Problem;
    try {
      answer = await this.api.get<IMeJson>(['me']);
    } catch (error) {
      answer = Problem.of(error);
    }
    if (this.current !== waited) {
      return;
    }
    if (!(answer instanceof Problem)) {
      this.admit(answer);
    } else if (refuses(answer)) {
      this.fail(answer);
    } else {
      this.timer = setTimeout(() => void this.askAgain(), PAUSE);
    }
  }

  private fail(problem: Problem): void {
    const why = whyNot(problem);
    if (why === null) {
      this.set({ at: 'away' });
    } else {
      this.close(why, problem.message);
    }
  }

  private set(stand: Stand): void {
    clearTimeout(this.timer);
    const same = JSON.stringify(stand) === JSON.stringify(this.current);
    if (!same) {
      this.current = stand;
      this.changed.emit();
    }
  }

  private current: Stand = { at: 'opening' };
  private timer: ReturnType<typeof setTimeout> | undefined;
}

/** Whether the server lets this client in no more. */
function refuses({ code }: Problem): boolean {
  return code === 'not_allowed' || code === 'http_401' || code === 'http_403';
}

/** Why there is no way in; null when asking again may help, or another name. */
export function whyNot(problem: Problem): Closing | null {
  const { reason } = problem.details;
  const known = REASONS.find(each => each === reason);
  if (known !== undefined) {
    return known;
  }
  if (refuses(problem)) {
    return reason === 'name' ? null : 'none';
  }
  switch (problem.code) {
    case 'invitation_gone':
      return reason === 'unknown' ? 'wrong' : 'gone';
    case 'thread_full':
      return 'full';
    case 'rate_limited':
      return 'guesses';
    default:
      return null;
  }
}

interface IWaitingJson {
  readonly title?: string;
  readonly invited_by?: string;
}

interface IEnteredJson extends IWaitingJson {
  readonly thread_id?: string;
  readonly waiting?: boolean;
}

/** What the page needs of `GET me`. */
interface IMeJson extends IWaitingJson {
  readonly waiting?: boolean;
  readonly name?: string;
  readonly guest?: { readonly thread_id: string } | null;
}

interface ILinkJson {
  readonly thread_id: string;
  readonly title: string;
  readonly invited_by: string;
  readonly ends_at: string;
  readonly asks_owner: boolean;
}

function asLink(json: ILinkJson): IGuestLink {
  return {
    threadId: json.thread_id,
    title: json.title,
    invitedBy: json.invited_by,
    endsAt: new Date(json.ends_at),
    asksOwner: json.asks_owner
  };
}
