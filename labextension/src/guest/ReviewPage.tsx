import type { RenderMimeRegistry } from '@jupyterlab/rendermime';
import { nullTranslator } from '@jupyterlab/translation';
import { useEffect, useState } from 'react';

import type { GroupChat } from '../model/groupchat';
import type { IThread } from '../model/interfaces';
import { IPanelContext, PanelContext, ThreadContext } from '../panel/context';
import { usePanel, useThread } from '../panel/context';
import { useField } from '../panel/hooks/useField';
import { makeContext } from '../panel/makeContext';
import { Button } from '../panel/parts/Button';
import { Skeleton } from '../panel/parts/Skeleton';
import { PanelState } from '../panel/state';
import { Conversation } from '../panel/thread/Conversation';
import { DEFAULT_OPTIONS } from '../panel/thread/options';
import { useThreadContext } from '../panel/thread/useThreadContext';
import { useGuest } from './context';
import { ReviewHeader } from './ReviewHeader';
import { SharedCells } from './SharedCells';
import { Sheet } from './Sheet';

const SETTINGS = { singleKeys: true, sendWithEnter: true };

interface IOpened {
  readonly panel: IPanelContext;
  readonly thread: IThread;
}

/** The thread of a guest, with the shared cells beside the messages. */
export function ReviewPage(props: {
  threadId: string;
  connect: () => GroupChat;
  rendermime: RenderMimeRegistry;
}): JSX.Element {
  const { threadId, connect, rendermime } = props;
  const [opened, setOpened] = useState<IOpened | null>(null);
  const [shown, setShown] = useState<{ id: string } | null>(null);

  useEffect(() => {
    const chat = connect();
    const state = new PanelState(chat, SETTINGS);
    const translator = nullTranslator;
    state.open(threadId);
    const panel: IPanelContext = {
      ...makeContext({ chat, state, rendermime, translator }),
      bridge: null,
      hasList: false,
      showCell: id => setShown({ id })
    };
    setOpened({ panel, thread: state.thread! });
    return () => {
      state.close();
      chat.dispose();
    };
  }, [threadId, connect, rendermime]);

  return opened === null ? (
    <></>
  ) : (
    <PanelContext.Provider value={opened.panel}>
      <Opened thread={opened.thread} shown={shown} />
    </PanelContext.Provider>
  );
}

function Opened(props: {
  thread: IThread;
  shown: { id: string } | null;
}): JSX.Element {
  const { thread, shown } = props;
  const { chat, trans } = usePanel();
  const { door } = useGuest();
  const context = useThreadContext(thread);
  const gone = useField(thread, t => t.gone);
  const signedOut = useField(chat, c => c.connection.signedOut ?? false);

  // The server knows why, also where this page was told of it first.
  useEffect(() => {
    if (gone?.code === 'deleted' || gone?.code === 'left') {
      door.close(gone.code, gone.message);
    } else if (gone !== null || signedOut) {
      void door.check();
    }
  }, [door, gone, signedOut]);

  if (gone !== null) {
    return (
      <Sheet
        title={trans.__('This thread cannot be shown')}
        action={
          <Button mods="primary" onClick={() => window.location.reload()}>
            {trans.__('Try again')}
          </Button>
        }
      >
        {gone.message}
      </Sheet>
    );
  }
  return (
    <ThreadContext.Provider value={context}>
      <Review shown={shown} />
    </ThreadContext.Provider>
  );
}

function Review(props: { shown: { id: string } | null }): JSX.Element {
  const { state, trans } = usePanel();
  const { thread } = useThread();
  const loaded = useField(thread, t => t.loaded);
  const title = useField(thread, t => t.title);
  const spoken = useField(state, s => s.spoken);
  const [options, setOptions] = useState(DEFAULT_OPTIONS);

  useEffect(() => {
    if (title !== '') {
      document.title = title;
    }
  }, [title]);

  return (
    <div className="gc-Review">
      <ReviewHeader
        onSearch={() => setOptions({ ...options, finder: 'search' })}
      />
      {loaded ? (
        <SharedCells shown={props.shown} />
      ) : (
        <section className="gc-GuestCells">
          <Skeleton label={trans.__('Loading shared cells')} />
        </section>
      )}
      <main className="gc-Panel" aria-label={trans.__('Thread')}>
        <Conversation
          options={options}
          onOptions={setOptions}
          onCatchUp={null}
        />
      </main>
      <p className="gc-sr" role="status">
        {spoken}
      </p>
    </div>
  );
}
