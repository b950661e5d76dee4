import {
  ChangeEvent,
  ClipboardEvent,
  KeyboardEvent,
  RefObject,
  useLayoutEffect,
  useRef
} from 'react';

import { changeOf } from '../text/change';
import { Mirror } from './Mirror';
import { useFlags } from './useFlags';
import { IWriting } from './writing';

/** A text field that grows with its text, with the carets of others in their colours. */
export function TextField(props: {
  writing: IWriting;
  field: RefObject<HTMLTextAreaElement>;
  label: string;
  placeholder: string;
  /** The list of whom to mention, and what is chosen in it; null while it is closed. */
  popup: { id: string; selected: string } | null;
  onKeyDown: (event: KeyboardEvent<HTMLTextAreaElement>) => void;
  onPaste: (event: ClipboardEvent) => void;
}): JSX.Element {
  const { writing, field, label, placeholder, popup } = props;
  const { text, carets, writable } = writing;
  const scroller = useFlags();
  const composing = useRef(false);

  // React would put the caret at the end whenever it writes a value.
  // What others wrote may have moved the person's own selection.
  useLayoutEffect(() => {
    const area = field.current;
    if (area === null || area.value === text || composing.current) {
      return;
    }
    area.value = text;
    if (area.ownerDocument.activeElement === area) {
      const { anchor, head } = writing.selection();
      area.setSelectionRange(
        Math.min(anchor, head),
        Math.max(anchor, head),
        head < anchor ? 'backward' : 'forward'
      );
    }
  }, [field, text, writing]);

  const change = (area: HTMLTextAreaElement) => {
    const { at, deleted, inserted } = changeOf(
      text,
      area.value,
      area.selectionEnd
    );
    if (!writable) {
      area.value = text;
    } else if (deleted > 0 || inserted !== '') {
      writing.replace(at, deleted, inserted);
    }
  };
  const select = (area: HTMLTextAreaElement) => {
    const { selectionStart: start, selectionEnd: end } = area;
    const backward = area.selectionDirection === 'backward';
    if (!composing.current) {
      writing.select(
        backward ? { anchor: end, head: start } : { anchor: start, head: end }
      );
    }
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const modified = (event.ctrlKey || event.metaKey) && !event.altKey;
    const key = event.key.toLowerCase();
    if (writing.undo && modified && (key === 'z' || key === 'y')) {
      event.preventDefault();
      if (key === 'z' && !event.shiftKey) {
        writing.undo();
      } else {
        writing.redo?.();
      }
    } else if (!event.nativeEvent.isComposing) {
      props.onKeyDown(event);
    }
  };

  return (
    <div className="gc-Composer-scroll" ref={scroller}>
      <div className="gc-Composer-text">
        <div className="gc-Composer-mirror" aria-hidden="true" dir="auto">
          {/* What the empty field says needs room, too. */}
          <Mirror text={text || placeholder} carets={carets} />
        </div>
        <textarea
          ref={field}
          className="gc-Composer-input"
          dir="auto"
          rows={1}
          role="combobox"
          aria-label={label}
          aria-autocomplete="list"
          aria-haspopup="listbox"
          aria-expanded={popup !== null}
          aria-controls={popup?.id}
          aria-activedescendant={popup?.selected}
          readOnly={!writable}
          placeholder={placeholder}
          onChange={(event: ChangeEvent<HTMLTextAreaElement>) => {
            if (!composing.current) {
              change(event.target);
            }
          }}
          onCompositionStart={() => {
            composing.current = true;
            writing.compose?.(true);
          }}
          onCompositionEnd={event => {
            composing.current = false;
            change(event.currentTarget);
            writing.compose?.(false);
          }}
          onSelect={event => select(event.currentTarget)}
          onKeyDown={onKeyDown}
          onPaste={props.onPaste}
          onBlur={writing.rest}
        />
      </div>
    </div>
  );
}
