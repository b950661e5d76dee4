import { useLayoutEffect, useRef } from 'react';

import { usePanel } from '../context';
import { BodyType } from '../text/bodies';

/** What was put in place: one signature for each child of the host, and who dressed it. */
interface IShown {
  readonly signatures: readonly string[];
  readonly dress: ((children: readonly ChildNode[]) => void) | undefined;
}

/**
 * Text shown by JupyterLab's renderers.
 *
 * Until they are done, the bare text holds the place, so that a list need not jump. `dress` may change the children that
 * are new; it must leave one node where one was. Children that did not change stay in the page, so that a button above
 * finished code can be pressed while text is still being added below.
 */
export function Rendered(props: {
  text: string;
  type?: BodyType;
  className: string;
  /** More text is coming: put a caret behind it. */
  streaming?: boolean;
  dress?: (children: readonly ChildNode[]) => void;
}): JSX.Element {
  const { text, type = 'text/markdown', className, dress } = props;
  const streaming = props.streaming === true;
  const { bodies } = usePanel();
  const host = useRef<HTMLDivElement>(null);
  const shown = useRef<IShown | null>(null);

  useLayoutEffect(() => {
    const element = host.current;
    if (element === null) {
      return;
    }
    let current = true;
    const show = (content: DocumentFragment) => {
      shown.current = replace(element, content, shown.current, dress);
      element.querySelector('.gc-Caret')?.remove();
      if (streaming) {
        addCaret(element);
      } else {
        bodies.typeset(element);
      }
    };
    const known = bodies.cached(text, type);
    if (known !== null) {
      show(known);
      return;
    }
    if (shown.current === null) {
      element.classList.add('gc-mod-bare');
      element.textContent = type === 'text/markdown' ? text : '';
    }
    bodies.render(text, type, !streaming).then(
      content => {
        if (current) {
          show(content);
        }
      },
      () => {
        // The bare text stays: it is all that can be shown of what does not render.
      }
    );
    return () => {
      current = false;
    };
  }, [bodies, text, type, streaming, dress]);

  return <div className={className} ref={host} />;
}

/** Put new content in place of the old, from the first child that differs. */
function replace(
  host: HTMLElement,
  content: DocumentFragment,
  before: IShown | null,
  dress: IShown['dress']
): IShown {
  const children = Array.from(content.childNodes);
  const signatures = children.map(child =>
    child instanceof Element ? child.outerHTML : (child.textContent ?? '')
  );
  let same = 0;
  if (before !== null && before.dress === dress) {
    while (
      same < signatures.length &&
      signatures[same] === before.signatures[same]
    ) {
      same++;
    }
  }
  while (host.childNodes.length > same) {
    host.lastChild?.remove();
  }
  host.classList.remove('gc-mod-bare');
  host.append(...children.slice(same));
  dress?.(Array.from(host.childNodes).slice(same));
  return { signatures, dress };
}

/** Put the caret at the end of the last line of text. */
function addCaret(host: HTMLElement): void {
  const caret = document.createElement('span');
  caret.className = 'gc-Caret';
  let end: Element = host;
  for (;;) {
    const last = end.lastElementChild;
    const text = end.lastChild instanceof Text ? end.lastChild.data.trim() : '';
    if (
      last === null ||
      text !== '' ||
      !/^(P|UL|OL|LI|BLOCKQUOTE|H[1-6])$/.test(last.tagName)
    ) {
      break;
    }
    end = last;
  }
  end.append(caret);
}
