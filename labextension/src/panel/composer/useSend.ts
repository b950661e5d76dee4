import { useCallback } from 'react';

import { useThread } from '../context';
import { IDraft } from './drafts';
import { useMayNotify } from './useMayNotify';

/** Post a draft; whether that was done. */
export function useSend(): (draft: IDraft) => Promise<boolean> {
  const { thread } = useThread();
  const mayNotify = useMayNotify();
  return useCallback(
    async draft => {
      const body = draft.text.trim();
      if (!(await mayNotify(body))) {
        return false;
      }
      thread.post(body, {
        ...(draft.replyTo === undefined ? {} : { replyTo: draft.replyTo }),
        ...(draft.cells.length === 0 ? {} : { cells: [...draft.cells] }),
        ...(draft.files.length === 0
          ? {}
          : { files: draft.files.map(file => file.id) })
      });
      return true;
    },
    [thread, mayNotify]
  );
}
