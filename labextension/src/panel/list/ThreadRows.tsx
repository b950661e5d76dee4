import { useCallback } from 'react';

import { IThreadRow } from '../../model/interfaces';
import { usePanel } from '../context';
import { useField } from '../hooks/useField';
import { ThreadRow } from './ThreadRow';

/** Threads as a list of rows that open them. */
export function ThreadRows(props: {
  rows: readonly IThreadRow[];
}): JSX.Element {
  const { chat, state } = usePanel();
  const me = useField(chat, c => c.me)?.username;
  const open = useCallback((id: string) => state.open(id), [state]);
  return (
    <div role="list">
      {props.rows.map(row => (
        <div role="listitem" key={row.id}>
          <ThreadRow row={row} me={me} onOpen={open} />
        </div>
      ))}
    </div>
  );
}
