import {
  ReactNode,
  RefObject,
  useCallback,
  useMemo,
  useRef,
  useState
} from 'react';

import { ArchivedNotice } from '../composer/ArchivedNotice';
import { OwnComposer } from '../composer/OwnComposer';
import { usePanel, useThread } from '../context';
import { useField } from '../hooks/useField';
import { Notice } from '../parts/Notice';
import { Skeleton } from '../parts/Skeleton';
import { TogetherBar } from '../together/TogetherBar';
import { TogetherComposer } from '../together/TogetherComposer';
import { IMessageActions } from './actions';
import { MessageList } from './MessageList';
import { OfflineBar } from './OfflineBar';
import { IThreadOptions } from './options';
import { ThreadFinder } from './ThreadFinder';
import { useAnnouncements } from './useAnnouncements';

/** What was said in a thread, and where more is written. */
export function Conversation(props: {
  options: IThreadOptions;
  onOptions: (options: IThreadOptions) => void;
  /** Null where nobody could tell what was missed. */
  onCatchUp: (() => void) | null;
  /** Above the messages. */
  children?: ReactNode;
}): JSX.Element {
  const { options, onOptions, onCatchUp, children } = props;
  const { trans } = usePanel();
  const { thread } = useThread();
  const loaded = useField(thread, t => t.loaded);
  const archivedAt = useField(thread, t => t.archivedAt);
  const composer = useRef<IMessageActions>(null);
  const actions = useMemo<IMessageActions>(
    () => ({
      reply: message => composer.current?.reply(message),
      edit: message => composer.current?.edit(message)
    }),
    []
  );
  useAnnouncements();
  return (
    <>
      <OfflineBar />
      {children}
      {options.finder !== null && (
        <ThreadFinder
          kind={options.finder}
          onClose={() => onOptions({ ...options, finder: null })}
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
  const { chat } = usePanel();
  const { thread } = useThread();
  const mayDraft = useField(chat, c => c.me?.allowed.drafts ?? false);
  const [together, setTogether] = useState<string | null>(null);
  const leave = useCallback(() => setTogether(null), []);
  return (
    <>
      {mayDraft && <TogetherBar joined={together} onJoin={setTogether} />}
      {together === null ? (
        <OwnComposer
          ref={props.composer}
          onTogether={
            mayDraft
              ? async (text, brought) =>
                  setTogether(await thread.beginTogether(text, brought))
              : null
          }
        />
      ) : (
        <TogetherComposer
          ref={props.composer}
          key={together}
          draftId={together}
          onLeave={leave}
        />
      )}
    </>
  );
}

/** What went wrong with the last thing that was asked for. */
function Problem(): JSX.Element | null {
  const { state } = usePanel();
  const problem = useField(state, s => s.problem);
  return problem === null ? null : (
    <div className="gc-Problem">
      <Notice tone="error" role="alert" onDismiss={() => state.fail(null)}>
        {problem}
      </Notice>
    </div>
  );
}
