/** A text file as numbered lines, a batch at a time: any encoding and line break that is read, bounded memory. */
import { createReadStream } from 'node:fs';
import { type Line, LONGEST_LINE } from '../../exchange/csv-lines.ts';
import { decodeText, UnknownEncoding } from '../../exchange/decode-text.ts';
import { Failure } from '../command-line.ts';

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
  try {
    yield* decodeText(counted(createReadStream(file), onBytes));
  } catch (error) {
    if (error instanceof UnknownEncoding) {
      throw new Failure(
        `${file} is neither UTF-8 nor Windows-1251. In the spreadsheet program choose «CSV UTF-8» when saving.`,
      );
    }
    const { code } = error as NodeJS.ErrnoException;
    throw code === undefined ? error : new Failure(`${file} cannot be read (${code}).`);
  }
}

async function* counted(pieces: AsyncIterable<Buffer>, onBytes: (read: number) => void) {
  let read = 0;
  for await (const piece of pieces) {
    read += piece.length;
    onBytes(read);
    yield piece;
  }
}
