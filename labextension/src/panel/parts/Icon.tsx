import { LabIcon } from '@jupyterlab/ui-components';

/** An icon beside words or inside a labelled button; it says nothing itself. */
export function Icon(props: {
  icon: LabIcon;
  /** Twelve pixels instead of sixteen. */
  small?: boolean;
  className?: string;
}): JSX.Element {
  const { icon, small, className } = props;
  const names = ['gc-Icon', small ? 'gc-mod-12' : '', className ?? ''];
  return <icon.react tag={null} className={names.filter(Boolean).join(' ')} />;
}
