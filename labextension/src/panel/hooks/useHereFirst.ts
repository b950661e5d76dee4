import { useMemo } from 'react';

import { IMember } from '../../model/interfaces';
import { useThread } from '../context';
import { useField } from './useField';

/** The members of the thread; those who are here come first. */
export function useHereFirst(): readonly IMember[] {
  const { thread } = useThread();
  const members = useField(thread, t => t.members);
  const here = useField(thread, t => t.here);
  return useMemo(
    () => [
      ...members.filter(({ username }) => here.has(username)),
      ...members.filter(({ username }) => !here.has(username))
    ],
    [members, here]
  );
}
