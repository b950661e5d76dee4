import { useEffect, useState } from 'react';

import { usePanel, useThread } from '../../context';
import { wordsOf } from '../../hooks/useAction';
import { useField } from '../../hooks/useField';
import { Rows } from './rows';

/** How near to the first loaded message older ones are fetched, in rows. */
const NEAR = 15;

/** Fetch older messages when somebody scrolls towards them; whether that is going on. */
export function useOlder(rows: Rows): boolean {
  const { state } = usePanel();
  const { thread } = useThread();
  const hasOlder = useField(thread, t => t.hasOlder);
  const loaded = useField(thread, t => t.loaded);
  const [loading, setLoading] = useState(false);
  const [failed, setFailed] = useState(false);
  const near = (rows.range?.startIndex ?? NEAR) < NEAR;

  // After a failure it is tried again when somebody comes near again.
  useEffect(() => {
    if (!near) {
      setFailed(false);
    }
  }, [near]);

  useEffect(() => {
    if (!loaded || !hasOlder || !near || loading || failed) {
      return;
    }
    setLoading(true);
    thread
      .loadOlder()
      .catch((error: unknown) => {
        setFailed(true);
        state.fail(wordsOf(error));
      })
      .finally(() => setLoading(false));
  }, [loaded, hasOlder, near, loading, failed, thread, state]);

  return loading;
}
