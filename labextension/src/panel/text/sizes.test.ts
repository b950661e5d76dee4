import { expect, it } from 'vitest';

import { sizeOf } from './sizes';

it.each([
  [0, '0 bytes'],
  [1_023, '1023 bytes'],
  [1_024, '1 kB'],
  [10 * 1024 * 1024, '10 MB'],
  [3.42 * 1024 * 1024, '3.4 MB'],
  [5 * 1024 ** 4, '5120 GB']
])('%d bytes are %s', (bytes, words) => {
  expect(sizeOf(bytes)).toBe(words);
});
