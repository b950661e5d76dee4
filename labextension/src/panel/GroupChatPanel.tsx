import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ITranslator } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import { ISignal, Signal } from '@lumino/signaling';

import { IGroupChat, INotebookBridge, IThread } from '../model/interfaces';
import { IPanelContext, PanelContext } from './context';
import { makeContext } from './makeContext';
import { PanelRoot } from './PanelRoot';
import { IPanelSettings, PanelState } from './state';

export interface IGroupChatPanelOptions {
  chat: IGroupChat;
  rendermime: IRenderMimeRegistry;
  translator: ITranslator;
  /** The notebook side; null where there are no notebooks. */
  bridge: INotebookBridge | null;
  settings: IPanelSettings;
  /** Show this thread only: there is no way back to the list. */
  thread?: string;
  /** Open the chat's settings; without it, no button offers that. */
  openSettings?: () => void;
}

/** The chat as a widget: in the side bar, in the main area, or in a notebook's output. */
export class GroupChatPanel extends ReactWidget {
  constructor(options: IGroupChatPanelOptions) {
    super();
    this.id = 'groupchat-panel';
    this.addClass('gc-PanelWidget');
    const { chat, rendermime, translator, bridge, settings } = options;
    const trans = translator.load('jupyter_groupchat');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', trans.__('Group Chat'));
    this._state = new PanelState(chat, settings);
    this._context = {
      ...makeContext({ chat, state: this._state, rendermime, translator }),
      bridge,
      hasList: options.thread === undefined,
      openSettings: options.openSettings
    };
    if (options.thread !== undefined) {
      this._state.open(options.thread);
    }
    this._shown = this._state.thread;
    this._state.changed.connect(this._onState, this);
  }

  /** The open thread; null while the list is shown. */
  get currentThread(): IThread | null {
    return this._state.thread;
  }

  get currentChanged(): ISignal<this, void> {
    return this._currentChanged;
  }

  get settings(): IPanelSettings {
    return this._state.settings;
  }

  set settings(settings: IPanelSettings) {
    this._state.settings = settings;
  }

  /** Open a thread, and jump to a message of it. */
  openThread(threadId: string, messageId?: string): void {
    this._state.open(threadId, messageId === undefined ? null : { messageId });
  }

  /** Show that the person waits to be let into a thread; it opens once they are. */
  showWaiting(threadId: string): void {
    this._state.wait(threadId);
  }

  showList(): void {
    if (this._context.hasList) {
      this._state.close();
    }
  }

  /** Put the focus into the composer, now or as soon as there is one; while the list is shown, into the list. */
  focusComposer(): void {
    this._state.callFocus();
  }

  /** Put cells that were shared with the open thread into its composer. */
  addCells(shareIds: readonly string[]): void {
    this._state.offerCells(shareIds);
  }

  override dispose(): void {
    if (this.isDisposed) {
      return;
    }
    super.dispose();
    this._state.close();
    Signal.clearData(this);
  }

  protected render(): JSX.Element {
    return (
      <PanelContext.Provider value={this._context}>
        <PanelRoot />
      </PanelContext.Provider>
    );
  }

  private _onState(): void {
    if (this._shown !== this._state.thread) {
      this._shown = this._state.thread;
      this._currentChanged.emit();
    }
  }

  private _context: IPanelContext;
  private _state: PanelState;
  private _shown: IThread | null;
  private _currentChanged = new Signal<this, void>(this);
}
