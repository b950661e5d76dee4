import type { RenderMimeRegistry } from '@jupyterlab/rendermime';

import type { GroupChat } from '../model/groupchat';
import { useField } from '../panel/hooks/useField';
import { Skeleton } from '../panel/parts/Skeleton';
import { AskingPage } from './AskingPage';
import { AwayPage } from './AwayPage';
import { Boundary } from './Boundary';
import { ClosedPage } from './ClosedPage';
import { GuestContext, IGuestContext } from './context';
import { ReviewPage } from './ReviewPage';
import { WaitingPage } from './WaitingPage';

/** What somebody sees who followed a guest link, from the question for their name to the end. */
export function GuestPage(props: {
  context: IGuestContext;
  /** Opens the chat, once there is a session. */
  connect: () => GroupChat;
  rendermime: RenderMimeRegistry;
}): JSX.Element {
  return (
    <GuestContext.Provider value={props.context}>
      <div className="gc gc-Guest">
        <Boundary trans={props.context.trans}>
          <Stands {...props} />
        </Boundary>
      </div>
    </GuestContext.Provider>
  );
}

function Stands(props: Parameters<typeof GuestPage>[0]): JSX.Element {
  const { context, connect, rendermime } = props;
  const stand = useField(context.door, d => d.stand);
  switch (stand.at) {
    case 'opening':
      return <Skeleton label={context.trans.__('Loading')} />;
    case 'away':
      return <AwayPage />;
    case 'asked':
      return <AskingPage {...stand} />;
    case 'waiting':
      return <WaitingPage {...stand} />;
    case 'closed':
      return <ClosedPage {...stand} />;
    case 'inside':
      return (
        <ReviewPage
          key={stand.threadId}
          threadId={stand.threadId}
          connect={connect}
          rendermime={rendermime}
        />
      );
  }
}
