import { useCallback } from 'react';

import { usePanel } from '../context';
import { wordsOf } from './useAction';

/** Do something that may fail; a failure is shown above the composer until it was read. */
export function useAttempt(): (action: () => Promise<unknown>) => void {
  const { state } = usePanel();
  return useCallback(
    action => {
      state.fail(null);
      action().catch((error: unknown) => state.fail(wordsOf(error)));
    },
    [state]
  );
}
