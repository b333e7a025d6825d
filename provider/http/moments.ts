/** Days and times as a page shows them: Moscow time, and says so (domain.md §3.7). */
import type { Locale, Translate } from './texts.ts';

const TIME_ZONE = 'Europe/Moscow';
/** British English writes the day before the month, as everybody here does. */
const LANGUAGE: Readonly<Record<Locale, string>> = { ru: 'ru-RU', en: 'en-GB' };

type Moments = {
  moment(at: Date): string;
  day(at: Date): string;
};

export function moments(locale: Locale, t: Translate): Moments {
  const { time, day } = formats[locale];
  return {
    moment: (at) => t('common.moscow_time', { moment: time.format(at) }),
    day: (at) => day.format(at),
  };
}

function formatsOf(locale: Locale) {
  const options = { dateStyle: 'long', timeZone: TIME_ZONE } as const;
  return {
    time: new Intl.DateTimeFormat(LANGUAGE[locale], { ...options, timeStyle: 'short' }),
    day: new Intl.DateTimeFormat(LANGUAGE[locale], options),
  };
}

const formats = { ru: formatsOf('ru'), en: formatsOf('en') } as const;
