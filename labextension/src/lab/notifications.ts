import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IGroupChat } from '../model/interfaces';
import type { IGroupChatPanel } from '../tokens';

/** Which messages a person is told of. */
export type Wanted = 'all' | 'mentions' | 'none';

/** How long a notification stays, in milliseconds. */
const STAY = 8_000;

/** Tell of messages in threads that the person does not look at. */
export function notify(
  chat: IGroupChat,
  panel: IGroupChatPanel,
  wanted: () => Wanted,
  trans: TranslationBundle
): void {
  chat.notified.connect((_, news) => {
    const which = wanted();
    const seen =
      panel.isVisible &&
      panel.thread?.id === news.thread &&
      document.hasFocus();
    if (seen || which === 'none' || (which === 'mentions' && !news.mentioned)) {
      return;
    }
    const text = trans.__(
      '%1 in “%2”: %3',
      news.author,
      news.title,
      news.preview
    );
    Notification.info(text, {
      autoClose: STAY,
      actions: [
        {
          label: trans.__('Open'),
          displayType: 'accent',
          callback: () => panel.open(news.thread)
        }
      ]
    });
  });
}
