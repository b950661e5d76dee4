/** What every part of a guest's page needs. */
import type { TranslationBundle } from '@jupyterlab/translation';
import { createContext, useContext } from 'react';

import type { Times } from '../panel/text/times';
import type { Door } from './door';

export interface IGuestContext {
  readonly door: Door;
  readonly trans: TranslationBundle;
  readonly times: Times;
}

export const GuestContext = createContext<IGuestContext | null>(null);

export function useGuest(): IGuestContext {
  const context = useContext(GuestContext);
  if (context === null) {
    throw new Error('A component of the guest’s page stands outside of it.');
  }
  return context;
}
