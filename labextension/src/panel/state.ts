/** What one panel shows: the list or a thread, and what is about to happen in it. */
import { ISignal, Signal } from '@lumino/signaling';

import { IGroupChat, IThread } from '../model/interfaces';

/** What the person prefers; from JupyterLab's settings. */
export interface IPanelSettings {
  /** Whether single letters act while the focus is in a list. */
  readonly singleKeys: boolean;
  /** Whether Enter sends; otherwise Enter is a new line and Ctrl or Cmd with Enter sends. */
  readonly sendWithEnter: boolean;
}

/** A message to jump to. A new object each time, so that the same one can be asked for again. */
export interface ITarget {
  readonly messageId: string;
  readonly seq?: number;
}

/** Holds the open thread and lets go of it. Every field keeps its identity until it changes. */
export class PanelState {
  constructor(
    private _chat: IGroupChat,
    private _settings: IPanelSettings
  ) {}

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get thread(): IThread | null {
    return this._thread;
  }

  /** The thread that the person waits to be let into, while that is shown. */
  get waitingFor(): string | null {
    return this._waitingFor;
  }

  get target(): ITarget | null {
    return this._target;
  }

  get settings(): IPanelSettings {
    return this._settings;
  }

  set settings(settings: IPanelSettings) {
    this._settings = settings;
    this._changed.emit();
  }

  /** Whether the composer, or the list, is to take the focus, now or as soon as it is there. */
  get focusWanted(): boolean {
    return this._focusWanted;
  }

  /** Shared cells that wait for the composer to take them. */
  get offeredCells(): readonly string[] {
    return this._offeredCells;
  }

  /** The latest news for the status region, such as that a reply began. */
  get spoken(): string {
    return this._spoken;
  }

  /** What went wrong with the last thing that was asked for; null when nothing did, or the person has read it. */
  get problem(): string | null {
    return this._problem;
  }

  open(threadId: string, target: ITarget | null = null): void {
    if (this._thread?.id !== threadId) {
      this._thread?.dispose();
      this._thread = this._chat.open(threadId);
      this._offeredCells = [];
      this._spoken = '';
      this._problem = null;
    }
    this._waitingFor = null;
    this._target = target;
    this._changed.emit();
  }

  wait(threadId: string): void {
    this.close();
    this._waitingFor = threadId;
    this._changed.emit();
  }

  close(): void {
    this._thread?.dispose();
    this._thread = null;
    this._waitingFor = null;
    this._target = null;
    this._offeredCells = [];
    this._changed.emit();
  }

  reveal(messageId: string, seq?: number): void {
    this._target = { messageId, seq };
    this._changed.emit();
  }

  callFocus(): void {
    this._focusWanted = true;
    this._changed.emit();
  }

  /** The focus is where it was wanted. */
  focusCame(): void {
    this._focusWanted = false;
    this._changed.emit();
  }

  offerCells(shareIds: readonly string[]): void {
    this._offeredCells = shareIds;
    this.callFocus();
  }

  /** The waiting cells, once. */
  takeCells(): readonly string[] {
    const cells = this._offeredCells;
    this._offeredCells = [];
    this._changed.emit();
    return cells;
  }

  fail(problem: string | null): void {
    this._problem = problem;
    this._changed.emit();
  }

  say(text: string): void {
    this._spoken = text;
    this._changed.emit();
  }

  private _changed = new Signal<this, void>(this);
  private _thread: IThread | null = null;
  private _waitingFor: string | null = null;
  private _target: ITarget | null = null;
  private _focusWanted = false;
  private _offeredCells: readonly string[] = [];
  private _spoken = '';
  private _problem: string | null = null;
}
