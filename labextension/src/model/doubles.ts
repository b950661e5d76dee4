import * as Y from 'yjs';

import { FakeServer } from '../client/doubles';
import { Step } from '../client/frames';

/** Documents as the server writes them, and a socket that serves them. */
export class FakeDocuments extends FakeServer {
  /** The documents that somebody asked for or wrote, by name. */
  readonly docs = new Map<string, Y.Doc>();

  doc(name: string): Y.Doc {
    let doc = this.docs.get(name);
    if (!doc) {
      doc = new Y.Doc();
      this.docs.set(name, doc);
    }
    return doc;
  }

  /** Answer subscriptions and questions until there are no more; updates follow by themselves. */
  async serve(settle: () => Promise<unknown>): Promise<void> {
    let done = false;
    while (!done) {
      done = true;
      for (const command of this.socket.commands.splice(0)) {
        const { id, do: what, doc } = command;
        done = false;
        if (what === 'subscribe' && this.refused.has(doc as string)) {
          const error = { code: 'not_found', message: 'There is none.' };
          this.socket.say({ re: id, error });
        } else if (what === 'subscribe') {
          this.subscribe(id as string, doc as string);
        } else {
          this.asked.push(command);
          this.socket.say({ re: id, ok: {} });
        }
      }
      for (const { channel, payload } of this.socket.frames.splice(0)) {
        done = false;
        const doc = this.doc(this.channels[channel]);
        const missing = Y.encodeStateAsUpdate(doc, payload);
        this.socket.frame(channel, Step.Difference, missing);
      }
      await settle();
    }
  }

  /** The documents that cannot be subscribed to. */
  readonly refused = new Set<string>();

  /** The commands, but for subscriptions. */
  readonly asked: { [key: string]: unknown }[] = [];

  private subscribe(id: string, name: string): void {
    const { socket } = this;
    const channel = this.channels.push(name) - 1;
    this.doc(name).on('update', (update: Uint8Array) => {
      socket.frame(channel, Step.Update, update);
    });
    socket.say({ re: id, ok: { channel, writable: false } });
  }

  private readonly channels: string[] = [];
}

/** Put a message into a page as the server does. */
export function putMessage(
  page: Y.Doc,
  id: string,
  seq: number,
  values: { [key: string]: unknown } = {}
): void {
  const { body = `message ${seq}`, ...others } = values;
  const message = new Y.Map<unknown>();
  const entries = {
    seq,
    author: 'ana',
    author_name: 'Ana',
    kind: 'human',
    at: '2026-11-24T09:30:00.125Z',
    status: 'complete',
    body: new Y.Text(body as string),
    ...others
  };
  page.transact(() => {
    page.getMap('messages').set(id, message);
    for (const [key, value] of Object.entries(entries)) {
      message.set(key, value);
    }
  });
}

/** A message's shared map in a page. */
export function messageIn(page: Y.Doc, id: string): Y.Map<unknown> {
  return page.getMap('messages').get(id) as Y.Map<unknown>;
}

/** Append to a message's body as a streaming reply does. */
export function appendTo(page: Y.Doc, id: string, piece: string): void {
  const body = messageIn(page, id).get('body') as Y.Text;
  body.insert(body.length, piece);
}
