import { useEffect } from 'react';

import { Button } from '../panel/parts/Button';
import { useGuest } from './context';
import { Sheet } from './Sheet';

/** How long to wait before the server is asked again, in milliseconds. */
const PAUSE = 10_000;

/** While the server does not answer. It is asked again now and then. */
export function AwayPage(): JSX.Element {
  const { door, trans } = useGuest();
  useEffect(() => {
    const again = () => void door.open();
    const timer = setTimeout(again, PAUSE);
    window.addEventListener('online', again);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('online', again);
    };
  }, [door]);
  return (
    <Sheet
      title={trans.__('The server does not answer')}
      action={
        <Button mods="primary" onClick={() => void door.open()}>
          {trans.__('Try now')}
        </Button>
      }
    >
      <span role="alert">
        {trans.__(
          'It may be restarting, or you are offline. This page tries again by itself.'
        )}
      </span>
    </Sheet>
  );
}
