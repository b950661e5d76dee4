import type { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';

import type { IGroupChat } from '../model/interfaces';
import { chatIcon } from '../panel';
import { unreadIn } from './sidePanel';

/** How many messages are new; a click opens the chat. In the status bar, or where there is no side bar to open it from. */
export class UnreadItem extends Widget {
  constructor(
    private readonly chat: IGroupChat,
    private readonly trans: TranslationBundle,
    open: () => void
  ) {
    super();
    this.addClass('gc-UnreadItem');
    const button = document.createElement('button');
    button.title = trans.__('Open Group Chat');
    button.addEventListener('click', open);
    button.append(
      chatIcon.element({ tag: 'span', className: 'gc-Icon' }),
      this.text
    );
    this.node.append(button);
    chat.changed.connect(this.count, this);
    this.count();
  }

  /** Whether there is something to show. */
  get isActive(): boolean {
    return unreadIn(this.chat) > 0;
  }

  private count(): void {
    const unread = unreadIn(this.chat);
    this.text.textContent = unread
      ? this.trans._n('%1 new', '%1 new', unread)
      : this.trans.__('Group Chat');
  }

  private readonly text = document.createElement('span');
}
