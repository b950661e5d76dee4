/** Times as people read them, in the language of the interface. */

const DAY = 24 * 3600 * 1000;

/** Midnight at the start of the day, local time. */
export function dayOf(date: Date): number {
  return new Date(
    date.getFullYear(),
    date.getMonth(),
    date.getDate()
  ).getTime();
}

/** The locale to format in: the browser's, unless the interface speaks another language. */
export function localeFor(languageCode: string, browser: string): string {
  const code = languageCode.replace('_', '-');
  const same = browser.split('-')[0] === code.split('-')[0];
  return same ? browser : code;
}

/** Labels of moments and days in one locale. */
export class Times {
  constructor(locale: string) {
    const format = (options: Intl.DateTimeFormatOptions) =>
      new Intl.DateTimeFormat(locale, options);
    this._time = format({ hour: '2-digit', minute: '2-digit' });
    this._weekday = format({ weekday: 'short' });
    this._date = format({ day: 'numeric', month: 'short' });
    this._year = format({ day: 'numeric', month: 'short', year: 'numeric' });
    this._day = format({ weekday: 'long', day: 'numeric', month: 'long' });
    this._long = format({ dateStyle: 'full', timeStyle: 'short' });
    this._relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
    this._plain = format({ day: 'numeric', month: 'long' });
  }

  /** The time of day: 10:07. */
  time(date: Date): string {
    return this._time.format(date);
  }

  /** The day for a separator: Tuesday 18 November. */
  day(date: Date): string {
    return this._day.format(date).replace(',', '');
  }

  /** A day within a sentence: 3 October. */
  date(date: Date): string {
    return this._plain.format(date);
  }

  /** Everything, for a tooltip. */
  full(date: Date): string {
    return this._long.format(date);
  }

  /** As short as it can be said now: 10:07 today, Mon this week, 14 Nov this year. */
  brief(date: Date, now: Date = new Date()): string {
    const days = Math.round((dayOf(now) - dayOf(date)) / DAY);
    if (days === 0) {
      return this.time(date);
    }
    if (days > 0 && days < 7) {
      return this._weekday.format(date);
    }
    return date.getFullYear() === now.getFullYear()
      ? this._date.format(date)
      : this._year.format(date);
  }

  /** Like `brief`, with the time of day where that is not all of it. */
  moment(date: Date, now: Date = new Date()): string {
    return dayOf(date) === dayOf(now)
      ? this.time(date)
      : `${this.brief(date, now)} ${this.time(date)}`;
  }

  /** When something ends: 10:07 today, tomorrow 00:00, else with the day. */
  until(date: Date, now: Date = new Date()): string {
    const days = Math.round((dayOf(date) - dayOf(now)) / DAY);
    return days === 1
      ? `${this._relative.format(1, 'day')} ${this.time(date)}`
      : this.moment(date, now);
  }

  private _relative: Intl.RelativeTimeFormat;
  private _time: Intl.DateTimeFormat;
  private _weekday: Intl.DateTimeFormat;
  private _date: Intl.DateTimeFormat;
  private _year: Intl.DateTimeFormat;
  private _day: Intl.DateTimeFormat;
  private _long: Intl.DateTimeFormat;
  private _plain: Intl.DateTimeFormat;
}
