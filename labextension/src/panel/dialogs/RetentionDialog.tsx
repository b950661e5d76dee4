import { useEffect, useState } from 'react';

import { usePanel, useThread } from '../context';
import { useAction, wordsOf } from '../hooks/useAction';
import { useField } from '../hooks/useField';
import { Button } from '../parts/Button';
import { Notice } from '../parts/Notice';
import { IChoice, Select } from '../parts/Select';

const CHOICES = [30, 90, 365];

/** How long the thread keeps its messages, and how many would go. */
export function RetentionDialog(): JSX.Element {
  const { chat, trans } = usePanel();
  const { thread } = useThread();
  const kept = useField(thread, t => t.keepDays) ?? null;
  const archived = useField(thread, t => t.archivedAt !== undefined);
  const everywhere = useField(chat, c => c.me)?.allowed.keepDays ?? null;
  const [days, setDays] = useState<number | null>(kept);
  const { busy, problem, run } = useAction();
  const { count: older, problem: unknown } = useOlder(
    days === kept ? null : days
  );

  const label = (choice: number | null) =>
    choice === null ? trans.__('For ever') : trans.__('For %1 days', choice);
  const choices: IChoice<number | null>[] = [
    null,
    ...new Set([...CHOICES, ...(kept === null ? [] : [kept])])
  ]
    .sort((a, b) => (a ?? Infinity) - (b ?? Infinity))
    .map(value => ({ value, label: label(value) }));
  const changed = days !== kept;
  // Nobody deletes anything without having read how much.
  const ready = changed && (days === null || older !== null);
  return (
    <>
      <span className="gc-Label">{trans.__('Keep messages')}</span>
      <Select
        label={trans.__('Keep messages')}
        value={days}
        choices={choices}
        onChange={setDays}
      />
      {everywhere !== null && (
        <Notice>
          {trans.__(
            'This server deletes messages after %1 days in every thread; a longer time here changes nothing.',
            everywhere
          )}
        </Notice>
      )}
      {changed && days !== null && older !== null && (
        <Notice tone={older > 0 ? 'warn' : undefined} role="status">
          {older > 0
            ? trans._n(
                '%1 message is older than that. It is deleted for everyone, with its files. This cannot be undone.',
                '%1 messages are older than that. They are deleted for everyone, with their files. This cannot be undone.',
                older
              )
            : trans.__('No message is older than that now.')}
        </Notice>
      )}
      {(problem ?? unknown) !== null && (
        <Notice tone="error" role="alert">
          {problem ?? unknown}
        </Notice>
      )}
      <div className="gc-Actions">
        <Button
          mods={older !== null && older > 0 ? 'danger' : 'primary'}
          aria-disabled={!ready || busy || archived}
          onClick={() => run(() => thread.patch({ keepDays: days }))}
        >
          {older !== null && older > 0
            ? trans._n('Delete %1 message', 'Delete %1 messages', older)
            : trans.__('Save')}
        </Button>
        <span className="gc-meta" role="status">
          {archived
            ? trans.__('Reopen the thread to change this.')
            : changed
              ? trans.__('Not saved yet')
              : trans.__('Everyone in the thread sees this.')}
        </span>
      </div>
    </>
  );
}

/** How many messages are older than so many days; null while that is not known. */
function useOlder(days: number | null): {
  count: number | null;
  problem: string | null;
} {
  const { thread } = useThread();
  const [found, setFound] = useState<{
    days: number;
    count: number | null;
    problem: string | null;
  } | null>(null);
  useEffect(() => {
    let wanted = true;
    if (days !== null) {
      thread.older(days).then(
        count => {
          if (wanted) {
            setFound({ days, count, problem: null });
          }
        },
        (error: unknown) => {
          if (wanted) {
            setFound({ days, count: null, problem: wordsOf(error) });
          }
        }
      );
    }
    return () => {
      wanted = false;
    };
  }, [thread, days]);
  return found !== null && found.days === days
    ? found
    : { count: null, problem: null };
}
