import { showErrorMessage } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';

import { Problem } from '../client/problem';
import type { IGroupChat } from '../model/interfaces';
import type { IGroupChatPanel } from '../tokens';

const JOIN = 'groupchat-join';
const THREAD = 'groupchat-thread';
const MESSAGE = 'groupchat-message';

/** What a link to this page asks for. */
export interface ILink {
  readonly code: string | null;
  readonly thread: string | null;
  readonly message: string | null;
}

/** Take what a link asks for out of the address, so that a reload or a bookmark does not ask again. */
export function takeLink(): ILink {
  const url = new URL(window.location.href);
  const take = (name: string) => {
    const value = url.searchParams.get(name);
    url.searchParams.delete(name);
    return value;
  };
  const link = {
    code: take(JOIN),
    thread: take(THREAD),
    message: take(MESSAGE)
  };
  if (link.code !== null || link.thread !== null) {
    window.history.replaceState(window.history.state, '', url);
  }
  return link;
}

/** Do what a link asks for. */
export async function follow(
  link: ILink,
  chat: IGroupChat,
  panel: IGroupChatPanel,
  trans: TranslationBundle
): Promise<void> {
  if (link.code !== null) {
    await join(link.code, chat, panel, trans);
  } else if (link.thread !== null) {
    panel.open(link.thread, link.message ?? undefined);
  }
}

/** Join the thread that an invitation opens, or wait to be let in. */
export async function join(
  code: string,
  chat: IGroupChat,
  panel: IGroupChatPanel,
  trans: TranslationBundle
): Promise<void> {
  try {
    const entered = await chat.join(code);
    if (entered.waiting) {
      panel.wait(entered.waiting.thread);
    } else {
      panel.open(entered.thread);
    }
  } catch (error) {
    const { message } = Problem.of(error);
    await showErrorMessage(trans.__('You could not join the thread'), message);
  }
}

/** The code in an invitation's link, or the text itself where it is no link. */
export function codeIn(text: string): string {
  const found = new RegExp(`[?&]${JOIN}=([^&#]+)`).exec(text);
  return found ? decodeURIComponent(found[1]) : text.trim();
}
