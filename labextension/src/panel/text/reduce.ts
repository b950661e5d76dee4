/**
 * What remains of the HTML that people, models and notebooks write. Pure: nothing that is read here loads or runs.
 *
 * JupyterLab's sanitizer keeps what a notebook of one's own may hold: classes, styles, forms, buttons that run commands,
 * pictures from anywhere. In a chat these would let a message cover the page, pose as a dialog, or tell a stranger's
 * server that it was read. So the tree is first reduced to the lists below.
 */

/** Elements that may stay, with the attributes that may. */
const KEPT: Readonly<Record<string, readonly string[]>> = {
  A: ['href', 'title'],
  ABBR: ['title'],
  B: [],
  BLOCKQUOTE: [],
  BR: [],
  CAPTION: [],
  CODE: ['class'],
  DD: [],
  DEL: [],
  DETAILS: ['open'],
  DL: [],
  DT: [],
  EM: [],
  H1: [],
  H2: [],
  H3: [],
  H4: [],
  H5: [],
  H6: [],
  HR: [],
  I: [],
  IMG: ['src', 'alt', 'title', 'width', 'height'],
  INPUT: ['type', 'checked', 'disabled'],
  INS: [],
  KBD: [],
  LI: ['value'],
  MARK: [],
  OL: ['start', 'reversed'],
  P: [],
  PRE: [],
  Q: [],
  S: [],
  SAMP: [],
  SMALL: [],
  SPAN: ['class'],
  STRONG: [],
  SUB: [],
  SUMMARY: [],
  SUP: [],
  TABLE: [],
  TBODY: [],
  TD: ['colspan', 'rowspan', 'align'],
  TFOOT: [],
  TH: ['colspan', 'rowspan', 'align', 'scope'],
  THEAD: [],
  TR: [],
  U: [],
  UL: [],
  VAR: []
};

/** Elements that go with all that is in them; of any other, the content stays. */
const DROPPED =
  'script, style, template, iframe, frame, object, embed, svg, math, noscript, title, textarea, select, audio, video, canvas';

/** The classes that mark code: its language, and the tokens of the highlighter. */
const CODE_CLASS = /^(language-[\w+#.-]+|ͼ\w+)$/;

/** Pictures that come with the text. As pictures, SVG runs no scripts and loads nothing: so diagrams can be drawn. */
const OWN_IMAGE = /^data:image\/(png|jpeg|gif|webp|svg\+xml)[;,]/i;

/** Where a link may lead: the web, mail, or a place on this server. */
const LINK = /^(https?:|mailto:|[^:]*$|[^:/?#]*[/?#])/i;

/** Reduce HTML to what the chat shows. `pictureFrom` names the link that stands in for a picture on another host. */
export function reduceHtml(
  dirty: string,
  pictureFrom: (host: string) => string
): string {
  const { body } = new DOMParser().parseFromString(dirty, 'text/html');
  for (const element of body.querySelectorAll(DROPPED)) {
    element.remove();
  }
  for (const element of Array.from(body.querySelectorAll('*'))) {
    reduce(element, pictureFrom);
  }
  return body.innerHTML;
}

function reduce(element: Element, pictureFrom: (host: string) => string): void {
  const kept = Object.hasOwn(KEPT, element.tagName)
    ? KEPT[element.tagName]
    : undefined;
  if (kept === undefined) {
    element.replaceWith(...element.childNodes);
    return;
  }
  for (const { name } of Array.from(element.attributes)) {
    if (!kept.includes(name)) {
      element.removeAttribute(name);
    }
  }
  reduceClasses(element);
  switch (element.tagName) {
    case 'A':
      if (!LINK.test((element.getAttribute('href') ?? '').trim())) {
        element.removeAttribute('href');
      }
      break;
    case 'IMG':
      reducePicture(element, pictureFrom);
      break;
    case 'INPUT':
      reduceInput(element);
      break;
  }
}

function reduceClasses(element: Element): void {
  const inCode = element.closest('code') !== null;
  const kept = Array.from(element.classList).filter(
    name => inCode && CODE_CLASS.test(name)
  );
  if (kept.length > 0) {
    element.className = kept.join(' ');
  } else {
    element.removeAttribute('class');
  }
}

/** Only the boxes of task lists, which nobody can tick. */
function reduceInput(element: Element): void {
  if (element.getAttribute('type') === 'checkbox') {
    element.setAttribute('disabled', '');
  } else {
    element.remove();
  }
}

function reducePicture(
  element: Element,
  pictureFrom: (host: string) => string
): void {
  const source = element.getAttribute('src') ?? '';
  if (OWN_IMAGE.test(source)) {
    return;
  }
  const link = element.ownerDocument.createElement('a');
  if (LINK.test(source.trim())) {
    link.setAttribute('href', source);
  }
  const alt = element.getAttribute('alt')?.trim() ?? '';
  link.textContent =
    alt !== '' ? alt : pictureFrom(hostOf(source) ?? source.slice(0, 40));
  element.replaceWith(link);
}

/** The host of an absolute URL; null for anything else. */
function hostOf(url: string): string | null {
  try {
    return new URL(url).host || null;
  } catch {
    return null;
  }
}
