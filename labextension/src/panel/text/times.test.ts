import { describe, expect, it } from 'vitest';

import { localeFor, Times } from './times';

const times = new Times('en-GB');
const now = new Date(2025, 10, 18, 10, 30);

describe('Times', () => {
  it.each([
    [new Date(2025, 10, 18, 9, 5), '09:05'],
    [new Date(2025, 10, 17, 23, 59), 'Mon'],
    [new Date(2025, 10, 11, 12, 0), '11 Nov'],
    [new Date(2024, 10, 18, 12, 0), '18 Nov 2024'],
    [new Date(2025, 10, 19, 0, 0), '19 Nov']
  ])('says %s briefly', (date, expected) => {
    expect(times.brief(date, now)).toBe(expected);
  });

  it('adds the time of day to another day', () => {
    expect(times.moment(new Date(2025, 10, 17, 16, 52), now)).toBe('Mon 16:52');
    expect(times.moment(new Date(2025, 10, 18, 9, 38), now)).toBe('09:38');
  });

  it('says when something ends', () => {
    expect(times.until(new Date(2025, 10, 19), now)).toBe('tomorrow 00:00');
    expect(times.until(new Date(2025, 10, 18, 11, 0), now)).toBe('11:00');
    expect(times.until(new Date(2025, 10, 21), now)).toBe('21 Nov 00:00');
  });

  it('names a day in full', () => {
    expect(times.day(now)).toBe('Tuesday 18 November');
  });
});

describe('localeFor', () => {
  it.each([
    ['en', 'en-GB', 'en-GB'],
    ['zh_CN', 'en-US', 'zh-CN'],
    ['de', 'de-AT', 'de-AT']
  ])('formats %s in a browser of %s as %s', (code, browser, expected) => {
    expect(localeFor(code, browser)).toBe(expected);
  });
});
