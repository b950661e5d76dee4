import { usePanel, useThread } from '../context';
import { useField } from '../hooks/useField';
import { clockIcon } from '../icons';
import { Icon } from '../parts/Icon';

/** After how many days messages are deleted here, where they are; the shorter time counts. */
export function useKeepDays(): number | null {
  const { chat } = usePanel();
  const { thread } = useThread();
  const everywhere = useField(chat, c => c.me)?.allowed.keepDays ?? null;
  const here = useField(thread, t => t.keepDays) ?? null;
  return everywhere === null || here === null
    ? (everywhere ?? here)
    : Math.min(everywhere, here);
}

/** Tells everybody in the thread how long it remembers. */
export function KeptFor(): JSX.Element | null {
  const { trans } = usePanel();
  const days = useKeepDays();
  if (days === null) {
    return null;
  }
  const sentence = trans.__('Messages are deleted after %1 days', days);
  return (
    <span
      className="gc-ThreadView-kept"
      role="note"
      aria-label={sentence}
      title={sentence}
    >
      <Icon icon={clockIcon} small />
      {trans.__('%1 days', days)}
    </span>
  );
}
