import { useMemo } from 'react';

import { IThreadRow } from '../../model/interfaces';
import { usePanel } from '../context';
import { Notice } from '../parts/Notice';
import { Section } from '../parts/Section';
import { FoundMessages } from './FoundMessages';
import { ThreadRows } from './ThreadRows';
import { useSearch } from './useSearch';

/** Threads whose title fits, and messages that hold the words. */
export function SearchResults(props: {
  threads: readonly IThreadRow[];
  query: string;
}): JSX.Element {
  const { chat, state, trans } = usePanel();
  const { found, problem } = useSearch(chat, props.query);
  const wanted = props.query.trim().toLowerCase();
  const named = props.threads.filter(row =>
    row.title.toLowerCase().includes(wanted)
  );
  const titles = useMemo(
    () => new Map(props.threads.map(row => [row.id, row.title])),
    [props.threads]
  );
  return (
    <>
      {named.length > 0 && (
        <Section title={trans.__('Threads')} count={named.length}>
          <ThreadRows rows={named} />
        </Section>
      )}
      {problem !== null && (
        <Notice tone="error" bar>
          {problem}
        </Notice>
      )}
      {found !== null && found.length > 0 && (
        <Section title={trans.__('Messages')} count={found.length}>
          <FoundMessages
            rows={found}
            titles={titles}
            onChoose={({ threadId, messageId, seq }) =>
              state.open(threadId, { messageId, seq })
            }
          />
        </Section>
      )}
      {found?.length === 0 && named.length === 0 && (
        <p className="gc-Nothing" role="status">
          {trans.__('Nothing found')}
        </p>
      )}
    </>
  );
}
