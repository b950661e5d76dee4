import { useAction } from '../panel/hooks/useAction';
import { Button } from '../panel/parts/Button';
import { Notice } from '../panel/parts/Notice';
import { useGuest } from './context';
import { Sheet } from './Sheet';

/** Until the thread's owner has decided. The thread opens by itself. */
export function WaitingPage(props: {
  title?: string;
  invitedBy?: string;
}): JSX.Element {
  const { door, trans } = useGuest();
  const { busy, problem, run } = useAction();
  const { title } = props;
  return (
    <Sheet
      title={trans.__('Waiting to be let in')}
      action={
        <>
          <Button aria-disabled={busy} onClick={() => run(() => door.leave())}>
            {trans.__('Stop waiting')}
          </Button>
          {problem !== null && (
            <Notice tone="error" role="alert">
              {problem}
            </Notice>
          )}
        </>
      }
    >
      <span role="status">
        {title === undefined
          ? trans.__(
              'The thread’s owner was told. It opens here as soon as they let you in.'
            )
          : trans.__(
              'The owner of “%1” was told. It opens here as soon as they let you in.',
              title
            )}
      </span>
    </Sheet>
  );
}
