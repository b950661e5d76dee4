import { useRef } from 'react';

import { usePanel, useThread } from '../context';
import { useAttempt } from '../hooks/useAttempt';
import { useField } from '../hooks/useField';
import { useWantedFocus } from '../hooks/useWantedFocus';
import { archiveIcon } from '../icons';
import { Button } from '../parts/Button';
import { Notice } from '../parts/Notice';

/** In the place of the composer: why nothing can be written. */
export function ArchivedNotice(props: { since: Date }): JSX.Element {
  const { trans, times } = usePanel();
  const { thread } = useThread();
  const role = useField(thread, t => t.role);
  const attempt = useAttempt();
  const root = useRef<HTMLDivElement>(null);
  useWantedFocus(() => root.current);
  return (
    <div className="gc-Composer gc-mod-closed" tabIndex={-1} ref={root}>
      <Notice
        icon={archiveIcon}
        actions={
          role === 'owner' && (
            <Button
              mods="small"
              onClick={() => attempt(() => thread.patch({ archived: false }))}
            >
              {trans.__('Reopen')}
            </Button>
          )
        }
      >
        {trans.__(
          'Archived on %1. You can read, not write.',
          times.date(props.since)
        )}
      </Notice>
    </div>
  );
}
