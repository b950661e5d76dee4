import { useEffect, useState } from 'react';

import { ISharedDraft } from '../../model/interfaces';
import { useThread } from '../context';

/** Join a message that members write together, for as long as the component is there. */
export function useSharedDraft(draftId: string): ISharedDraft | null {
  const { thread } = useThread();
  const [draft, setDraft] = useState<ISharedDraft | null>(null);
  useEffect(() => {
    const joined = thread.joinTogether(draftId);
    setDraft(joined);
    return () => {
      setDraft(null);
      joined.dispose();
    };
  }, [thread, draftId]);
  return draft;
}
