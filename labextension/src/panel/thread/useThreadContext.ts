import { useMemo } from 'react';

import { IThread } from '../../model/interfaces';
import { IThreadContext, usePanel } from '../context';
import { useField } from '../hooks/useField';
import { mentionPattern, namesIn } from '../text/mentions';

/** What the messages of a thread share; new only when the members or the person change. */
export function useThreadContext(thread: IThread): IThreadContext {
  const { chat } = usePanel();
  const me = useField(chat, c => c.me);
  const members = useField(thread, t => t.members);
  const username = me?.username ?? '';
  const assistantName = me?.assistantName ?? 'Assistant';
  return useMemo(() => {
    const names = namesIn(members, assistantName);
    return {
      thread,
      members: new Map(members.map(member => [member.username, member])),
      names,
      pattern: mentionPattern(names),
      me: username,
      assistantName
    };
  }, [thread, members, username, assistantName]);
}
