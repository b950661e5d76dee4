import { useEffect, useState } from 'react';

import { IMessage, IVersion } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { useAction } from '../hooks/useAction';
import { useField } from '../hooks/useField';
import { Notice } from '../parts/Notice';
import { Skeleton } from '../parts/Skeleton';

/** What a message says, and what it said before it was edited, the newest first. */
export function VersionsDialog(props: { message: IMessage }): JSX.Element {
  const { id } = props.message;
  const { trans } = usePanel();
  const { thread } = useThread();
  const { problem, run } = useAction();
  const [versions, setVersions] = useState<readonly IVersion[] | null>(null);
  // It may be edited, or deleted, while the dialog is open.
  const messages = useField(thread, t => t.messages);
  const message = messages.find(each => each.id === id) ?? props.message;
  const edited = message.editedAt?.getTime();
  useEffect(
    () => run(async () => setVersions(await thread.versions(id))),
    [run, thread, id, edited, message.deleted]
  );
  if (problem !== null) {
    return (
      <Notice tone="error" role="alert">
        {problem}
      </Notice>
    );
  }
  if (versions === null) {
    return <Skeleton label={trans.__('Loading')} />;
  }
  const since = message.editedAt ?? message.at;
  return (
    <>
      <Version body={message.body} at={since} now />
      {versions
        .map(({ body, at }, place) => (
          <Version key={place} body={body} at={at} />
        ))
        .reverse()}
    </>
  );
}

/** What it said from a moment on, as it was typed. */
function Version(props: {
  body: string;
  at: Date;
  now?: boolean;
}): JSX.Element {
  const { body, at, now = false } = props;
  const { trans, times } = usePanel();
  return (
    <article className="gc-Version">
      <h3>
        <time dateTime={at.toISOString()} title={times.full(at)}>
          {times.moment(at)}
        </time>{' '}
        {now && <span className="gc-meta">{trans.__('as it is now')}</span>}
      </h3>
      <blockquote className="gc-Quoted">
        {body || trans.__('No text')}
      </blockquote>
    </article>
  );
}
