import type { TranslationBundle } from '@jupyterlab/translation';
import { useEffect, useState } from 'react';

import { IFound, Mark } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { wordsOf } from '../hooks/useAction';
import { useField } from '../hooks/useField';
import { closeIcon, searchIcon } from '../icons';
import { FoundMessages } from '../list/FoundMessages';
import { useSearch } from '../list/useSearch';
import { IconButton } from '../parts/Button';
import { Icon } from '../parts/Icon';
import { Notice } from '../parts/Notice';

/** Messages of a thread that hold some words, or that have a mark, above the others. */
export function ThreadFinder(props: {
  kind: 'search' | Mark;
  onClose: () => void;
}): JSX.Element {
  const { state, trans } = usePanel();
  const { kind, onClose } = props;
  const choose = ({ messageId, seq }: IFound) => {
    onClose();
    state.reveal(messageId, seq);
  };
  return (
    <section
      className="gc-Finder"
      aria-label={
        kind === 'search'
          ? trans.__('Search in this thread')
          : titleOf(kind, trans)
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
        <Marked mark={kind} onChoose={choose} onClose={onClose} />
      )}
    </section>
  );
}

interface IPartProps {
  onChoose: (row: IFound) => void;
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

/** Messages with a mark, whether they were loaded or not. */
function Marked(props: IPartProps & { mark: Mark }): JSX.Element {
  const { mark, onChoose, onClose } = props;
  const { trans } = usePanel();
  const { rows, problem } = useMarked(mark);
  return (
    <>
      <div className="gc-Finder-bar">
        <h3>{titleOf(mark, trans)}</h3>
        <IconButton
          icon={closeIcon}
          label={trans.__('Close')}
          autoFocus
          onClick={onClose}
        />
      </div>
      {problem !== null && <Notice tone="error">{problem}</Notice>}
      {rows !== null && <FoundMessages rows={rows} onChoose={onChoose} />}
      {rows?.length === 0 && (
        <p className="gc-Nothing" role="status">
          {mark === 'pinned'
            ? trans.__('Nothing pinned. Pin a message from its More menu.')
            : trans.__(
                'Nothing agreed on. Mark a message as agreed from its More menu.'
              )}
        </p>
      )}
    </>
  );
}

/** The messages with a mark, fetched again whenever a mark changes; null until there is an answer. */
function useMarked(mark: Mark): {
  rows: readonly IFound[] | null;
  problem: string | null;
} {
  const { thread } = useThread();
  const marks = useField(thread, t => t.marks);
  const [rows, setRows] = useState<readonly IFound[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    let current = true;
    thread.marked(mark).then(
      found => {
        if (current) {
          setRows(found);
          setProblem(null);
        }
      },
      (error: unknown) => {
        if (current) {
          setProblem(wordsOf(error));
        }
      }
    );
    return () => {
      current = false;
    };
  }, [thread, mark, marks]);
  return { rows, problem };
}

function titleOf(mark: Mark, trans: TranslationBundle): string {
  return mark === 'pinned'
    ? trans.__('Pinned messages')
    : trans.__('Agreed messages');
}
