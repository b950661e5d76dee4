import * as Y from 'yjs';

import type {
  IDecision,
  IMessage,
  IReplyInfo,
  MessageKind,
  MessageStatus
} from './interfaces';

const REACTION = 'reaction/';

/**
 * The messages of one page as values.
 *
 * Only messages that changed are made anew, and a piece of text that was appended is appended to the value too: its
 * cost does not depend on the length of the page or of the message.
 */
export class Snapshots {
  /**
   * @param changed - called after each change; `calm` when all that happened was that text was appended.
   */
  constructor(
    doc: Y.Doc,
    private readonly changed: (calm: boolean) => void
  ) {
    this.root = doc.getMap('messages');
    this.root.observeDeep(this.onEvents);
    for (const id of this.root.keys()) {
      this.read(id);
    }
  }

  /** In the order of `seq`. */
  get messages(): readonly IMessage[] {
    this.sorted ??= [...this.byId.values()].sort((a, b) => a.seq - b.seq);
    return this.sorted;
  }

  get(id: string): IMessage | undefined {
    return this.byId.get(id);
  }

  dispose(): void {
    this.root.unobserveDeep(this.onEvents);
  }

  private readonly onEvents = (events: Y.YEvent<Y.AbstractType<unknown>>[]) => {
    const stale = new Set<string>();
    const appended = new Map<string, string>();
    for (const event of events) {
      if (event.path.length === 0) {
        (event as Y.YMapEvent<unknown>).keysChanged.forEach(key => {
          stale.add(key as string);
        });
        continue;
      }
      const id = event.path[0] as string;
      const end = this.byId.get(id)?.body.length;
      const piece = end === undefined ? null : appendedText(event, end);
      if (piece === null) {
        stale.add(id);
      } else {
        appended.set(id, piece);
      }
    }
    stale.forEach(id => this.read(id));
    for (const [id, piece] of appended) {
      if (!stale.has(id)) {
        this.append(id, piece);
      }
    }
    this.changed(stale.size === 0);
  };

  private read(id: string): void {
    const value = this.root.get(id);
    this.sorted = undefined;
    if (value) {
      this.byId.set(id, readMessage(id, value));
    } else {
      this.byId.delete(id);
    }
  }

  private append(id: string, piece: string): void {
    const old = this.byId.get(id);
    if (!old) {
      return;
    }
    const message = { ...old, body: old.body + piece };
    this.byId.set(id, message);
    if (this.sorted) {
      this.sorted = replaced(this.sorted, old, message);
    }
  }

  private readonly root: Y.Map<Y.Map<unknown>>;
  private readonly byId = new Map<string, IMessage>();
  private sorted: readonly IMessage[] | undefined;
}

/** A message as a value. */
export function readMessage(id: string, value: Y.Map<unknown>): IMessage {
  const text = (key: string) => value.get(key) as string | undefined;
  const list = (key: string) => (value.get(key) as string[] | undefined) ?? [];
  const editedAt = text('edited_at');
  return {
    id,
    seq: value.get('seq') as number,
    author: text('author') ?? '',
    authorName: text('author_name') ?? '',
    kind: text('kind') as MessageKind,
    via: text('via'),
    at: new Date(text('at') ?? 0),
    body: (value.get('body') as Y.Text | undefined)?.toJSON() ?? '',
    status: text('status') as MessageStatus,
    replyTo: text('reply_to'),
    mentions: list('mentions'),
    cells: list('cells'),
    files: list('files'),
    credits: list('credits'),
    editedAt: editedAt ? new Date(editedAt) : undefined,
    deleted: value.get('deleted') === true,
    expired: value.get('expired') as number | undefined,
    reply: value.get('reply') as IReplyInfo | undefined,
    decision: value.get('decision') as IDecision | undefined,
    reactions: readReactions(value),
    pinnedBy: text('mark/pinned'),
    agreedBy: text('mark/agreed')
  };
}

function readReactions(value: Y.Map<unknown>): IMessage['reactions'] {
  const usernames = new Map<string, string[]>();
  for (const key of value.keys()) {
    if (key.startsWith(REACTION)) {
      const slash = key.indexOf('/', REACTION.length);
      const emoji = key.slice(REACTION.length, slash);
      const those = usernames.get(emoji) ?? [];
      usernames.set(emoji, [...those, key.slice(slash + 1)]);
    }
  }
  return [...usernames.keys()]
    .sort()
    .map(emoji => ({ emoji, usernames: usernames.get(emoji)!.sort() }));
}

/** The text that the event added at the end of a body of that length; null when something else happened. */
function appendedText(
  event: Y.YEvent<Y.AbstractType<unknown>>,
  end: number
): string | null {
  if (!(event instanceof Y.YTextEvent) || event.path[1] !== 'body') {
    return null;
  }
  const delta = event.delta;
  const kept = delta[0]?.retain ?? 0;
  const last = delta[kept > 0 ? 1 : 0];
  const whole = delta.length === (kept > 0 ? 2 : 1);
  return whole && kept === end && typeof last?.insert === 'string'
    ? last.insert
    : null;
}

function replaced(
  messages: readonly IMessage[],
  old: IMessage,
  message: IMessage
): readonly IMessage[] {
  // A reply that is being written is nearly always among the last.
  const at = messages.lastIndexOf(old);
  return at < 0
    ? messages
    : [...messages.slice(0, at), message, ...messages.slice(at + 1)];
}
