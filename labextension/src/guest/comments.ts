/** What was said about shared cells, and how these stand on the page. Pure. */
import type { IMessage, ISharedCell } from '../model/interfaces';

type Cells = ReadonlyMap<string, ISharedCell>;

/**
 * The messages about each cell, by its share: what others than its sharer wrote on it, and the replies to that. The
 * oldest first; of loaded messages only.
 */
export function commentsOn(
  messages: readonly IMessage[],
  cells: Cells
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const about = new Map<string, readonly string[]>();
  for (const message of messages) {
    if (message.kind === 'system' || message.deleted) {
      continue;
    }
    const named = message.cells.filter(
      id => cells.get(id)?.sharedBy !== message.author
    );
    const answered = about.get(message.replyTo ?? '') ?? [];
    const shares = [...new Set([...named, ...answered])];
    if (shares.length > 0) {
      about.set(message.id, shares);
    }
    for (const share of shares) {
      found.set(share, [...(found.get(share) ?? []), message.id]);
    }
  }
  return found;
}

/**
 * Share ids in the order in which they are shown: as in their notebooks at first. Those that stand already stay where
 * they are, so that nothing jumps while it is read.
 */
export function arranged(before: readonly string[], cells: Cells): string[] {
  const kept = before.filter(id => cells.has(id));
  const place = ({ executionCount }: ISharedCell) => executionCount ?? Infinity;
  const added = [...cells.values()]
    .filter(({ id }) => !kept.includes(id))
    .sort((a, b) =>
      a.notebook === b.notebook
        ? place(a) - place(b) || +a.updatedAt - +b.updatedAt
        : a.notebook < b.notebook
          ? -1
          : 1
    );
  return [...kept, ...added.map(({ id }) => id)];
}
