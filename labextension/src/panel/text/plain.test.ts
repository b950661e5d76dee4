import { describe, expect, it } from 'vitest';

import { baseName, fenced, firstName, initials, plainLine } from './plain';

describe('plainLine', () => {
  it.each([
    ['At **0.42**: `recall` is _fine_', 'At 0.42: recall is fine'],
    ['# Title\n\n- one\n- two', 'Title one two'],
    ['see [the table](http://x.org/a) now', 'see the table now'],
    ['```python\nx = snake_case_name\n```', 'x = snake_case_name'],
    ['See\n\n| a | b |\n|---|:-:|\n| 1 | 2 |', 'See a b 1 2'],
    ['a | b', 'a | b'],
    ['a * b * c and 2*3', 'a * b * c and 2*3']
  ])('%j is %j', (markdown, expected) => {
    expect(plainLine(markdown)).toBe(expected);
  });

  it('cuts what is long', () => {
    expect(plainLine('x'.repeat(500), 10)).toBe('xxxxxxxxx…');
  });
});

describe('fenced', () => {
  it('uses a fence longer than any in the code', () => {
    expect(fenced('a\n```\nb', 'python')).toBe('````python\na\n```\nb\n````');
    expect(fenced('a', 'r')).toBe('```r\na\n```');
  });
});

describe('names', () => {
  it.each([
    ['Ana Ruiz', 'AR'],
    ['mei.tanaka', 'MT'],
    ['Ana Maria Ruiz', 'AR'],
    ['osaid', 'O'],
    ['', ''],
    ['𝒳 y', '𝒳Y']
  ])('initials of %j are %j', (name, expected) => {
    expect(initials(name)).toBe(expected);
  });

  it('shortens people and paths', () => {
    expect(firstName('Ana Ruiz')).toBe('Ana');
    expect(baseName('a/b/c.ipynb')).toBe('c.ipynb');
    expect(baseName('c.ipynb')).toBe('c.ipynb');
  });
});
