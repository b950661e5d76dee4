import { useEffect, useRef } from 'react';

import { IWaiting } from '../../model/interfaces';
import { usePanel } from '../context';
import { useAction } from '../hooks/useAction';
import { useField } from '../hooks/useField';
import { useWantedFocus } from '../hooks/useWantedFocus';
import { backIcon } from '../icons';
import { Button } from '../parts/Button';
import { Empty } from '../parts/Empty';
import { Notice } from '../parts/Notice';

/** In the place of a thread that the person asks to be let into. It opens as soon as they are. */
export function WaitingView(props: { threadId: string }): JSX.Element {
  const { threadId } = props;
  const { chat, state, trans } = usePanel();
  const waiting = useField(chat, c =>
    c.waiting.find(({ thread }) => thread === threadId)
  );
  const joined = useField(chat, c => c.threads.some(t => t.id === threadId));
  const { busy, problem, run } = useAction();
  const button = useRef<HTMLButtonElement>(null);
  useWantedFocus(() => button.current);

  useEffect(() => {
    if (joined) {
      state.say(trans.__('You were let in'));
      state.open(threadId);
      state.callFocus();
    } else if (waiting === undefined) {
      state.close();
    }
  }, [joined, waiting, threadId, state, trans]);

  if (waiting === undefined) {
    return <></>;
  }
  const over = waiting.ended !== undefined;
  return (
    <div className="gc-Waiting">
      <Empty
        title={headline(waiting, trans)}
        action={
          <div className="gc-Actions">
            <Button ref={button} icon={backIcon} onClick={() => state.close()}>
              {trans.__('All threads')}
            </Button>
            <Button
              mods="quiet"
              aria-disabled={busy}
              onClick={() => run(() => chat.withdraw(threadId))}
            >
              {over ? trans.__('Dismiss') : trans.__('Stop waiting')}
            </Button>
          </div>
        }
      >
        <span role="status">{explanation(waiting, trans)}</span>
      </Empty>
      {problem !== null && (
        <Notice tone="error" role="alert">
          {problem}
        </Notice>
      )}
    </div>
  );
}

type Trans = ReturnType<typeof usePanel>['trans'];

/** What one reads first. */
export function headline(waiting: IWaiting, trans: Trans): string {
  const { owner, ended } = waiting;
  return ended === 'deleted'
    ? trans.__('This thread was deleted')
    : ended === 'declined'
      ? trans.__('%1 did not let you in', owner)
      : trans.__('Waiting for %1 to let you in', owner);
}

function explanation(waiting: IWaiting, trans: Trans): string {
  const { title, ended } = waiting;
  return ended === 'deleted'
    ? trans.__('“%1” is not here any more.', title)
    : ended === 'declined'
      ? trans.__('Talk to them if you think that you should be in “%1”.', title)
      : trans.__('“%1” opens here as soon as they do.', title);
}
