import { usePanel, useThread } from '../context';
import { useField } from '../hooks/useField';

/** One line on what happens to what is written here. */
export function ComposerHint(): JSX.Element | null {
  const { chat, trans, times } = usePanel();
  const { thread, assistantName } = useThread();
  const online = useField(chat, c => c.connection).state !== 'offline';
  const me = useField(chat, c => c.me);
  const mode = useField(thread, t => t.mode);
  const notice = useField(thread, t => t.notice);

  const words = () => {
    if (!online) {
      return trans.__("Messages wait here until you're back");
    }
    if (notice !== null) {
      return notice.text;
    }
    if (me?.replies?.left === 0) {
      return trans.__(
        '%1 is back %2',
        assistantName,
        times.until(new Date(me.replies.until))
      );
    }
    if (me !== null && !me.assistantEnabled) {
      return trans.__('The assistant is switched off on this server');
    }
    return {
      auto: trans.__('%1 replies when addressed or useful', assistantName),
      mention: trans.__('%1 replies when mentioned', assistantName),
      quiet: trans.__('%1 is quiet; mention it to ask', assistantName)
    }[mode];
  };

  return <p className="gc-Composer-hint">{words()}</p>;
}
