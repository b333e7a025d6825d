/** A text file as numbered lines, a batch at a time: UTF-8 with or without BOM, any line break, bounded memory. */
import { createReadStream } from 'node:fs';
import { Failure } from '../command-line.ts';

/** A file without line breaks would otherwise become one line. */
export const LONGEST_LINE = 64 * 1024;

export type Line = { readonly line: number; readonly text: string };

/** One batch per piece of the file; empty lines are left out, what exceeds LONGEST_LINE is cut off. Throws Failure. */
export async function* readLines(
  file: string,
  onBytes: (read: number) => void,
): AsyncGenerator<readonly Line[]> {
  let rest = '';
  let line = 0;
  for await (const text of decode(file, onBytes)) {
    const pieces = (rest + text).split('\n');
    // Kept a little longer than allowed, so that it is still seen to be too long.
    rest = (pieces.pop() ?? '').slice(0, LONGEST_LINE + 1);
    yield pieces.flatMap((piece) => numbered(piece, ++line));
  }
  yield numbered(rest, ++line);
}

function numbered(text: string, line: number): Line[] {
  const bare = text.endsWith('\r') ? text.slice(0, -1) : text;
  return bare.trim() === '' ? [] : [{ line, text: bare.slice(0, LONGEST_LINE + 1) }];
}

async function* decode(file: string, onBytes: (read: number) => void): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let read = 0;
  try {
    for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
      read += chunk.length;
      onBytes(read);
      yield decoder.decode(chunk, { stream: true });
    }
    yield decoder.decode();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
      throw new Failure(`${file} is not UTF-8. In the spreadsheet program choose «CSV UTF-8» when saving.`);
    }
    throw code === undefined ? error : new Failure(`${file} cannot be read (${code}).`);
  }
}
