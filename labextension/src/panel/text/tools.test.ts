import { nullTranslator } from '@jupyterlab/translation';
import { expect, test } from 'vitest';

import { toolLine } from './tools';

const trans = nullTranslator.load('jupyterlab');

test.each([
  ['search_thread', 'churn', 'running', 'Searching the thread for “churn”'],
  ['search_thread', 'churn', 'done', 'Searched the thread for “churn”'],
  [
    'search_thread',
    'churn',
    'stopped',
    'Search of the thread for “churn”: stopped'
  ],
  ['read_cell', '[4]', 'running', 'Reading cell [4]'],
  ['read_cell', '[4]', 'done', 'Read cell [4]'],
  ['make_image', 'A fox', 'running', 'Making a picture: A fox'],
  ['make_image', 'A fox', 'done', 'Made a picture: A fox'],
  ['weather', 'weather', 'running', 'Using weather'],
  ['weather', 'weather', 'done', 'Used weather']
] as const)('%s about %s, %s, in words', (name, label, status, words) => {
  expect(toolLine({ name, label, status }, trans)).toBe(words);
});

test('a failure is told with its reason', () => {
  const use = { name: 'weather', label: 'weather', status: 'failed' } as const;
  expect(toolLine({ ...use, error: 'No such city.' }, trans)).toBe(
    'weather: failed. No such city.'
  );
});
