import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ITranslator } from '@jupyterlab/translation';

import { IGroupChat } from '../model/interfaces';
import { IPanelContext } from './context';
import { PanelState } from './state';
import { Bodies } from './text/bodies';
import { localeFor, Times } from './text/times';

/** What the components of a panel need, beside what differs between the places where one is shown. */
export function makeContext(options: {
  chat: IGroupChat;
  state: PanelState;
  rendermime: IRenderMimeRegistry;
  translator: ITranslator;
}): Omit<IPanelContext, 'bridge' | 'hasList'> {
  const { chat, state, rendermime, translator } = options;
  const trans = translator.load('jupyter_groupchat');
  return {
    chat,
    state,
    trans,
    times: new Times(localeFor(translator.languageCode, navigator.language)),
    bodies: new Bodies(rendermime, {
      pictureFrom: host => trans.__('Picture from %1', host),
      done: trans.__('Done'),
      open: trans.__('Open')
    })
  };
}
