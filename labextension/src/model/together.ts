/** What the panel shows of a message that members write together, and asks of it. */
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';

import type { IFile } from './values';

/** A message that members write together and nobody has sent yet. */
export interface ISharedDraftRow {
  readonly id: string;
  /** Who began it. */
  readonly by: string;
  readonly at: Date;
  /** Who took part so far, in the order in which they began to. */
  readonly writers: readonly string[];
  /** What goes along with it. */
  readonly replyTo?: string;
  readonly cells: readonly string[];
  readonly files: readonly string[];
}

/** A change of what goes along with a text. */
export interface IBringing {
  /** The message that it replies to, null for none. */
  readonly replyTo?: string | null;
  /** What goes along besides. */
  readonly cells?: readonly string[];
  readonly files?: readonly IFile[];
  /** Cells and files that no longer do; such files are deleted. */
  readonly without?: readonly string[];
}

/** A selection in the text. The caret is at `head`. */
export interface ISelection {
  readonly anchor: number;
  readonly head: number;
}

/** Where somebody else is in the text. */
export interface ICaret extends ISelection {
  readonly username: string;
}

/** Such a message, while this person is at it. */
export interface ISharedDraft extends IDisposable {
  readonly id: string;
  /** False until the text was read once. */
  readonly loaded: boolean;
  readonly text: string;
  /** Where the person's own selection went as others wrote. */
  readonly selection: ISelection;
  readonly carets: readonly ICaret[];
  /** False while what is written would not arrive; what was written before that is kept, and arrives later. */
  readonly writable: boolean;
  /** A text that the server did not take, and why: nobody else has it. */
  readonly refused: { readonly text: string; readonly why: string } | null;
  /** Set once it was sent or discarded, cannot be shown, or, with neither `by` nor `why`, became too old. */
  readonly ended: {
    readonly by?: string;
    readonly message?: string;
    readonly why?: string;
  } | null;
  /** Emitted after any change of the fields above. */
  readonly changed: ISignal<this, void>;

  /** Delete and insert letters at a place. */
  replace(at: number, deleted: number, inserted: string): void;
  select(selection: ISelection): void;
  undo(): void;
  redo(): void;
  /** Nothing of the others is taken in while letters are being composed. */
  compose(on: boolean): void;
  forgetRefused(): void;
  /** Change what goes along, for everybody. */
  bring(changes: IBringing): Promise<void>;
  /** Send it for everybody; the promise resolves when the message is in the thread. */
  send(): Promise<void>;
  /** Discard it for everybody. */
  discard(): Promise<void>;
}
