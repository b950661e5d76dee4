import { ISignal } from '@lumino/signaling';
import { useCallback, useSyncExternalStore } from 'react';

/** Follow one field of a model: the component renders again only when that field changed. */
export function useField<M extends { readonly changed: ISignal<M, void> }, T>(
  model: M,
  select: (model: M) => T
): T {
  const subscribe = useCallback(
    (notify: () => void) => {
      model.changed.connect(notify);
      return () => {
        model.changed.disconnect(notify);
      };
    },
    [model]
  );
  return useSyncExternalStore(subscribe, () => select(model));
}
