/** The page of a guest: one thread and its shared cells, without JupyterLab around them. */
import { ServerConnection } from '@jupyterlab/services';
import { nullTranslator } from '@jupyterlab/translation';
import { createRoot } from 'react-dom/client';

import { Api } from '../client/api';
import { GroupChat } from '../model/groupchat';
import { localeFor, Times } from '../panel/text/times';
import { Door } from './door';
import { GuestPage } from './GuestPage';
import { makeRendermime } from './rendering';

/** Where the page is, below the base of the server. */
const PAGE = 'groupchat/guest/';

const { pathname, origin, hash } = window.location;
const baseUrl = origin + pathname.slice(0, pathname.lastIndexOf(PAGE));
const serverSettings = ServerConnection.makeSettings({
  baseUrl,
  wsUrl: baseUrl.replace(/^http/, 'ws'),
  token: ''
});
const root = `${PAGE}api`;
const trans = nullTranslator.load('jupyter_groupchat');
const door = new Door(new Api(serverSettings, root), hash.slice(1), () =>
  // The code is a secret: it need not stay in the history.
  window.history.replaceState(null, '', pathname)
);
// Another link was put into the address of this page.
window.addEventListener('hashchange', () => window.location.reload());

createRoot(document.getElementById('guest')!).render(
  <GuestPage
    context={{
      door,
      trans,
      times: new Times(localeFor('en', navigator.language))
    }}
    connect={() => new GroupChat({ serverSettings, root, trans })}
    rendermime={makeRendermime()}
  />
);
void door.open();
