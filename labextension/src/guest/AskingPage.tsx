import { useId, useState } from 'react';

import { useAction } from '../panel/hooks/useAction';
import { chatIcon } from '../panel/icons';
import { Button } from '../panel/parts/Button';
import { Icon } from '../panel/parts/Icon';
import { Notice } from '../panel/parts/Notice';
import { useGuest } from './context';
import type { IGuestLink } from './door';

/** Characters that a name may have. */
const LONGEST = 60;

/** Who invites to what, and the question under which name one comes. */
export function AskingPage(props: {
  link: IGuestLink;
  elsewhere: string | null;
}): JSX.Element {
  const { link, elsewhere } = props;
  const { door, trans, times } = useGuest();
  const [name, setName] = useState(elsewhere ?? '');
  const { busy, problem, run } = useAction();
  const heading = useId();
  const ready = name.trim() !== '' && !busy;
  return (
    <main className="gc-GuestSheet">
      <form
        className="gc-GuestJoin"
        aria-labelledby={heading}
        onSubmit={event => {
          event.preventDefault();
          if (ready) {
            run(() => door.enter(name.trim()));
          }
        }}
      >
        <p className="gc-GuestJoin-by">
          <Icon icon={chatIcon} />
          {trans.__('%1 invites you to review', link.invitedBy)}
        </p>
        <h1 id={heading}>{link.title}</h1>
        <p className="gc-quiet">
          {trans.__(
            'You will see the cells and messages that are shared in this thread, and can comment on them. You need no account. Access ends %1.',
            times.until(link.endsAt)
          )}
        </p>
        <label className="gc-Label">
          {trans.__('Your name')}
          <input
            className="gc-Input"
            autoFocus
            autoComplete="name"
            required
            maxLength={LONGEST}
            value={name}
            aria-invalid={problem !== null}
            onChange={event => setName(event.target.value)}
          />
        </label>
        {problem !== null && (
          <Notice tone="error" role="alert">
            {problem}
          </Notice>
        )}
        {elsewhere !== null && (
          <Notice>
            {trans.__(
              'You are reviewing another thread in this browser. Joining here ends that.'
            )}
          </Notice>
        )}
        <div className="gc-Actions">
          <Button type="submit" mods="primary" aria-disabled={!ready}>
            {trans.__('Join as guest')}
          </Button>
          {elsewhere !== null && (
            <Button onClick={() => void door.stay()}>
              {trans.__('Back to the other thread')}
            </Button>
          )}
          <span className="gc-meta">
            {link.asksOwner
              ? trans.__('The thread’s owner lets you in.')
              : trans.__('Everyone in the thread sees your name.')}
          </span>
        </div>
      </form>
    </main>
  );
}
