import { useEffect, useState } from 'react';

import { IJoinRequest } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { useAction } from '../hooks/useAction';
import { useField } from '../hooks/useField';
import { Avatar } from '../parts/Avatar';
import { Button } from '../parts/Button';
import { Notice } from '../parts/Notice';
import { roleName } from '../thread/roles';

/** Who asks to be let in, for the owner to decide; nothing where nobody does. */
export function WaitingPeople(): JSX.Element | null {
  const { trans } = usePanel();
  const { thread } = useThread();
  const waiting = useField(thread, t => t.waiting);
  const [requests, setRequests] = useState<readonly IJoinRequest[]>([]);
  const { busy, problem, run } = useAction();

  useEffect(() => {
    let current = true;
    run(async () => {
      const found = waiting === 0 ? [] : await thread.requests();
      if (current) {
        setRequests(found);
      }
    });
    return () => {
      current = false;
    };
  }, [thread, waiting, run]);

  if (requests.length === 0 && problem === null) {
    return null;
  }
  const decide = (request: IJoinRequest, admits: boolean) => () =>
    run(async () => {
      await (admits
        ? thread.admit(request.username)
        : thread.decline(request.username));
      setRequests(await thread.requests());
    });
  return (
    <section className="gc-WaitingPeople" aria-label={trans.__('Waiting')}>
      <h3>
        {trans.__('Waiting')} <span className="gc-meta">{requests.length}</span>
      </h3>
      {problem !== null && (
        <Notice tone="error" role="alert">
          {problem}
        </Notice>
      )}
      {requests.map(request => (
        <div className="gc-MemberRow gc-mod-waiting" key={request.username}>
          <Avatar
            name={request.name}
            picture={request.avatar}
            size={32}
            guest={request.guestUntil !== undefined}
          />
          <div>
            <p className="gc-truncate" title={request.username}>
              <b>{request.name}</b>{' '}
              <span className="gc-meta">
                {request.guestUntil === undefined
                  ? request.username
                  : trans.__('guest, by link')}
              </span>
            </p>
            <Asked request={request} />
          </div>
          <Button
            mods="primary"
            aria-label={trans.__('Let %1 in', request.name)}
            aria-disabled={busy}
            onClick={decide(request, true)}
          >
            {trans.__('Let in')}
          </Button>
          <Button
            aria-label={trans.__('Decline %1', request.name)}
            aria-disabled={busy}
            onClick={decide(request, false)}
          >
            {trans.__('Decline')}
          </Button>
        </div>
      ))}
    </section>
  );
}

/** As what they would come, by whose link, and since when they wait. */
function Asked({ request }: { request: IJoinRequest }): JSX.Element {
  const { trans, times } = usePanel();
  const { nameOf, me } = useThread();
  const { role, invitedBy, askedAt, guestUntil } = request;
  const since = times.brief(askedAt);
  const name =
    guestUntil === undefined
      ? roleName(role, trans)
      : trans.__('Guest until %1', times.until(guestUntil));
  return (
    <p className="gc-meta gc-truncate">
      {invitedBy === undefined || invitedBy === me
        ? trans.__('%1 · since %2', name, since)
        : trans.__(
            '%1 · by %2’s link · since %3',
            name,
            nameOf(invitedBy),
            since
          )}
    </p>
  );
}
