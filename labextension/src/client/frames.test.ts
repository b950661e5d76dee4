import { describe, expect, it } from 'vitest';

import { build, parse, Step } from './frames';

describe('frames', () => {
  it('are parsed as they were built', () => {
    const payload = new Uint8Array(300).fill(7);
    const frame = parse(build(1_000, Step.Update, payload));
    expect(frame).toEqual({ channel: 1_000, step: Step.Update, payload });
  });

  it('have the bytes that the server builds', () => {
    // The same example as in the Python tests' round trip: channel 300 takes two bytes.
    const bytes = build(300, Step.Difference, new Uint8Array([1, 2]));
    expect([...bytes]).toEqual([0xac, 0x02, 0, 1, 2, 1, 2]);
  });

  it.each([
    ['cut off', [3, 0, 2, 5, 1]],
    ['too long', [3, 0, 2, 1, 1, 1]],
    ['of another protocol', [3, 1, 0, 0]],
    ['of an unknown step', [3, 0, 3, 0]],
    ['empty', []]
  ])('are refused when %s', (_, bytes) => {
    expect(() => parse(new Uint8Array(bytes))).toThrow();
  });
});
