/**
 * Streebog with 256 bits, GOST R 34.11-2012 (RFC 6986): the hash of signatures and of the certificate hash ESIA asks for.
 * Words are pairs of 32-bit halves, because numbers of 64 bits cost ten times as much.
 */
import { ITERATIONS, MATRIX, SUBSTITUTION } from './streebog-constants.ts';

const BLOCK_BYTES = 64;
/** Halves of a block: the low one of each 64-bit word first. */
const HALVES = 16;

const ZERO = new Uint32Array(HALVES);
const ROUND_CONSTANTS = ITERATIONS.map((hex) => halves(Buffer.from(hex, 'hex').reverse()));
const { low: LOW, high: HIGH } = tables();

/** 32 bytes, in the order OpenSSL prints them. */
export function streebog256(message: Uint8Array): Buffer {
  const state = new Uint32Array(HALVES).fill(0x01010101);
  const count = new Uint32Array(HALVES);
  const sum = new Uint32Array(HALVES);
  let at = 0;
  for (; at + BLOCK_BYTES <= message.length; at += BLOCK_BYTES) {
    const block = halves(message.subarray(at, at + BLOCK_BYTES));
    compress(state, count, block);
    add(count, Uint32Array.of(BLOCK_BYTES * 8));
    add(sum, block);
  }
  const rest = message.subarray(at);
  const padded = new Uint8Array(BLOCK_BYTES);
  padded.set(rest);
  padded[rest.length] = 1;
  const last = halves(padded);
  compress(state, count, last);
  add(count, Uint32Array.of(rest.length * 8));
  add(sum, last);
  compress(state, ZERO, count);
  compress(state, ZERO, sum);
  return bytes(state).subarray(BLOCK_BYTES / 2);
}

/** §8, the compression function g; changes `state`. */
function compress(state: Uint32Array, count: Uint32Array, block: Uint32Array): void {
  let key = transform(state, count);
  let text = transform(key, block);
  for (const constant of ROUND_CONSTANTS.slice(0, -1)) {
    key = transform(key, constant);
    text = transform(key, text);
  }
  key = transform(key, ROUND_CONSTANTS.at(-1)!);
  for (let at = 0; at < HALVES; at++) state[at]! ^= key[at]! ^ text[at]! ^ block[at]!;
}

/** §7, X, S, P and L in one look-up per byte. */
function transform(one: Uint32Array, other: Uint32Array): Uint32Array {
  const mixed = new Uint32Array(HALVES);
  for (let at = 0; at < HALVES; at++) mixed[at] = one[at]! ^ other[at]!;
  const result = new Uint32Array(HALVES);
  for (let out = 0; out < 8; out++) {
    let low = 0;
    let high = 0;
    const shift = (out % 4) * 8;
    const half = out >> 2;
    for (let word = 0; word < 8; word++) {
      const entry = (word << 8) | ((mixed[2 * word + half]! >>> shift) & 0xff);
      low ^= LOW[entry]!;
      high ^= HIGH[entry]!;
    }
    result[2 * out] = low;
    result[2 * out + 1] = high;
  }
  return result;
}

/** What each byte, at each place of a word, adds to the word after S and L. */
function tables() {
  const substitution = Buffer.from(SUBSTITUTION, 'hex');
  const rows = MATRIX.map((hex) => [Number.parseInt(hex.slice(0, 8), 16), Number.parseInt(hex.slice(8), 16)]);
  const low = new Uint32Array(8 * 256);
  const high = new Uint32Array(8 * 256);
  for (let place = 0; place < 8; place++) {
    for (let value = 0; value < 256; value++) {
      for (let bit = 0; bit < 8; bit++) {
        if (((substitution[value]! >> bit) & 1) === 0) continue;
        const [upper, lower] = rows[63 - (8 * place + bit)]!;
        low[(place << 8) | value]! ^= lower!;
        high[(place << 8) | value]! ^= upper!;
      }
    }
  }
  return { low, high };
}

/** Addition modulo 2^512; changes `to`. */
function add(to: Uint32Array, value: Uint32Array): void {
  let carry = 0;
  for (let at = 0; at < HALVES; at++) {
    const sum = to[at]! + (value[at] ?? 0) + carry;
    to[at] = sum;
    carry = sum > 0xffffffff ? 1 : 0;
  }
}

function halves(block: Uint8Array): Uint32Array {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  return Uint32Array.from({ length: HALVES }, (_, at) => view.getUint32(at * 4, true));
}

function bytes(block: Uint32Array): Buffer {
  const result = Buffer.alloc(BLOCK_BYTES);
  for (let at = 0; at < HALVES; at++) result.writeUInt32LE(block[at]!, at * 4);
  return result;
}
