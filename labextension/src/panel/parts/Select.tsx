import { downIcon } from '../icons';
import { Icon } from './Icon';
import { MenuButton } from './MenuButton';

export interface IChoice<T> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string;
}

/** One of several values, chosen from a menu that can say more about each. */
export function Select<T>(props: {
  label: string;
  value: T;
  choices: readonly IChoice<T>[];
  onChange: (value: T) => void;
}): JSX.Element {
  const { label, value, choices, onChange } = props;
  const current = choices.find(choice => choice.value === value);
  return (
    <MenuButton
      className="gc-Select"
      label={`${label}: ${current?.label ?? ''}`}
      items={() =>
        choices.map(choice => ({
          label: choice.label,
          hint: choice.hint,
          checked: choice.value === value,
          run: () => onChange(choice.value)
        }))
      }
    >
      <span className="gc-truncate">{current?.label}</span>
      <Icon icon={downIcon} small />
    </MenuButton>
  );
}
