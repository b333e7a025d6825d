/** Moments as a person reads them, in Moscow time, in the language of the page. */
import type { Language } from '../relying-party/texts.ts';

const ZONE = 'Europe/Moscow';

const FORMATS: Readonly<Record<Language, Intl.DateTimeFormat>> = {
  ru: new Intl.DateTimeFormat('ru-RU', { timeZone: ZONE, dateStyle: 'long', timeStyle: 'short' }),
  en: new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, dateStyle: 'long', timeStyle: 'short' }),
};

export function momentsIn(language: Language, moment: Date): string {
  return FORMATS[language].format(moment);
}
