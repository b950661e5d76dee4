/** Bodies of messages and HTML outputs, rendered by JupyterLab's own renderers through the chat's sanitizer. */
import { LruCache } from '@jupyterlab/coreutils';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';

import { MessageSanitizer } from './sanitizer';

export type BodyType = 'text/markdown' | 'text/html';

/** Words that a body needs beyond its own. */
export interface IBodyWords {
  /** Names the link that stands in for a picture on another host. */
  pictureFrom: (host: string) => string;
  /** The boxes of a task list. */
  done: string;
  open: string;
}

/** Renders text once and hands out copies: a row that scrolls back into view shows at once. */
export class Bodies {
  constructor(
    rendermime: IRenderMimeRegistry,
    private _words: IBodyWords
  ) {
    this._rendermime = rendermime.clone({
      sanitizer: new MessageSanitizer(_words.pictureFrom)
    });
  }

  /** A copy of what was rendered for this text; null if that was not done yet. */
  cached(text: string, type: BodyType): DocumentFragment | null {
    const known = this._known.get(`${type}\n${text}`);
    return known === null ? null : copyOf(known);
  }

  /** Render the text. `keep` is false for text that will change again soon. */
  async render(
    text: string,
    type: BodyType,
    keep: boolean
  ): Promise<DocumentFragment> {
    const renderer = this._rendermime.createRenderer(type);
    try {
      await renderer.renderModel(
        this._rendermime.createModel({ data: { [type]: text }, trusted: false })
      );
      const fragment = document.createDocumentFragment();
      fragment.append(...renderer.node.childNodes);
      settle(fragment, this._words);
      if (keep) {
        this._known.set(`${type}\n${text}`, copyOf(fragment));
      }
      return fragment;
    } finally {
      renderer.dispose();
    }
  }

  /** Typeset the formulas of an element that is in the page. */
  typeset(element: HTMLElement): void {
    if (
      element.textContent?.includes('$') ||
      element.textContent?.includes('\\')
    ) {
      void this._rendermime.latexTypesetter?.typeset(element);
    }
  }

  private _known = new LruCache<string, DocumentFragment>({ maxSize: 600 });
  private _rendermime: IRenderMimeRegistry;
}

function copyOf(fragment: DocumentFragment): DocumentFragment {
  return fragment.cloneNode(true) as DocumentFragment;
}

/** What goes the way its first letter goes. */
const BLOCKS = 'p, ul, ol, dl, blockquote, h1, h2, h3, h4, h5, h6, td, th';

/** Links open beside the notebook, and tell their target nothing; headings carry no ids into the page. */
function settle(fragment: DocumentFragment, words: IBodyWords): void {
  for (const box of fragment.querySelectorAll('input')) {
    box.ariaLabel = box.checked ? words.done : words.open;
  }
  for (const block of fragment.querySelectorAll<HTMLElement>(BLOCKS)) {
    // What is in a list or a quotation goes the way that it goes.
    if (!block.parentElement?.closest('[dir]')) {
      block.dir = 'auto';
    }
  }
  for (const link of fragment.querySelectorAll('a')) {
    link.target = '_blank';
    link.rel = 'noopener noreferrer';
  }
  for (const element of fragment.querySelectorAll('[id], [data-jupyter-id]')) {
    element.removeAttribute('id');
    element.removeAttribute('data-jupyter-id');
  }
  for (const anchor of fragment.querySelectorAll('.jp-InternalAnchorLink')) {
    anchor.remove();
  }
}
