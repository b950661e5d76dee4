import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IGroupChat } from '../model/interfaces';
import type { IGroupChatPanel } from '../tokens';
import { chime } from './chime';

/** Which messages a person is told of. */
export type Wanted = 'all' | 'mentions' | 'none';

/** How long a notification stays, in milliseconds. */
const STAY = 8_000;

/** Tell of people who ask to be let in, and of what became of one's own asking. */
export function notifyOfArrivals(
  chat: IGroupChat,
  panel: IGroupChatPanel,
  trans: TranslationBundle
): void {
  const tell = (text: string, open: (() => void) | null) =>
    Notification.info(text, {
      autoClose: STAY,
      actions: open
        ? [
            {
              label: trans.__('Open'),
              displayType: 'accent',
              callback: open
            }
          ]
        : []
    });
  chat.arrived.connect((_, { what, thread, title, name }) => {
    if (what === 'requested') {
      if (looksAt(panel, thread)) {
        return; // its head counts who waits
      }
      tell(trans.__('%1 asks to join “%2”', name, title), () =>
        panel.open(thread)
      );
    } else if (panel.isVisible) {
      return; // the panel shows it
    } else if (what === 'admitted') {
      tell(trans.__('%1 let you into “%2”', name, title), () =>
        panel.open(thread)
      );
    } else {
      tell(trans.__('%1 did not let you into “%2”', name, title), null);
    }
  });
}

/** Tell those who keep the server that somebody reported a message. */
export function notifyOfReports(
  chat: IGroupChat,
  trans: TranslationBundle
): void {
  chat.reported.connect(() => {
    Notification.warning(
      trans.__(
        'A message was reported. It is under Reports, below the list of threads.'
      ),
      { autoClose: STAY }
    );
  });
}

/** Tell why messages may be missing: the people who keep the server put the whole chat back from a backup. */
export function notifyOfReplacement(
  chat: IGroupChat,
  trans: TranslationBundle
): void {
  chat.replaced.connect(() => {
    Notification.warning(
      trans.__(
        'The chat was put back from a backup by the people who keep this server. What was written after it was made is not here any more.'
      ),
      { autoClose: STAY }
    );
  });
}

/** Tell, also by a sound where that is wanted, of messages in threads that the person does not look at. */
export function notify(
  chat: IGroupChat,
  panel: IGroupChatPanel,
  wanted: () => Wanted,
  audible: () => boolean,
  trans: TranslationBundle
): void {
  chat.notified.connect((_, news) => {
    const which = wanted();
    const seen = looksAt(panel, news.thread);
    if (seen || which === 'none' || (which === 'mentions' && !news.mentioned)) {
      return;
    }
    const text = trans.__(
      '%1 in “%2”: %3',
      news.author,
      news.title,
      news.preview
    );
    if (audible()) {
      chime();
    }
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

function looksAt(panel: IGroupChatPanel, thread: string): boolean {
  return panel.isVisible && panel.thread?.id === thread && document.hasFocus();
}
