import { IMessage, IThread } from '../../model/interfaces';

/** About how high a message will be, in pixels, so that the scroll bar is nearly right before it is rendered. */
export function estimateHeight(message: IMessage, thread: IThread): number {
  if (message.kind === 'system') {
    return 24;
  }
  let height = 28 + linesOf(message.body) * 19;
  for (const id of message.cells) {
    const cell = thread.cells.get(id);
    height +=
      cell === undefined
        ? 40
        : 62 +
          Math.min(12, cell.source.split('\n').length) * 17 +
          (cell.outputs.length > 0 ? 110 : 0);
  }
  for (const id of message.files) {
    const picture = thread.files.get(id)?.mediaType.startsWith('image/');
    height += picture ? 144 : 32;
  }
  height += message.reactions.length > 0 ? 29 : 0;
  height += message.kind === 'assistant' ? 30 : 0;
  return height;
}

/** Characters that fit into a line of a side bar. */
const LINE = 46;

/** Lines that a text takes. Asked of every message that is loaded, so it allocates nothing. */
function linesOf(text: string): number {
  let lines = 0;
  let from = 0;
  for (;;) {
    const end = text.indexOf('\n', from);
    const length = (end === -1 ? text.length : end) - from;
    lines += Math.max(1, Math.ceil(length / LINE));
    if (end === -1) {
      return lines;
    }
    from = end + 1;
  }
}
