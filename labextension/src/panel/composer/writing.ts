import { IBringing, ICaret, IFile, ISelection } from '../../model/interfaces';

/** What a composer writes on: a new message, one that is edited, or one that several write. */
export interface IWriting {
  readonly text: string;
  /** Where the caret is. */
  readonly caret: number;
  /** Where others are in the text. */
  readonly carets: readonly ICaret[];
  readonly writable: boolean;
  readonly replyTo?: string;
  readonly cells: readonly string[];
  readonly files: readonly IFile[];

  /** What is selected now: others may have moved it since the text was shown. */
  selection(): ISelection;
  /** Delete and insert letters at a place; the caret stands behind them then. */
  replace(at: number, deleted: number, inserted: string): void;
  select(selection: ISelection): void;
  /** Letters are being composed, or no longer are. */
  compose?(on: boolean): void;
  /** Where the browser's own would undo what others wrote. */
  undo?(): void;
  redo?(): void;
  /** Change what goes along. */
  bring(changes: IBringing): Promise<void>;
  /** The person does not write for now. */
  rest?(): void;
  /** Let it out; whether that was done. */
  send(): Promise<boolean>;
}
