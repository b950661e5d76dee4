import { LabIcon } from '@jupyterlab/ui-components';
import { ReactNode } from 'react';

import { infoIcon, warnIcon } from '../icons';
import { Icon } from './Icon';

/** What happened, and the buttons that follow from it. */
export function Notice(props: {
  tone?: 'brand' | 'warn' | 'error';
  bar?: boolean;
  icon?: LabIcon;
  role?: 'alert' | 'status';
  /** The buttons. */
  actions?: ReactNode;
  children: ReactNode;
}): JSX.Element {
  const { tone, bar, icon, role, actions, children } = props;
  const names = [
    'gc-Notice',
    tone ? `gc-mod-${tone}` : '',
    bar ? 'gc-mod-bar' : ''
  ];
  return (
    <div className={names.filter(Boolean).join(' ')} role={role}>
      <Icon
        icon={
          icon ?? (tone === 'warn' || tone === 'error' ? warnIcon : infoIcon)
        }
      />
      <span>{children}</span>
      {actions}
    </div>
  );
}
