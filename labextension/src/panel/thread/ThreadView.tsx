import { RefObject, useCallback, useMemo, useRef, useState } from 'react';

import { IThread } from '../../model/interfaces';
import { ArchivedNotice } from '../composer/ArchivedNotice';
import { Composer } from '../composer/Composer';
import { ThreadContext, usePanel, useThread } from '../context';
import { useField } from '../hooks/useField';
import { useWantedFocus } from '../hooks/useWantedFocus';
import { backIcon, closeIcon } from '../icons';
import { Button, IconButton } from '../parts/Button';
import { Empty } from '../parts/Empty';
import { Notice } from '../parts/Notice';
import { Skeleton } from '../parts/Skeleton';
import { unreadAfter } from '../text/grouping';
import { TogetherBar } from '../together/TogetherBar';
import { TogetherComposer } from '../together/TogetherComposer';
import { IMessageActions } from './actions';
import { CatchUpCard } from './CatchUpCard';
import { MessageList } from './MessageList';
import { OfflineBar } from './OfflineBar';
import { IThreadOptions } from './options';
import { ThreadFinder } from './ThreadFinder';
import { ThreadHeader } from './ThreadHeader';
import { useAnnouncements } from './useAnnouncements';
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
  const { chat, trans } = usePanel();
  const { thread, me } = useThread();
  const enabled = useField(chat, c => c.me)?.assistantEnabled ?? false;
  const loaded = useField(thread, t => t.loaded);
  const archivedAt = useField(thread, t => t.archivedAt);
  const composer = useRef<IMessageActions>(null);
  const [options, setOptions] = useState<IThreadOptions>({
    allDecisions: false,
    finder: null
  });
  const actions = useMemo<IMessageActions>(
    () => ({
      reply: message => composer.current?.reply(message),
      edit: message => composer.current?.edit(message)
    }),
    []
  );
  const { catchingUp, start, close } = useCatchUp();
  const catchUp = useCallback(() => {
    const { messages, readSeq } = thread;
    const whole = unreadAfter(messages, readSeq, me) === null;
    start(whole ? -1 : readSeq, whole);
  }, [start, thread, me]);
  const onCatchUp = enabled ? catchUp : null;
  useAnnouncements();
  return (
    <>
      <ThreadHeader
        options={options}
        onOptions={setOptions}
        onCatchUp={onCatchUp}
      />
      <OfflineBar />
      {catchingUp !== null && (
        <CatchUpCard
          catchingUp={catchingUp}
          onRetry={() => start(catchingUp.since, catchingUp.whole)}
          onClose={close}
        />
      )}
      {options.finder !== null && (
        <ThreadFinder
          kind={options.finder}
          onClose={() => setOptions({ ...options, finder: null })}
        />
      )}
      {loaded ? (
        <MessageList
          actions={actions}
          options={options}
          onCatchUp={onCatchUp}
        />
      ) : (
        <Skeleton label={trans.__('Loading messages')} />
      )}
      <Problem />
      {archivedAt === undefined ? (
        loaded && <Writing composer={composer} />
      ) : (
        <ArchivedNotice since={archivedAt} />
      )}
    </>
  );
}

/** Where a message is written: by oneself, or together with others. */
function Writing(props: { composer: RefObject<IMessageActions> }): JSX.Element {
  const { thread } = useThread();
  const [together, setTogether] = useState<string | null>(null);
  return (
    <>
      <TogetherBar joined={together} onJoin={setTogether} />
      {together === null ? (
        <Composer
          ref={props.composer}
          onTogether={async text =>
            setTogether(await thread.beginTogether(text))
          }
        />
      ) : (
        <TogetherComposer
          key={together}
          draftId={together}
          onLeave={() => setTogether(null)}
        />
      )}
    </>
  );
}

/** What went wrong with the last thing that was asked for. */
function Problem(): JSX.Element | null {
  const { state, trans } = usePanel();
  const problem = useField(state, s => s.problem);
  return problem === null ? null : (
    <div className="gc-Problem">
      <Notice
        tone="error"
        role="alert"
        actions={
          <IconButton
            mods="24"
            icon={closeIcon}
            label={trans.__('Dismiss')}
            onClick={() => state.fail(null)}
          />
        }
      >
        {problem}
      </Notice>
    </div>
  );
}

/** In the place of a thread that cannot be shown. */
function Gone(props: { message: string }): JSX.Element {
  const { state, trans, hasList } = usePanel();
  const button = useRef<HTMLButtonElement>(null);
  useWantedFocus(() => button.current);
  return (
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
  );
}
