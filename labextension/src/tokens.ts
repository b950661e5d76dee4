import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';

import type { IGroupChat, INotebookBridge, IThread } from './model/interfaces';
import type { CellSharing } from './notebook/cellSharing';

/** The chat of the signed-in person, for other extensions too. */
export type IGroupChatModel = IGroupChat;

export const IGroupChatModel = new Token<IGroupChatModel>(
  'jupyter-groupchat:IGroupChatModel',
  'The group chat of the signed-in person: their threads and messages.'
);

/** The chat's panel beside the notebook. */
export interface IGroupChatPanel {
  /** The thread that is shown; null while the list is. */
  readonly thread: IThread | null;
  readonly threadChanged: ISignal<unknown, void>;
  /** Whether the person sees it. */
  readonly isVisible: boolean;
  /** Show the panel as it is. */
  show(): void;
  /** Show a thread, and a message of it. */
  open(threadId: string, messageId?: string): void;
  /** Show that the person waits to be let into a thread. */
  wait(threadId: string): void;
  /** Go to the panel, or back from it to where the person was. */
  toggle(): void;
  /** Put shared cells into the composer of the open thread. */
  addCells(shareIds: readonly string[]): void;
}

export const IGroupChatPanel = new Token<IGroupChatPanel>(
  'jupyter-groupchat:IGroupChatPanel',
  'The panel of the group chat in the right side bar.'
);

/** What connects the chat with open notebooks. */
export interface INotebookSide {
  readonly bridge: INotebookBridge;
  readonly sharing: CellSharing;
}

export const INotebookSide = new Token<INotebookSide>(
  'jupyter-groupchat:INotebookSide',
  'Shares cells of open notebooks and puts code into them.'
);
