/**
 * The `$6$` of crypt(3) (U. Drepper, «Unix crypt using SHA-256 and SHA-512», steps numbered as there), which 1C-Битрикс
 * uses and Node lacks. Thousands of rounds in one go: for a thread of its own.
 */
import { createHash, type Hash } from 'node:crypto';

const LETTERS = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BLOCK = 64;
/** Step 22: which bytes stand together; the last one alone. */
const ORDER = [
  ...[0, 21, 42, 22, 43, 1, 44, 2, 23, 3, 24, 45, 25, 46, 4, 47, 5, 26, 6, 27, 48, 28, 49, 7, 50, 8, 29],
  ...[9, 30, 51, 31, 52, 10, 53, 11, 32, 12, 33, 54, 34, 55, 13, 56, 14, 35, 15, 36, 57, 37, 58, 16, 59, 17],
  ...[38, 18, 39, 60, 40, 61, 19, 62, 20, 41],
];

const sha512 = (): Hash => createHash('sha512');

/** The 86 characters after the salt. */
export function sha512Crypt(password: Buffer, salt: Buffer, rounds: number): string {
  // 4–8
  const b = sha512().update(password).update(salt).update(password).digest();
  // 1–3, 9–12
  const first = sha512().update(password).update(salt).update(stretched(b, password.length));
  for (let bits = password.length; bits > 0; bits >>>= 1) first.update(bits & 1 ? b : password);
  let digest = first.digest();
  // 13–16
  const dp = sha512();
  for (let time = 0; time < password.length; time += 1) dp.update(password);
  const p = stretched(dp.digest(), password.length);
  // 17–20
  const ds = sha512();
  for (let time = 0; time < 16 + (digest[0] ?? 0); time += 1) ds.update(salt);
  const s = stretched(ds.digest(), salt.length);
  // 21
  for (let round = 0; round < rounds; round += 1) {
    const hash = sha512().update(round % 2 === 1 ? p : digest);
    if (round % 3 !== 0) hash.update(s);
    if (round % 7 !== 0) hash.update(p);
    digest = hash.update(round % 2 === 1 ? digest : p).digest();
  }
  return written(digest);
}

/** As many bytes as there are to replace, the block over and over. */
function stretched(block: Buffer, length: number): Buffer {
  return Buffer.concat(Array.from({ length: Math.ceil(length / BLOCK) }, () => block)).subarray(0, length);
}

function written(digest: Buffer): string {
  let text = '';
  for (let at = 0; at < ORDER.length; at += 3) {
    const [high = 0, middle = 0, low = 0] = ORDER.slice(at, at + 3).map((place) => digest[place] ?? 0);
    text += letters((high << 16) | (middle << 8) | low, 4);
  }
  return text + letters(digest[63] ?? 0, 2);
}

function letters(value: number, count: number): string {
  return Array.from({ length: count }, (_, at) => LETTERS.charAt((value >>> (6 * at)) & 0x3f)).join('');
}
