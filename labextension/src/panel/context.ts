/** What every component of a panel needs. */
import { TranslationBundle } from '@jupyterlab/translation';
import { createContext, useContext } from 'react';

import {
  IGroupChat,
  IMember,
  INotebookBridge,
  IThread
} from '../model/interfaces';
import { PanelState } from './state';
import { Bodies } from './text/bodies';
import { IName } from './text/mentions';
import { Times } from './text/times';

export interface IPanelContext {
  readonly chat: IGroupChat;
  readonly state: PanelState;
  readonly trans: TranslationBundle;
  readonly times: Times;
  readonly bodies: Bodies;
  readonly bridge: INotebookBridge | null;
  /** Whether there is a list to go back to. */
  readonly hasList: boolean;
  /** Shows a shared cell beside the thread, where they are: then messages only name them. */
  readonly showCell?: (shareId: string) => void;
  readonly openSettings?: () => void;
}

export const PanelContext = createContext<IPanelContext | null>(null);

export function usePanel(): IPanelContext {
  const context = useContext(PanelContext);
  if (context === null) {
    throw new Error('A component of the panel stands outside of it.');
  }
  return context;
}

/** The open thread, with what its messages share. */
export interface IThreadContext {
  readonly thread: IThread;
  readonly members: ReadonlyMap<string, IMember>;
  /** Usernames of members whose names others have as well: usernames tell them apart. */
  readonly namesakes: ReadonlySet<string>;
  readonly names: readonly IName[];
  readonly pattern: RegExp;
  readonly me: string;
  readonly assistantName: string;
  /** What somebody is called here, also when they are no member any longer. */
  readonly nameOf: (username: string) => string;
}

export const ThreadContext = createContext<IThreadContext | null>(null);

export function useThread(): IThreadContext {
  const context = useContext(ThreadContext);
  if (context === null) {
    throw new Error('A component of a thread stands outside of it.');
  }
  return context;
}
