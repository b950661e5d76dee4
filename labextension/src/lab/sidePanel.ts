import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { TranslationBundle } from '@jupyterlab/translation';
import { MessageLoop } from '@lumino/messaging';
import type { ISignal } from '@lumino/signaling';

import type { IGroupChat, IThread } from '../model/interfaces';
import { Shelf } from '../model/shelf';
import { chatIcon, type GroupChatPanel } from '../panel';
import type { IGroupChatPanel } from '../tokens';
import { widen } from './width';

const OPEN_THREAD = 'open-thread';
const WIDENED = 'widened';

/** The chat's panel in the right side bar, with what is unread on its tab. */
export class SidePanel implements IGroupChatPanel {
  constructor(private readonly options: SidePanel.IOptions) {
    const { chat, panel, server } = options;
    panel.title.icon = chatIcon;
    chat.changed.connect(this.onChat, this);
    panel.currentChanged.connect(this.onThread, this);
    // Each window goes on where it was, so this is not for all windows.
    const scope = () => chat.me && `${server}${chat.me.username}/view`;
    this.view = new Shelf(scope, window.sessionStorage);
    this.kept = new Shelf(scope);
    this.onChat();
    // Once the side bar has its place and its size.
    MessageLoop.installMessageHook(panel, (_, { type }) => {
      if (type === 'after-show' || type === 'after-attach') {
        requestAnimationFrame(() => this.onShown());
      }
      return true;
    });
  }

  get thread(): IThread | null {
    return this.options.panel.currentThread;
  }

  get threadChanged(): ISignal<unknown, void> {
    return this.options.panel.currentChanged;
  }

  get isVisible(): boolean {
    return this.options.panel.isVisible;
  }

  show(): void {
    const { shell, panel } = this.options;
    shell.activateById(panel.id);
  }

  open(threadId: string, messageId?: string): void {
    this.isChosen = true;
    this.show();
    this.options.panel.openThread(threadId, messageId);
  }

  wait(threadId: string): void {
    this.isChosen = true;
    this.show();
    this.options.panel.showWaiting(threadId);
  }

  toggle(): void {
    const { shell, panel } = this.options;
    if (panel.isVisible && panel.node.contains(document.activeElement)) {
      const { currentWidget } = shell;
      currentWidget?.activate();
      return;
    }
    this.show();
    panel.focusComposer();
  }

  addCells(shareIds: readonly string[]): void {
    this.options.panel.addCells(shareIds);
  }

  /** The first time that this browser shows the panel, it gets its width; after that, it is the person's. */
  private onShown(): void {
    if (this.kept.get(WIDENED) === null && widen(this.options.panel)) {
      this.kept.put(WIDENED, true);
    }
  }

  private onChat(): void {
    this.showUnread();
    const { chat, panel } = this.options;
    if (chat.loaded && !this.isChosen) {
      this.isChosen = true;
      const last = this.view.get<string>(OPEN_THREAD);
      if (last !== null && chat.threads.some(({ id }) => id === last)) {
        panel.openThread(last);
      }
    }
  }

  private onThread(): void {
    this.isChosen = true;
    if (this.thread) {
      this.view.put(OPEN_THREAD, this.thread.id);
    } else {
      this.view.remove(OPEN_THREAD);
    }
  }

  private showUnread(): void {
    const { chat, panel, trans } = this.options;
    const unread = unreadIn(chat);
    const { dataset } = panel.title;
    const shown = unread > 99 ? '99+' : String(unread || '');
    if ((dataset.unread ?? '') !== shown) {
      panel.title.dataset = { ...dataset, unread: shown };
    }
    panel.title.caption = unread
      ? trans._n('Group Chat: %1 new', 'Group Chat: %1 new', unread)
      : trans.__('Group Chat');
  }

  private readonly view: Shelf;
  private readonly kept: Shelf;
  /** The person, or a link, said what to show. */
  private isChosen = false;
}

export namespace SidePanel {
  export interface IOptions {
    chat: IGroupChat;
    panel: GroupChatPanel;
    shell: JupyterFrontEnd.IShell;
    trans: TranslationBundle;
    /** The server's base URL. */
    server: string;
  }
}

/** How many messages are unread in threads that are not muted. */
export function unreadIn(chat: IGroupChat): number {
  return chat.threads
    .filter(({ muted }) => !muted)
    .reduce((sum, { unread }) => sum + unread, 0);
}
