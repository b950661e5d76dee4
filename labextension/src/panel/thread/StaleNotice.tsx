import { IMessage, IThread } from '../../model/interfaces';
import { usePanel, useThread } from '../context';
import { useField } from '../hooks/useField';
import { Notice } from '../parts/Notice';
import { AskAgain } from './AskAgain';

/** Says that a cell which a reply saw has changed since. */
export function StaleNotice(props: { message: IMessage }): JSX.Element | null {
  const { message } = props;
  const { trans } = usePanel();
  const { thread } = useThread();
  const changed = useField(thread, t => changedCell(message, t));
  return changed === null || message.status !== 'complete' ? null : (
    <Notice
      tone="warn"
      actions={<AskAgain message={message} label={trans.__('Ask again')} />}
    >
      {trans.__('Answer may be stale: cell %1 changed', changed)}
    </Notice>
  );
}

/** The first cell that changed since the reply saw it, as it is called; null when none did. */
function changedCell(message: IMessage, thread: IThread): string | null {
  for (const [id, hash] of Object.entries(message.reply?.seen?.cells ?? {})) {
    const cell = thread.cells.get(id);
    if (cell !== undefined && cell.contentHash !== hash) {
      return `[${cell.executionCount ?? ' '}]`;
    }
  }
  return null;
}
