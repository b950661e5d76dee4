/** What was done to a text. */
export interface IChange {
  readonly at: number;
  readonly deleted: number;
  readonly inserted: string;
}

/**
 * The one change that made `after` of `before` and left the caret there.
 *
 * Where several would have, such as for a letter that was doubled, the caret tells which. A letter that UTF-16 writes as
 * two is never cut.
 */
export function changeOf(
  before: string,
  after: string,
  caret: number
): IChange {
  const most = Math.min(before.length, after.length);
  let tail = 0;
  while (
    tail < most &&
    after.length - tail > caret &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  ) {
    tail += 1;
  }
  let at = 0;
  while (at < most - tail && before[at] === after[at]) {
    at += 1;
  }
  if (isCut(before, at) || isCut(after, at)) {
    at -= 1;
  }
  if (
    isCut(before, before.length - tail) ||
    isCut(after, after.length - tail)
  ) {
    tail -= 1;
  }
  return {
    at,
    deleted: before.length - tail - at,
    inserted: after.slice(at, after.length - tail)
  };
}

/** Whether an index is between the halves of a letter. */
function isCut(text: string, at: number): boolean {
  return /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(at - 1, at + 1));
}
