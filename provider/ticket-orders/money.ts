/** What an order costs: whole kopecks, never a fraction of one (E-15). */
import type { Locale } from '../http/texts.ts';

const LANGUAGE: Readonly<Record<Locale, string>> = { ru: 'ru-RU', en: 'en-GB' };

export function totalKopecks({
  tickets,
  unitKopecks,
}: {
  readonly tickets: number;
  readonly unitKopecks: number;
}): number {
  return tickets * unitKopecks;
}

/** «476 ₽», and with kopecks only where there are some. */
export function roubles(kopecks: number, locale: Locale): string {
  return new Intl.NumberFormat(LANGUAGE[locale], {
    ...{ style: 'currency', currency: 'RUB', currencyDisplay: 'narrowSymbol' },
    minimumFractionDigits: kopecks % 100 === 0 ? 0 : 2,
  }).format(kopecks / 100);
}
