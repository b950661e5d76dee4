import { useCallback, useState } from 'react';

import { IMessage } from '../../model/interfaces';
import { useThread } from '../context';
import { useAttempt } from '../hooks/useAttempt';
import { useText } from './useText';
import { IWriting } from './writing';

/** The message that is edited, null while none is. */
export function useEditing(): {
  editing: IWriting | null;
  edit: (message: IMessage) => void;
  stop: () => void;
} {
  const { thread } = useThread();
  const attempt = useAttempt();
  const [edited, setEdited] = useState<{ id: string; body: string } | null>(
    null
  );
  const text = useText(
    edited?.body ?? '',
    useCallback(
      body =>
        setEdited(before => (before === null ? null : { ...before, body })),
      []
    )
  );
  const stop = () => setEdited(null);
  return {
    editing: edited && {
      ...text,
      text: edited.body,
      cells: [],
      files: [],
      bring: () => Promise.resolve(),
      send: () => {
        stop();
        attempt(() => thread.edit(edited.id, edited.body.trim()));
        return Promise.resolve(true);
      }
    },
    edit: ({ id, body }) => {
      setEdited({ id, body });
      text.select({ anchor: body.length, head: body.length });
    },
    stop
  };
}
