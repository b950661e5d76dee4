import { useMemo } from 'react';

import { ASSISTANT, isGuest, IThread } from '../../model/interfaces';
import { IThreadContext, usePanel } from '../context';
import { useField } from '../hooks/useField';
import { mentionPattern, namesakesIn, namesIn } from '../text/mentions';

/** Before the names of authors who were imported, and have no account. */
const IMPORTED = /^import:/;

/** What the messages of a thread share; new only when the members or the person change. */
export function useThreadContext(thread: IThread): IThreadContext {
  const { chat, trans } = usePanel();
  const me = useField(chat, c => c.me);
  const members = useField(thread, t => t.members);
  const username = me?.username ?? '';
  const assistantName = me?.assistantName ?? 'Assistant';
  return useMemo(() => {
    const names = namesIn(members, assistantName);
    const known = new Map(members.map(member => [member.username, member]));
    return {
      thread,
      members: known,
      namesakes: namesakesIn(members),
      names,
      pattern: mentionPattern(names),
      me: username,
      assistantName,
      nameOf: other =>
        other === ASSISTANT
          ? assistantName
          : (known.get(other)?.name ??
            (isGuest(other)
              ? trans.__('a guest')
              : other.replace(IMPORTED, '')))
    };
  }, [thread, members, username, assistantName, trans]);
}
