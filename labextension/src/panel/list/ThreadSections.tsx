import { useMemo } from 'react';

import { IThreadRow } from '../../model/interfaces';
import { usePanel } from '../context';
import { Section } from '../parts/Section';
import { ThreadRows } from './ThreadRows';

/** Threads that go on, then those that were archived. */
export function ThreadSections(props: {
  threads: readonly IThreadRow[];
}): JSX.Element {
  const { trans } = usePanel();
  const { active, archived } = useMemo(
    () => ({
      active: props.threads.filter(row => row.archivedAt === undefined),
      archived: props.threads.filter(row => row.archivedAt !== undefined)
    }),
    [props.threads]
  );
  return (
    <>
      {active.length > 0 && (
        <Section title={trans.__('Threads')} count={active.length}>
          <ThreadRows rows={active} />
        </Section>
      )}
      {archived.length > 0 && (
        <Section title={trans.__('Archived')} count={archived.length} folded>
          <ThreadRows rows={archived} />
        </Section>
      )}
    </>
  );
}
