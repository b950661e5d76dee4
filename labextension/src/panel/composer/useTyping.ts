import { useCallback, useEffect, useRef } from 'react';

import { IThread } from '../../model/interfaces';

/** Others see somebody typing for some seconds: saying it this often is enough. In milliseconds. */
const AGAIN = 3000;

/** Tell the others that one types, now and then, and that one stopped. */
export function useTyping(thread: IThread): (typing: boolean) => void {
  const told = useRef(0);
  const tell = useCallback(
    (typing: boolean) => {
      const now = Date.now();
      if (typing && now - told.current > AGAIN) {
        told.current = now;
        thread.setTyping(true);
      } else if (!typing && told.current !== 0) {
        told.current = 0;
        thread.setTyping(false);
      }
    },
    [thread]
  );
  useEffect(() => () => tell(false), [tell]);
  return tell;
}
