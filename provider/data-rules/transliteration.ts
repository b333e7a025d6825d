/**
 * Russian in Latin letters as in a passport (ICAO Doc 9303; domain.md §3.8): for file names and cards. Not reversible,
 * so nobody is ever recognised by it.
 */
const LATIN_OF: Readonly<Record<string, string>> = {
  ...{ а: 'a', б: 'b', в: 'v', г: 'g', д: 'd', е: 'e', ё: 'e', ж: 'zh', з: 'z', и: 'i', й: 'i', к: 'k' },
  ...{ л: 'l', м: 'm', н: 'n', о: 'o', п: 'p', р: 'r', с: 's', т: 't', у: 'u', ф: 'f', х: 'kh', ц: 'ts' },
  ...{ ч: 'ch', ш: 'sh', щ: 'shch', ъ: 'ie', ы: 'y', ь: '', э: 'e', ю: 'iu', я: 'ia' },
};

/** «ЩУКИНА» is «SHCHUKINA», «Щукина» is «Shchukina»; other characters stay as they are. */
export function transliterate(text: string): string {
  return text.normalize('NFC').replace(/[А-Яа-яЁё]+/g, (word) => {
    const isCapital = word.length > 1 && word === word.toUpperCase();
    const latin = [...word].map(letterOf).join('');
    return isCapital ? latin.toUpperCase() : latin;
  });
}

function letterOf(letter: string): string {
  const lower = letter.toLowerCase();
  const latin = LATIN_OF[lower] ?? letter;
  return letter === lower ? latin : latin.charAt(0).toUpperCase() + latin.slice(1);
}
