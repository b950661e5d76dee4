import { useCallback, useEffect } from 'react';

import { IThread } from '../../model/interfaces';

/** Tell the others that one types, or stopped; leaving the composer is stopping. */
export function useTyping(thread: IThread): (typing: boolean) => void {
  useEffect(() => () => thread.setTyping(false), [thread]);
  return useCallback(typing => thread.setTyping(typing), [thread]);
}
