import { useEffect } from 'react';

import { usePanel } from '../context';
import { useField } from './useField';

/** Put the focus where `find` says once somebody asked for it, such as by the panel's shortcut. */
export function useWantedFocus(find: () => HTMLElement | null): void {
  const { state } = usePanel();
  const wanted = useField(state, s => s.focusWanted);
  useEffect(() => {
    const place = wanted ? find() : null;
    if (place !== null) {
      place.focus();
      state.focusCame();
    }
  });
}
