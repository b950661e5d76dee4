import { useCallback, useState } from 'react';
import { createPortal } from 'react-dom';

import { IThreadContext, useThread } from '../context';
import { useThrottled } from '../hooks/useThrottled';
import { EVERYONE, splitMentions } from '../text/mentions';
import { CodeBar } from './CodeBar';
import { Rendered } from './Rendered';

/** A piece of code in a body, and the element above it where its actions go. */
interface IBlock {
  readonly bar: HTMLElement;
  readonly code: string;
  readonly language: string;
  readonly key: string;
}

/** The body of a message: Markdown, with mentions marked and actions above each piece of code. */
export function Body(props: {
  text: string;
  /** More text is coming: it is shown ten times a second at most. */
  streaming?: boolean;
}): JSX.Element {
  const { streaming = false } = props;
  const text = useThrottled(props.text, streaming ? 100 : 0);
  const thread = useThread();
  const [blocks, setBlocks] = useState<readonly IBlock[]>([]);

  const dress = useCallback(
    (children: readonly ChildNode[]) => {
      const found: IBlock[] = [];
      for (const child of children) {
        markMentions(child, thread);
        found.push(...frame(child));
      }
      setBlocks(before => {
        const kept = before.filter(({ bar }) => bar.isConnected);
        return kept.length === before.length && found.length === 0
          ? before
          : [...kept, ...found];
      });
    },
    [thread]
  );

  return (
    <>
      <Rendered
        className="gc-text"
        text={text}
        streaming={streaming}
        dress={dress}
      />
      {blocks.map(({ bar, code, language, key }) =>
        createPortal(<CodeBar code={code} language={language} />, bar, key)
      )}
    </>
  );
}

/** Mark mentions, in text nodes only: nothing that somebody wrote becomes markup here. */
function markMentions(root: Node, thread: IThreadContext): void {
  if (!root.textContent?.includes('@')) {
    return;
  }
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  for (let node: Node | null = root; node !== null; node = walker.nextNode()) {
    if (node instanceof Text && !node.parentElement?.closest('code, a')) {
      texts.push(node);
    }
  }
  for (const node of texts) {
    const pieces = splitMentions(node.data, thread.names, thread.pattern);
    if (pieces.some(piece => piece.targets.length > 0)) {
      const line = document.createElement('span');
      line.append(
        ...pieces.map(({ text, targets }) =>
          targets.length === 0 ? text : mention(text, targets, thread)
        )
      );
      node.replaceWith(line);
    }
  }
}

function mention(
  text: string,
  targets: readonly string[],
  { me }: IThreadContext
): HTMLElement {
  const span = document.createElement('span');
  span.className = 'gc-Mention';
  if (targets.includes(me) || targets.includes(EVERYONE)) {
    span.classList.add('gc-mod-me');
  }
  span.textContent = text;
  return span;
}

/** Frame the code and the tables at and below a node; where the actions of each piece of code go. */
function frame(root: ChildNode): IBlock[] {
  if (!(root instanceof Element)) {
    return [];
  }
  const all = (tag: string) =>
    root.matches(tag) ? [root] : Array.from(root.querySelectorAll(tag));
  for (const table of all('table')) {
    table.className = 'gc-Table';
    wrap(table, 'gc-TableFrame');
  }
  return all('pre').map(pre => {
    const code = pre.querySelector('code') ?? pre;
    const language = /\blanguage-(\S+)/.exec(code.className)?.[1] ?? '';
    pre.className = 'gc-Code';
    const bar = document.createElement('div');
    wrap(pre, 'gc-CodeBlock').prepend(bar);
    return {
      bar,
      code: (code.textContent ?? '').replace(/\n$/, ''),
      language,
      key: String(made++)
    };
  });
}

/** Numbers the pieces of code, for React to tell them apart. */
let made = 0;

function wrap(element: Element, className: string): HTMLElement {
  const wrapper = document.createElement('div');
  wrapper.className = className;
  element.replaceWith(wrapper);
  wrapper.append(element);
  return wrapper;
}
