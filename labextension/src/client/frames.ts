/**
 * Binary frames of the socket: a varuint channel, then one message of the y-protocols.
 *
 * Source: https://github.com/yjs/y-protocols/blob/master/PROTOCOL.md
 */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

const SYNC = 0;

/** Which message of the sync protocol a frame carries. */
export enum Step {
  /** Sync step 1: what the sender has. */
  StateVector = 0,
  /** Sync step 2: what the receiver lacks. */
  Difference = 1,
  Update = 2
}

/** One parsed binary frame. */
export interface IFrame {
  readonly channel: number;
  readonly step: Step;
  readonly payload: Uint8Array;
}

/** Parse a frame. Throws an Error for anything that is not exactly one. */
export function parse(data: Uint8Array): IFrame {
  const decoder = decoding.createDecoder(data);
  const channel = decoding.readVarUint(decoder);
  const kind = decoding.readVarUint(decoder);
  const step: Step = decoding.readVarUint(decoder);
  if (kind !== SYNC || step > Step.Update) {
    throw new Error(
      `There is no message ${kind}/${step} in the sync protocol.`
    );
  }
  const payload = decoding.readVarUint8Array(decoder);
  if (decoding.hasContent(decoder)) {
    throw new Error('The frame is longer than what it holds.');
  }
  return { channel, step, payload };
}

/** The bytes of a frame. */
export function build(
  channel: number,
  step: Step,
  payload: Uint8Array
): Uint8Array<ArrayBuffer> {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, channel);
  encoding.writeVarUint(encoder, SYNC);
  encoding.writeVarUint(encoder, step);
  encoding.writeVarUint8Array(encoder, payload);
  return encoding.toUint8Array(encoder);
}
