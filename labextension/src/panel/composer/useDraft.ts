import { useCallback, useEffect, useRef, useState } from 'react';

import { EMPTY, IDraft, loadDraft, saveDraft } from './drafts';

/** Fields that change, or what makes them of the draft as it is then. */
type Changes = Partial<IDraft> | ((draft: IDraft) => Partial<IDraft>);

/** The draft of a thread, kept a moment after each change and when the thread is left. */
export function useDraft(
  username: string,
  threadId: string
): {
  draft: IDraft;
  change: (changes: Changes) => void;
  clear: () => void;
} {
  const [draft, setDraft] = useState(() =>
    loadDraft(localStorage, username, threadId)
  );
  const latest = useRef(draft);

  const set = useCallback((next: IDraft) => {
    latest.current = next;
    setDraft(next);
  }, []);
  const change = useCallback(
    (changes: Changes) => {
      const { current } = latest;
      const made = typeof changes === 'function' ? changes(current) : changes;
      set({ ...current, ...made });
    },
    [set]
  );
  const clear = useCallback(() => set(EMPTY), [set]);

  useEffect(() => {
    const timer = setTimeout(
      () => saveDraft(localStorage, username, threadId, draft),
      300
    );
    return () => clearTimeout(timer);
  }, [draft, username, threadId]);

  useEffect(() => {
    const save = () =>
      saveDraft(localStorage, username, threadId, latest.current);
    window.addEventListener('pagehide', save);
    return () => {
      window.removeEventListener('pagehide', save);
      save();
    };
  }, [username, threadId]);

  return { draft, change, clear };
}
