import type { TranslationBundle } from '@jupyterlab/translation';
import { Component, ReactNode } from 'react';

import { Button } from '../panel/parts/Button';
import { Sheet } from './Sheet';

/** In the place of a page that cannot be shown for an error of ours: there is nothing else around it that would be left. */
export class Boundary extends Component<
  { trans: TranslationBundle; children: ReactNode },
  { failed: boolean }
> {
  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override state = { failed: false };

  override render(): ReactNode {
    const { trans, children } = this.props;
    return this.state.failed ? (
      <Sheet
        title={trans.__('Something went wrong')}
        action={
          <Button mods="primary" onClick={() => window.location.reload()}>
            {trans.__('Reload')}
          </Button>
        }
      >
        <span role="alert">
          {trans.__(
            'This page cannot be shown. What was sent is kept, and what you typed as well.'
          )}
        </span>
      </Sheet>
    ) : (
      children
    );
  }
}
