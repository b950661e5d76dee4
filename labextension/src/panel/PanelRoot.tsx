import { usePanel } from './context';
import { useField } from './hooks/useField';
import { ThreadList } from './list/ThreadList';
import { WaitingView } from './list/WaitingView';
import { ThreadView } from './thread/ThreadView';

/** The whole panel: the list, or one thread; and the one place where changes are told to who cannot see them. */
export function PanelRoot(): JSX.Element {
  const { state } = usePanel();
  const thread = useField(state, s => s.thread);
  const waitingFor = useField(state, s => s.waitingFor);
  const spoken = useField(state, s => s.spoken);
  return (
    <div className="gc gc-Panel">
      {thread !== null ? (
        <ThreadView key={thread.id} thread={thread} />
      ) : waitingFor !== null ? (
        <WaitingView threadId={waitingFor} />
      ) : (
        <ThreadList />
      )}
      <p className="gc-sr" role="status">
        {spoken}
      </p>
    </div>
  );
}
