/** The phrase catalogues: every sentence a person reads, in every language. Knows neither pages nor requests. */
import { createInstance } from 'i18next';
import en from '../../views/locales/en.json' with { type: 'json' };
import ru from '../../views/locales/ru.json' with { type: 'json' };

export const catalogues = { ru, en } as const;

export type Locale = keyof typeof catalogues;
export const LOCALES = Object.keys(catalogues) as readonly Locale[];
export const DEFAULT_LOCALE: Locale = 'ru';

/** Plural forms share one key: `throttled_one`, `throttled_few` … are `throttled`. */
type Singular<Key> = Key extends `${infer Base}_${'one' | 'few' | 'many' | 'other'}` ? Base : Key;

export type ProblemCode = Singular<keyof typeof ru.problem>;
export type NoticeCode = keyof typeof ru.notice;
/** Of the trail. */
export type EventName = keyof typeof ru.event;
/** Of a person's data that somebody of the staff was shown. */
export type SeenKind = keyof (typeof ru)['cabinet']['who_looked']['kind'];
export type DataCategory = keyof typeof ru.cabinet.data.category;
export type SignInMethod = keyof (typeof ru.cabinet)['sign-ins']['method'];
export type WayRefusalText = keyof typeof ru.cabinet.way.refused;
export type FaultText = keyof typeof ru.fault;
export type ClaimName = keyof typeof ru.claim;
/** Values of claims that have words of ours. */
export type ClaimWord =
  | `membership.${keyof typeof ru.consent.membership}`
  | `language.${keyof typeof ru.consent.language}`;

type TextParams = Readonly<Record<string, unknown>>;

/** Throws RangeError for a key without a text: a raw key is worse than an error page. */
export type Translate = (key: string, params?: TextParams) => string;

const i18n = createInstance();
await i18n.init({
  resources: Object.fromEntries(LOCALES.map((locale) => [locale, { texts: catalogues[locale] }])),
  ns: ['texts'],
  defaultNS: 'texts',
  lng: DEFAULT_LOCALE,
  fallbackLng: false,
  nsSeparator: false,
  // The templates escape; a letter's text must not be escaped.
  interpolation: { escapeValue: false },
});

export function translator(locale: Locale): Translate {
  return (key, params) => (params ? sentence(locale, key, params) : fixedSentence(locale, key));
}

function sentence(locale: Locale, key: string, params: TextParams): string {
  const found = i18n.exists(key, { lng: locale, ...params });
  const text: unknown = found && i18n.t(key, { lng: locale, ...params, returnObjects: true });
  if (typeof text !== 'string') throw new RangeError(`no text «${key}» in «${locale}»`);
  return nestQuotes(text);
}

/** Names may bring quotation marks of their own: within others they are the inner ones, „…“. */
function nestQuotes(text: string): string {
  if (!/«[^»]*«/.test(text)) return text;
  let depth = 0;
  return text.replace(/[«»]/g, (mark) => {
    if (mark === '«') {
      depth += 1;
      return depth > 1 ? '„' : mark;
    }
    depth = Math.max(0, depth - 1);
    return depth > 0 ? '“' : mark;
  });
}

// Most of a page, and the same every time: looking them up costs more than the template.
const fixed = new Map(LOCALES.map((locale) => [locale, new Map<string, string>()]));

function fixedSentence(locale: Locale, key: string): string {
  const known = fixed.get(locale)?.get(key);
  if (known !== undefined) return known;
  const text = sentence(locale, key, {});
  fixed.get(locale)?.set(key, text);
  return text;
}

export function isLocale(value: unknown): value is Locale {
  return LOCALES.some((locale) => locale === value);
}
