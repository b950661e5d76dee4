import {
  ChangeEvent,
  Fragment,
  KeyboardEvent,
  RefObject,
  useLayoutEffect,
  useRef
} from 'react';

import { ICaret, ISharedDraft } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { useField } from '../hooks/useField';
import { changeOf } from '../text/change';
import { firstName } from '../text/plain';

/** The text that several people write, with the carets of the others in their colours. */
export function SharedText(props: {
  draft: ISharedDraft;
  field: RefObject<HTMLTextAreaElement>;
  onKeyDown: (event: KeyboardEvent<HTMLTextAreaElement>) => void;
}): JSX.Element {
  const { draft, field } = props;
  const { trans } = usePanel();
  const text = useField(draft, d => d.text);
  const carets = useField(draft, d => d.carets);
  const writable = useField(draft, d => d.writable);
  const composing = useRef(false);

  // React would put the caret at the beginning whenever it renders a default value.
  // What others wrote may have moved the person's own selection.
  useLayoutEffect(() => {
    const area = field.current;
    if (area === null || area.value === text || composing.current) {
      return;
    }
    area.value = text;
    if (area.ownerDocument.activeElement === area) {
      const { anchor, head } = draft.selection;
      area.setSelectionRange(
        Math.min(anchor, head),
        Math.max(anchor, head),
        head < anchor ? 'backward' : 'forward'
      );
    }
  }, [draft, field, text]);

  const change = (area: HTMLTextAreaElement) => {
    const { at, deleted, inserted } = changeOf(
      draft.text,
      area.value,
      area.selectionEnd
    );
    if (deleted > 0 || inserted !== '') {
      draft.replace(at, deleted, inserted);
    }
    if (draft.text !== area.value) {
      area.value = draft.text; // it could not be written
    }
  };
  const select = (area: HTMLTextAreaElement) => {
    const { selectionStart: start, selectionEnd: end } = area;
    const backward = area.selectionDirection === 'backward';
    if (!composing.current) {
      draft.select(
        backward ? { anchor: end, head: start } : { anchor: start, head: end }
      );
    }
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const modified = (event.ctrlKey || event.metaKey) && !event.altKey;
    const key = event.key.toLowerCase();
    if (modified && (key === 'z' || key === 'y')) {
      event.preventDefault();
      if (key === 'z' && !event.shiftKey) {
        draft.undo();
      } else {
        draft.redo();
      }
    } else if (!event.nativeEvent.isComposing) {
      props.onKeyDown(event);
    }
  };

  return (
    <div className="gc-Together-scroll">
      <div className="gc-Together-text">
        <div className="gc-Together-mirror" aria-hidden="true">
          <Mirror text={text} carets={carets} />
        </div>
        <textarea
          ref={field}
          className="gc-Together-input"
          aria-label={trans.__('Message that you write together')}
          readOnly={!writable}
          placeholder={trans.__('Write together')}
          onChange={(event: ChangeEvent<HTMLTextAreaElement>) => {
            if (!composing.current) {
              change(event.target);
            }
          }}
          onCompositionStart={() => {
            composing.current = true;
            draft.compose(true);
          }}
          onCompositionEnd={event => {
            composing.current = false;
            change(event.currentTarget);
            draft.compose(false);
          }}
          onSelect={event => select(event.currentTarget)}
          onKeyDown={onKeyDown}
        />
      </div>
    </div>
  );
}

/** The same text behind the field, unseen, with what is to be seen of the others. */
function Mirror(props: {
  text: string;
  carets: readonly ICaret[];
}): JSX.Element {
  const { text, carets } = props;
  const marks = new Set([0, text.length]);
  carets.forEach(({ anchor, head }) => marks.add(anchor).add(head));
  const places = [...marks].sort((a, b) => a - b);
  return (
    <>
      {places.map((place, i) => {
        const next = places[i + 1] ?? text.length;
        const inside = carets.find(
          ({ anchor, head }) =>
            Math.min(anchor, head) <= place && next <= Math.max(anchor, head)
        );
        const piece = text.slice(place, next);
        return (
          <Fragment key={place}>
            {carets
              .filter(({ head }) => head === place)
              .map(caret => (
                <Caret key={caret.username} username={caret.username} />
              ))}
            {inside === undefined || piece === '' ? (
              piece
            ) : (
              <Selected username={inside.username}>{piece}</Selected>
            )}
          </Fragment>
        );
      })}
      {'\n'}
    </>
  );
}

function useColour(username: string): React.CSSProperties {
  const { members } = useThread();
  const colour = members.get(username)?.colour;
  return {
    '--who':
      colour === undefined
        ? 'var(--gc-line-control)'
        : `var(--gc-who-${colour})`
  } as React.CSSProperties;
}

function Caret({ username }: { username: string }): JSX.Element {
  const { nameOf } = useThread();
  return (
    <span className="gc-Together-caret" style={useColour(username)}>
      <b>{firstName(nameOf(username))}</b>
    </span>
  );
}

function Selected(props: { username: string; children: string }): JSX.Element {
  return (
    <span className="gc-Together-selected" style={useColour(props.username)}>
      {props.children}
    </span>
  );
}
