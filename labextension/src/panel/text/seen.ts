import { IMessage } from '../../model/interfaces';

/** What the newest finished reply saw of each shared cell: content hashes by share. */
export function lastSeen(
  messages: readonly IMessage[]
): ReadonlyMap<string, string> {
  let found = known.get(messages);
  if (found === undefined) {
    found = new Map();
    for (const { status, reply } of messages) {
      if (status === 'complete') {
        for (const [share, hash] of Object.entries(reply?.seen?.cells ?? {})) {
          found.set(share, hash);
        }
      }
    }
    known.set(messages, found);
  }
  return found;
}

/** By the list of messages, which is a new one after each change: every card of a thread asks. */
const known = new WeakMap<readonly IMessage[], Map<string, string>>();
