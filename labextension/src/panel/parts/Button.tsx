import { LabIcon } from '@jupyterlab/ui-components';
import { ButtonHTMLAttributes, forwardRef } from 'react';

import { Icon } from './Icon';

type Attributes = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'disabled'>;

/** Classes for `mods`, such as `primary small`. */
function modifiers(mods: string | undefined): string {
  return (mods ?? '')
    .split(' ')
    .filter(Boolean)
    .map(mod => ` gc-mod-${mod}`)
    .join('');
}

/** A click that does nothing while the button cannot be used; it stays focusable, so that its reason can be read. */
function guarded(attributes: Attributes): Attributes {
  return attributes['aria-disabled'] === true
    ? { ...attributes, onClick: event => event.preventDefault() }
    : attributes;
}

/** A button with words, and perhaps an icon. Words of one that `collapses` give way to the icon where it is narrow. */
export const Button = forwardRef<
  HTMLButtonElement,
  Attributes & { mods?: string; icon?: LabIcon; collapses?: boolean }
>(function Button(
  { mods, icon, collapses, children, className, ...rest },
  ref
) {
  return (
    <button
      type="button"
      {...guarded(rest)}
      ref={ref}
      className={`gc-Button${modifiers(mods)}${className ? ` ${className}` : ''}`}
    >
      {icon && <Icon icon={icon} />}
      {collapses ? <span className="gc-label">{children}</span> : children}
    </button>
  );
});

/** A button that is an icon; `label` is its name and its tooltip. */
export const IconButton = forwardRef<
  HTMLButtonElement,
  Attributes & { mods?: string; icon: LabIcon; label: string }
>(function IconButton({ mods, icon, label, className, ...rest }, ref) {
  return (
    <button
      type="button"
      title={label}
      aria-label={label}
      {...guarded(rest)}
      ref={ref}
      className={`gc-IconButton${modifiers(mods)}${className ? ` ${className}` : ''}`}
    >
      <Icon icon={icon} />
    </button>
  );
});
