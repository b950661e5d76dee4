import type { TranslationBundle } from '@jupyterlab/translation';

import type { IToolUse } from '../../model/interfaces';

/** What a reply does with a tool, or did, in one line. */
export function toolLine(
  use: Pick<IToolUse, 'name' | 'label' | 'status'> & {
    readonly error?: string | null;
  },
  trans: TranslationBundle
): string {
  const said =
    use.status === 'running' ? running(use, trans) : ended(use, trans);
  switch (use.status) {
    case 'failed':
      return trans.__('%1: failed. %2', said, use.error ?? '').trim();
    case 'stopped':
      return trans.__('%1: stopped', said);
    default:
      return said;
  }
}

type Use = Pick<IToolUse, 'name' | 'label' | 'status'>;

function running({ name, label }: Use, trans: TranslationBundle): string {
  switch (name) {
    case 'search_thread':
      return trans.__('Searching the thread for “%1”', label);
    case 'read_cell':
      return trans.__('Reading cell %1', label);
    case 'make_image':
      return trans.__('Making a picture: %1', label);
    default:
      return trans.__('Using %1', label);
  }
}

function ended(use: Use, trans: TranslationBundle): string {
  const { name, label } = use;
  const well = use.status === 'done';
  switch (name) {
    case 'search_thread':
      return well
        ? trans.__('Searched the thread for “%1”', label)
        : trans.__('Search of the thread for “%1”', label);
    case 'read_cell':
      return well
        ? trans.__('Read cell %1', label)
        : trans.__('Reading of cell %1', label);
    case 'make_image':
      return well
        ? trans.__('Made a picture: %1', label)
        : trans.__('Picture of “%1”', label);
    default:
      return well ? trans.__('Used %1', label) : label;
  }
}
