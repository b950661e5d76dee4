import { useCallback } from 'react';

import { IBringing } from '../../model/interfaces';
import { useThread } from '../context';
import { brought, IDraft } from './drafts';
import { useDraft } from './useDraft';
import { useMayNotify } from './useMayNotify';
import { useText } from './useText';
import { useTyping } from './useTyping';
import { IWriting } from './writing';

/** A new message of the person's own, kept in the browser until it is sent; `clear` when it goes on elsewhere. */
export function useOwnWriting(): IWriting & {
  draft: IDraft;
  clear: () => void;
} {
  const { thread, me } = useThread();
  const { draft, change, clear } = useDraft(me, thread.id);
  const typing = useTyping(thread);
  const mayNotify = useMayNotify();
  const text = useText(
    draft.text,
    useCallback(
      value => {
        change({ text: value });
        typing(value.trim() !== '');
      },
      [change, typing]
    )
  );

  const bring = useCallback(
    async (changes: IBringing) => {
      change(before => brought(before, changes));
      // Nothing stays behind that nobody can see.
      const gone = new Set(changes.without);
      await Promise.all(
        draft.files
          .filter(({ id }) => gone.has(id))
          .map(({ id }) => thread.deleteFile(id))
      );
    },
    [change, draft.files, thread]
  );
  const send = useCallback(async () => {
    const body = draft.text.trim();
    if (!(await mayNotify(body))) {
      return false;
    }
    const { replyTo, cells, files } = draft;
    thread.post(body, {
      ...(replyTo === undefined ? {} : { replyTo }),
      ...(cells.length === 0 ? {} : { cells: [...cells] }),
      ...(files.length === 0 ? {} : { files: files.map(({ id }) => id) })
    });
    clear();
    return true;
  }, [clear, draft, mayNotify, thread]);

  return {
    ...draft,
    ...text,
    draft,
    clear,
    bring,
    rest: () => typing(false),
    send
  };
}
