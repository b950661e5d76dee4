import { useCallback, useRef, useState } from 'react';

import { IThread } from '../../model/interfaces';
import { ThreadContext, usePanel, useThread } from '../context';
import { useField } from '../hooks/useField';
import { useWantedFocus } from '../hooks/useWantedFocus';
import { backIcon } from '../icons';
import { Button } from '../parts/Button';
import { Empty } from '../parts/Empty';
import { unreadAfter } from '../text/grouping';
import { CatchUpCard } from './CatchUpCard';
import { Conversation } from './Conversation';
import { DEFAULT_OPTIONS } from './options';
import { ThreadHeader } from './ThreadHeader';
import { Unsent } from './Unsent';
import { useCatchUp } from './useCatchUp';
import { useThreadContext } from './useThreadContext';

/** One thread: its head, its messages, the composer. */
export function ThreadView(props: { thread: IThread }): JSX.Element {
  const { thread } = props;
  const gone = useField(thread, t => t.gone);
  const context = useThreadContext(thread);
  return (
    <ThreadContext.Provider value={context}>
      {gone === null ? <Content /> : <Gone message={gone.message} />}
    </ThreadContext.Provider>
  );
}

function Content(): JSX.Element {
  const { chat } = usePanel();
  const { thread, me } = useThread();
  const mayCatchUp = useField(chat, c => c.me?.allowed.catchUp ?? false);
  const [options, setOptions] = useState(DEFAULT_OPTIONS);
  const { catchingUp, start, close } = useCatchUp();
  const catchUp = useCallback(() => {
    const { messages, readSeq } = thread;
    const whole = unreadAfter(messages, readSeq, me) === null;
    start(whole ? -1 : readSeq, whole);
  }, [start, thread, me]);
  const shared = {
    options,
    onOptions: setOptions,
    onCatchUp: mayCatchUp ? catchUp : null
  };
  return (
    <>
      <ThreadHeader {...shared} />
      <Conversation {...shared}>
        {catchingUp !== null && (
          <CatchUpCard
            catchingUp={catchingUp}
            onRetry={() => start(catchingUp.since, catchingUp.whole)}
            onClose={close}
          />
        )}
      </Conversation>
    </>
  );
}

/** In the place of a thread that cannot be shown. */
function Gone(props: { message: string }): JSX.Element {
  const { state, trans, hasList } = usePanel();
  const button = useRef<HTMLButtonElement>(null);
  useWantedFocus(() => button.current);
  return (
    <>
      <Empty
        title={trans.__('This thread is not here any more')}
        action={
          hasList && (
            <Button ref={button} icon={backIcon} onClick={() => state.close()}>
              {trans.__('All threads')}
            </Button>
          )
        }
      >
        {props.message}
      </Empty>
      <Unsent />
    </>
  );
}
