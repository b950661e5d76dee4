import { useMemo, useState } from 'react';

import { usePanel, useThread } from '../context';
import { useField } from '../hooks/useField';
import { closeIcon, searchIcon } from '../icons';
import { FoundMessages, IFoundRow } from '../list/FoundMessages';
import { useSearch } from '../list/useSearch';
import { IconButton } from '../parts/Button';
import { Icon } from '../parts/Icon';
import { Notice } from '../parts/Notice';

/** Messages of a thread that hold some words, or that were pinned, above the others. */
export function ThreadFinder(props: {
  kind: 'search' | 'pins';
  onClose: () => void;
}): JSX.Element {
  const { state, trans } = usePanel();
  const { kind, onClose } = props;
  const choose = ({ messageId, seq }: IFoundRow) => {
    onClose();
    state.reveal(messageId, seq);
  };
  return (
    <section
      className="gc-Finder"
      aria-label={
        kind === 'search'
          ? trans.__('Search in this thread')
          : trans.__('Pinned messages')
      }
      onKeyDown={event => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          onClose();
          state.callFocus();
        }
      }}
    >
      {kind === 'search' ? (
        <Search onChoose={choose} onClose={onClose} />
      ) : (
        <Pins onChoose={choose} onClose={onClose} />
      )}
    </section>
  );
}

interface IPartProps {
  onChoose: (row: IFoundRow) => void;
  onClose: () => void;
}

function Search({ onChoose, onClose }: IPartProps): JSX.Element {
  const { chat, trans } = usePanel();
  const { thread } = useThread();
  const [query, setQuery] = useState('');
  const { found, problem } = useSearch(chat, query, thread.id);
  return (
    <>
      <div className="gc-Finder-bar">
        <label className="gc-Field">
          <Icon icon={searchIcon} />
          <input
            type="search"
            autoFocus
            aria-label={trans.__('Search in this thread')}
            placeholder={trans.__('Search in this thread')}
            value={query}
            onChange={event => setQuery(event.target.value)}
          />
        </label>
        <IconButton
          icon={closeIcon}
          label={trans.__('Close')}
          onClick={onClose}
        />
      </div>
      {problem !== null && <Notice tone="error">{problem}</Notice>}
      {found !== null && <FoundMessages rows={found} onChoose={onChoose} />}
      {found?.length === 0 && (
        <p className="gc-Nothing" role="status">
          {trans.__('Nothing found')}
        </p>
      )}
    </>
  );
}

/** Of the messages that were loaded; a pin further back is found by scrolling or by search. */
function Pins({ onChoose, onClose }: IPartProps): JSX.Element {
  const { trans } = usePanel();
  const { thread } = useThread();
  const messages = useField(thread, t => t.messages);
  const rows = useMemo(
    () =>
      messages
        .filter(message => message.pinnedBy !== undefined && !message.deleted)
        .map(message => ({
          threadId: thread.id,
          messageId: message.id,
          seq: message.seq,
          authorName: message.authorName,
          body: message.body,
          at: message.at
        })),
    [messages, thread.id]
  );
  return (
    <>
      <div className="gc-Finder-bar">
        <h3>{trans.__('Pinned messages')}</h3>
        <IconButton
          icon={closeIcon}
          label={trans.__('Close')}
          autoFocus
          onClick={onClose}
        />
      </div>
      {rows.length === 0 ? (
        <p className="gc-Nothing">
          {trans.__('Nothing pinned. Pin a message from its More menu.')}
        </p>
      ) : (
        <FoundMessages rows={rows} onChoose={onChoose} />
      )}
    </>
  );
}
