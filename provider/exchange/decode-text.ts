/** Bytes of a text file as text: UTF-8, UTF-16 with its mark, or Windows-1251, as Russian Excel saves CSV. */

import { TextDecoder } from 'node:util';

/** The text is of none of the encodings that are read. */
export class UnknownEncoding extends Error {
  override name = 'UnknownEncoding';
}

/** Bytes after the first of the longest UTF-8 character. */
const LONGEST_TAIL = 3;

/**
 * Piece by piece. ASCII is the same in both: the first bytes that are not decide whether this is UTF-8. Throws
 * UnknownEncoding when what has begun as UTF-8 does not go on as such.
 */
export async function* decodeText(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  let held = Buffer.alloc(0);
  for await (const piece of pieces) {
    const bytes = held.length === 0 ? piece : Buffer.concat([held, piece]);
    held = Buffer.alloc(0);
    if (decoder !== undefined) {
      yield decode(decoder, bytes, true);
      continue;
    }
    const foreign = bytes.findIndex((byte) => byte > 0x7f);
    // Too little to tell one from the other: told with what follows.
    const whole = foreign >= 0 && foreign >= bytes.length - LONGEST_TAIL ? foreign : bytes.length;
    held = Buffer.from(bytes.subarray(whole));
    if (foreign >= 0 && whole === bytes.length) decoder = decoderOf(bytes);
    yield decode(decoder ?? new TextDecoder(), bytes.subarray(0, whole), true);
  }
  yield decode(decoder ?? decoderOf(held, false), held, false);
}

function decoderOf(bytes: Uint8Array, goesOn = true): TextDecoder {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le');
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: goesOn });
    return new TextDecoder('utf-8', { fatal: true });
  } catch (cause) {
    if (isMostlyUtf8(bytes)) throw new UnknownEncoding('the text is not UTF-8 throughout', { cause });
    return new TextDecoder('windows-1251');
  }
}

/** Damaged UTF-8 would make names of Windows-1251 that look like names. */
function isMostlyUtf8(bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(bytes);
  const foreign = text.match(/[^\0-\x7f]/g)?.length ?? 0;
  const damaged = text.match(/\uFFFD/g)?.length ?? 0;
  return foreign > 2 * damaged;
}

function decode(decoder: TextDecoder, bytes: Uint8Array, goesOn: boolean): string {
  try {
    return decoder.decode(bytes, { stream: goesOn });
  } catch (cause) {
    throw new UnknownEncoding('the text is not UTF-8 throughout', { cause });
  }
}
