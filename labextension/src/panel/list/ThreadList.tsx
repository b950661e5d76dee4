import { KeyboardEvent, useEffect, useRef, useState } from 'react';

import { usePanel } from '../context';
import { useField } from '../hooks/useField';
import { useWantedFocus } from '../hooks/useWantedFocus';
import { gearIcon, searchIcon } from '../icons';
import { Button, IconButton } from '../parts/Button';
import { Empty } from '../parts/Empty';
import { Icon } from '../parts/Icon';
import { Notice } from '../parts/Notice';
import { Skeleton } from '../parts/Skeleton';
import { NewThread } from './NewThread';
import { SearchResults } from './SearchResults';
import { StartBar } from './StartBar';
import { ThreadListFooter } from './ThreadListFooter';
import { ThreadSections } from './ThreadSections';
import { WaitingRows } from './WaitingRows';

/** All threads of the person, and the way to others. */
export function ThreadList(): JSX.Element {
  const { chat, state, trans, openSettings } = usePanel();
  const threads = useField(chat, c => c.threads);
  const loaded = useField(chat, c => c.loaded);
  const problem = useField(chat, c => c.problem);
  const settings = useField(state, s => s.settings);
  const [query, setQuery] = useState('');
  const [creating, setCreating] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const search = useRef<HTMLInputElement>(null);

  useWantedFocus(() =>
    loaded
      ? (root.current?.querySelector<HTMLElement>(
          '.gc-ThreadRow, .gc-mod-primary'
        ) ?? null)
      : null
  );

  // The focus goes back to the button that the form took the place of.
  const closing = useRef(false);
  useEffect(() => {
    if (closing.current) {
      closing.current = false;
      root.current?.querySelector<HTMLElement>('.gc-StartBar button')?.focus();
    }
  }, [creating]);

  const onKeyDown = (event: KeyboardEvent) => {
    const inText = event.target instanceof HTMLInputElement;
    if (event.key === '/' && settings.singleKeys && !inText) {
      event.preventDefault();
      search.current?.focus();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      moveFocus(root.current, event);
    } else if (event.key === 'Escape' && inText && query !== '') {
      event.stopPropagation();
      setQuery('');
    }
  };

  const empty = loaded && threads.length === 0 && !creating;
  return (
    <div className="gc-ThreadList" ref={root} onKeyDown={onKeyDown}>
      <div className="gc-ThreadList-top">
        <div className="gc-ThreadList-title">
          <h2>{trans.__('Group Chat')}</h2>
          {openSettings && (
            <IconButton
              icon={gearIcon}
              label={trans.__('Group Chat settings')}
              onClick={openSettings}
            />
          )}
        </div>
        {!empty && (
          <label className="gc-Field">
            <Icon icon={searchIcon} />
            <input
              type="search"
              ref={search}
              aria-label={trans.__('Search threads and messages')}
              placeholder={trans.__('Search threads and messages')}
              value={query}
              onChange={event => setQuery(event.target.value)}
            />
            {settings.singleKeys && query === '' && (
              <span className="gc-Kbd" aria-hidden="true">
                /
              </span>
            )}
          </label>
        )}
        {creating ? (
          <NewThread
            onClose={() => {
              closing.current = true;
              setCreating(false);
            }}
          />
        ) : (
          !empty && <StartBar onNew={() => setCreating(true)} />
        )}
      </div>
      <div className="gc-ThreadList-rows">
        {problem !== null && (
          <Notice
            tone="error"
            bar
            role="status"
            actions={
              <Button mods="small" onClick={() => void chat.refresh()}>
                {trans.__('Retry')}
              </Button>
            }
          >
            {problem.message}
          </Notice>
        )}
        {!loaded && problem === null && (
          <Skeleton label={trans.__('Loading threads')} />
        )}
        {loaded && query.trim() === '' && <WaitingRows />}
        {empty && (
          <Empty
            title={trans.__('No threads yet')}
            action={<StartBar onNew={() => setCreating(true)} />}
          >
            {trans.__(
              'Talk about a notebook with your team. The assistant can join in.'
            )}
          </Empty>
        )}
        {loaded &&
          (query.trim() === '' ? (
            <ThreadSections threads={threads} />
          ) : (
            <SearchResults threads={threads} query={query} />
          ))}
      </div>
      <ThreadListFooter />
    </div>
  );
}

/** Move the focus to the row above or below; from anywhere else, to the first. */
function moveFocus(root: HTMLElement | null, event: KeyboardEvent): void {
  const rows = Array.from(
    root?.querySelectorAll<HTMLElement>('.gc-ThreadRow') ?? []
  );
  if (rows.length === 0) {
    return;
  }
  event.preventDefault();
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const next =
    at === -1 ? 0 : event.key === 'ArrowDown' ? at + 1 : Math.max(0, at - 1);
  rows[Math.min(next, rows.length - 1)].focus();
}
