import { useCallback, useRef, useState } from 'react';

import { ISelection } from '../../model/interfaces';
import { IWriting } from './writing';

type Text = Pick<
  IWriting,
  'caret' | 'carets' | 'writable' | 'selection' | 'replace' | 'select'
>;

/** The part of a writing that is a text of the person's own. */
export function useText(text: string, onText: (text: string) => void): Text {
  const [caret, setCaret] = useState(text.length);
  const latest = useRef({ text, selection: at(text.length) });
  latest.current.text = text;
  const select = useCallback((selection: ISelection) => {
    latest.current.selection = selection;
    setCaret(selection.head);
  }, []);
  const replace = useCallback(
    (place: number, deleted: number, inserted: string) => {
      const { text: before } = latest.current;
      const after =
        before.slice(0, place) + inserted + before.slice(place + deleted);
      latest.current.text = after;
      select(at(place + inserted.length));
      onText(after);
    },
    [onText, select]
  );
  return {
    caret,
    carets: [],
    writable: true,
    selection: () => latest.current.selection,
    replace,
    select
  };
}

function at(place: number): ISelection {
  return { anchor: place, head: place };
}
