import type { ICellModel, ICodeCellModel } from '@jupyterlab/cells';

import type { INewCell } from '../model/interfaces';

type Content = Pick<
  INewCell,
  'cellId' | 'cellType' | 'source' | 'outputs' | 'executionCount'
>;

/** What of a cell can be shared. */
export function contentOf(model: ICellModel): Content {
  const code = model.type === 'code' ? (model as ICodeCellModel) : null;
  return {
    cellId: model.id,
    cellType: model.type as Content['cellType'],
    source: model.sharedModel.getSource(),
    outputs: code?.outputs.toJSON() ?? [],
    executionCount: code?.executionCount ?? null
  };
}

/** A short text that differs when the content does. */
export function digestOf(content: Content): string {
  const text = JSON.stringify(content);
  // FNV-1a twice, with different beginnings: 64 bits, and crypto.subtle is not there on plain http.
  let low = 0x811c9dc5;
  let high = 0x9dc5811c;
  for (let at = 0; at < text.length; at++) {
    low = Math.imul(low ^ text.charCodeAt(at), 0x01000193);
    high = Math.imul(high ^ text.charCodeAt(text.length - 1 - at), 0x01000193);
  }
  return [low, high].map(half => (half >>> 0).toString(36)).join('-');
}
