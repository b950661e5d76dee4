/** How messages stand together in a list. Pure. */
import { IMessage } from '../../model/interfaces';
import { dayOf } from './times';

/** Messages of one author this close together share one head. */
const TOGETHER = 5 * 60 * 1000;

/** Whether a message is the first of its day. */
export function startsDay(
  previous: IMessage | undefined,
  message: IMessage
): boolean {
  return previous === undefined || dayOf(previous.at) !== dayOf(message.at);
}

/** Whether a message continues its predecessor's, without a head of its own. */
export function follows(
  previous: IMessage | undefined,
  message: IMessage
): boolean {
  return (
    previous?.author === message.author &&
    previous.kind === message.kind &&
    previous.via === message.via &&
    message.kind === 'human' &&
    message.replyTo === undefined &&
    message.at.getTime() - previous.at.getTime() < TOGETHER &&
    !startsDay(previous, message)
  );
}

/** Others' messages beyond what the person had read: how many, and the first; null when there is none. */
export function unreadAfter(
  messages: readonly IMessage[],
  readSeq: number,
  username: string
): { count: number; first: string } | null {
  let count = 0;
  let first: string | null = null;
  for (let i = messages.length - 1; i >= 0; i--) {
    const message = messages[i];
    if (
      message.pending !== undefined ||
      message.author === username ||
      message.kind === 'system'
    ) {
      continue;
    }
    if (message.seq <= readSeq) {
      break;
    }
    count++;
    first = message.id;
  }
  return first === null ? null : { count, first };
}

/** The number of the newest acknowledged message; -1 without any. */
export function newestSeq(messages: readonly IMessage[]): number {
  for (let i = messages.length - 1; i >= 0; i--) {
    if (messages[i].pending === undefined) {
      return messages[i].seq;
    }
  }
  return -1;
}

/** Look for a message from the newest back: what is looked for is nearly always near the end. */
export function findMessage(
  messages: readonly IMessage[],
  id: string | undefined
): IMessage | undefined {
  if (id === undefined) {
    return undefined;
  }
  for (let i = messages.length - 1; i >= 0; i--) {
    if (messages[i].id === id) {
      return messages[i];
    }
  }
  return undefined;
}

/** Second opinions by the reply that they stand beside, where that one is loaded. */
export function opinionsBeside(
  messages: readonly IMessage[]
): ReadonlyMap<string, readonly IMessage[]> {
  const opinions = new Map<string, IMessage[]>();
  for (const message of messages) {
    const first = message.reply?.beside;
    if (first !== undefined && !message.deleted) {
      opinions.set(first, [...(opinions.get(first) ?? []), message]);
    }
  }
  for (const first of opinions.keys()) {
    if (findMessage(messages, first) === undefined) {
      opinions.delete(first);
    }
  }
  return opinions;
}

/** Whether the assistant's silence after a message might puzzle: a question that it let pass. */
export function silencePuzzles(message: IMessage): boolean {
  return (
    message.decision?.act === 'stay_out' &&
    message.decision.reason !== '' &&
    message.body.includes('?')
  );
}
