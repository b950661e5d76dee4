import { useEffect, useRef, useState } from 'react';

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
  const busy = useRef(false);
  const first = rows.range?.startIndex ?? NEAR;

  useEffect(() => {
    if (!loaded || !hasOlder || busy.current || first >= NEAR) {
      return;
    }
    busy.current = true;
    setLoading(true);
    thread
      .loadOlder()
      .catch((error: unknown) => state.fail(wordsOf(error)))
      .finally(() => {
        busy.current = false;
        setLoading(false);
      });
  }, [loaded, hasOlder, first, thread, state]);

  return loading;
}
