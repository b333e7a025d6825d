/** What the keyboard betrays: keys that lie side by side, and letters typed in the wrong layout. */

const CYRILLIC = 'ёйцукенгшщзхъфывапролджэячсмитьбю';
const LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.";
const KEY_OF = new Map([...CYRILLIC].map((letter, at) => [letter, LATIN.charAt(at)]));

/** Rows, columns both ways, digits, alphabets. */
const FORWARD = [
  '`1234567890-=',
  'qwertyuiop[]',
  "asdfghjkl;'",
  'zxcvbnm,./',
  ...['1qaz', '2wsx', '3edc', '4rfv', '5tgb', '6yhn', '7ujm', '8ik,', '9ol.', '0p;/'],
  ...['3wa', '4esz', '5rdx', '6tfc', '7ygv', '8uhb', '9ijn', '0okm', '-pl,'],
  '01234567890',
  'abcdefghijklmnopqrstuvwxyz',
  'абвгдеёжзийклмнопрстуфхцчшщъыьэюя',
  'абвгдежзийклмнопрстуфхцчшщъыьэюя',
];
const backward = (text: string): string => [...text].reverse().join('');
const RUNS = [...FORWARD, ...FORWARD.map(backward)].join('\n');
const SHORTEST_RUN = 3;

/** The same keys in the Latin layout: «пароль» → «gfhjkm». Lower case in, lower case out. */
export function asLatinKeys(text: string): string {
  return [...text].map((letter) => KEY_OF.get(letter) ?? letter).join('');
}

/** With every run along the keyboard or an alphabet shrunk to its first character: «qwerty12345!» → «q1!». */
export function withoutRuns(text: string): string {
  const characters = [...text];
  let left = '';
  for (let at = 0; at < characters.length; ) {
    left += characters[at];
    at += runLength(characters, at);
  }
  return left;
}

/** The run that begins here, in characters; 1 when there is none. */
function runLength(characters: readonly string[], from: number): number {
  let length = SHORTEST_RUN;
  while (from + length <= characters.length && isRun(characters.slice(from, from + length))) length += 1;
  return length > SHORTEST_RUN ? length - 1 : 1;
}

function isRun(characters: readonly string[]): boolean {
  return !characters.includes('\n') && RUNS.includes(characters.join(''));
}
