/**
 * Is it one of the passwords everybody tries first? An offline list of 109 000: long ones as they are, shorter ones as
 * the words that people decorate. Entries are spelled as `fold.ts` says; `build-list.ts` makes the file.
 */
import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';

let list: ReadonlySet<string> | undefined;

/** `folded`: a whole password or its core. Reads the list at the first question (about 40 ms). */
export function isCommonPassword(folded: string): boolean {
  list ??= new Set(
    brotliDecompressSync(readFileSync(new URL('./list.txt.br', import.meta.url)))
      .toString()
      .split('\n'),
  );
  return list.has(folded);
}
