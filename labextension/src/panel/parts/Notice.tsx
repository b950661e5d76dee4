import { LabIcon } from '@jupyterlab/ui-components';
import { ReactNode } from 'react';

import { usePanel } from '../context';
import { closeIcon, infoIcon, warnIcon } from '../icons';
import { IconButton } from './Button';
import { Icon } from './Icon';

/** What happened, and the buttons that follow from it. */
export function Notice(props: {
  tone?: 'brand' | 'warn' | 'error';
  bar?: boolean;
  icon?: LabIcon;
  role?: 'alert' | 'status';
  /** The buttons. */
  actions?: ReactNode;
  /** For one that goes once it was read. */
  onDismiss?: () => void;
  children: ReactNode;
}): JSX.Element {
  const { tone, bar, icon, role, actions, onDismiss, children } = props;
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
      {onDismiss && <Dismiss onClick={onDismiss} />}
    </div>
  );
}

/** In a part of its own: notices stand outside of a panel as well. */
function Dismiss(props: { onClick: () => void }): JSX.Element {
  const { trans } = usePanel();
  return (
    <IconButton
      mods="24"
      icon={closeIcon}
      label={trans.__('Dismiss')}
      onClick={props.onClick}
    />
  );
}
