import { useState } from 'react';

import { IMessage } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { useAction } from '../hooks/useAction';
import { checkIcon } from '../icons';
import { Button } from '../parts/Button';
import { Notice } from '../parts/Notice';
import { plainLine } from '../text/plain';

/** Shows a message to the people who run the server, with a reason. */
export function ReportDialog(props: { message: IMessage }): JSX.Element {
  const { message } = props;
  const { trans } = usePanel();
  const { thread } = useThread();
  const { busy, problem, run } = useAction();
  const [reason, setReason] = useState('');
  const [done, setDone] = useState(false);
  const missing = reason.trim() === '';

  if (done) {
    return (
      <Notice icon={checkIcon} role="status">
        {trans.__(
          'Reported. The people who run this server will look at it. Nobody in the thread was told.'
        )}
      </Notice>
    );
  }
  return (
    <form
      onSubmit={event => {
        event.preventDefault();
        if (!missing && !busy) {
          run(async () => {
            await thread.report(message.id, reason.trim());
            setDone(true);
          });
        }
      }}
    >
      <blockquote className="gc-Quoted">{plainLine(message.body)}</blockquote>
      <label className="gc-Label">
        {trans.__('What is wrong with it?')}
        <textarea
          className="gc-Input gc-mod-area"
          rows={3}
          maxLength={1000}
          autoFocus
          value={reason}
          onChange={event => setReason(event.target.value)}
        />
      </label>
      <Notice>
        {trans.__(
          'The people who run this server will see this message and your name. Nobody in the thread is told.'
        )}
      </Notice>
      {problem !== null && (
        <Notice tone="error" role="alert">
          {problem}
        </Notice>
      )}
      <div className="gc-Actions">
        <Button type="submit" mods="primary" aria-disabled={missing || busy}>
          {trans.__('Report')}
        </Button>
        {missing && (
          <span className="gc-meta">{trans.__('Give a reason first.')}</span>
        )}
      </div>
    </form>
  );
}
