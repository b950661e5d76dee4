import { usePanel, useThread } from '../context';
import { useField } from '../hooks/useField';
import { firstName } from '../text/plain';

/** What the empty composer says: whom a message reaches. */
export function usePlaceholder(): string {
  const { chat, trans } = usePanel();
  const { thread, me, assistantName } = useThread();
  const members = useField(thread, t => t.members);
  const enabled = useField(chat, c => c.me)?.assistantEnabled ?? false;
  const online = useField(chat, c => c.connection).state !== 'offline';
  const others = members.filter(({ username }) => username !== me);
  const people =
    others.length === 1
      ? firstName(others[0].name)
      : trans.__('%1 people', others.length);
  if (!enabled || !online) {
    return others.length === 0
      ? trans.__('Write a message')
      : trans.__('Message %1', people);
  }
  return others.length === 0
    ? trans.__('Message %1', assistantName)
    : trans.__('Message %1, or @%2', people, assistantName);
}
