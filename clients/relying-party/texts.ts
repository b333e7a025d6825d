/** Every sentence a person reads, from catalogues that are laid over one another: what all portals say, then its own. */
import { readFileSync } from 'node:fs';
import { createInstance } from 'i18next';

/** Those any catalogue is written in. */
export type Language = 'ru' | 'en';

type Catalogue = { readonly [key: string]: string | Catalogue };

/** Throws RangeError for a key without a text: a raw key is worse than an error page. */
export type Translate = (key: string, values?: Readonly<Record<string, unknown>>) => string;

/** `files`: JSON; a key of a later file wins. `language` decides how numbers are said. */
export function loadTexts(files: readonly URL[], language: Language = 'ru'): Translate {
  const catalogue = files
    .map((file) => JSON.parse(readFileSync(file, 'utf8')) as Catalogue)
    .reduce(laidOver, {});
  const i18n = createInstance();
  void i18n.init({
    lng: language,
    resources: { [language]: { texts: catalogue } },
    ns: ['texts'],
    defaultNS: 'texts',
    fallbackLng: false,
    nsSeparator: false,
    initAsync: false,
    // The templates escape.
    interpolation: { escapeValue: false, prefix: '{', suffix: '}' },
  });
  return (key, values = {}) => {
    const sentence = i18n.t(key, { ...values, defaultValue: '' });
    if (sentence === '') throw new RangeError(`no text for «${key}»`);
    return sentence;
  };
}

function laidOver(base: Catalogue, top: Catalogue): Catalogue {
  const result: Record<string, string | Catalogue> = { ...base };
  for (const [key, value] of Object.entries(top)) {
    const below = result[key];
    result[key] = typeof value === 'object' && typeof below === 'object' ? laidOver(below, value) : value;
  }
  return result;
}
