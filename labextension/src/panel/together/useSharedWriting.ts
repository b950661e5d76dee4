import { useCallback } from 'react';

import { ISharedDraft, ISharedDraftRow } from '../../model/interfaces';
import { useMayNotify } from '../composer/useMayNotify';
import { IWriting } from '../composer/writing';
import { useThread } from '../context';
import { useField } from '../hooks/useField';

/** A message that several write, of which `row` says what goes along. */
export function useSharedWriting(
  draft: ISharedDraft,
  row: ISharedDraftRow | undefined
): IWriting {
  const { thread } = useThread();
  const mayNotify = useMayNotify();
  const text = useField(draft, d => d.text);
  const caret = useField(draft, d => d.selection.head);
  const carets = useField(draft, d => d.carets);
  const writable = useField(draft, d => d.writable);
  const cells = useField(thread, t => t.cells);
  const files = useField(thread, t => t.files);
  return {
    text,
    caret,
    carets,
    writable,
    replyTo: row?.replyTo,
    cells: (row?.cells ?? []).filter(share => cells.has(share)),
    files: (row?.files ?? []).flatMap(id => files.get(id) ?? []),
    selection: () => draft.selection,
    replace: (at, deleted, inserted) => draft.replace(at, deleted, inserted),
    select: selection => draft.select(selection),
    compose: on => draft.compose(on),
    undo: () => draft.undo(),
    redo: () => draft.redo(),
    bring: useCallback(changes => draft.bring(changes), [draft]),
    send: async () => {
      const may = await mayNotify(draft.text);
      if (may) {
        await draft.send();
      }
      return may;
    }
  };
}
