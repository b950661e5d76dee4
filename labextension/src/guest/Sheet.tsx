import { ReactNode } from 'react';

import { Empty } from '../panel/parts/Empty';

/** A page that says one thing, and what to do. */
export function Sheet(props: {
  title: string;
  children: ReactNode;
  action?: ReactNode;
}): JSX.Element {
  return (
    <main className="gc-GuestSheet">
      <Empty {...props} alone />
    </main>
  );
}
