/** Chance that is the same every time: a number from a seed, a place and a purpose, whatever was asked before. */

/** Between 0 and 1, 1 excluded. MurmurHash3's finaliser over the three. */
export function chance(seed: number, place: number, purpose: number): number {
  let hash =
    Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^
    Math.imul(place + 1, 0xc2b2ae35) ^
    Math.imul(purpose + 1, 0x27d4eb2f);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** The first of a list most often, as names are: the n-th comes about 1/(n + 3) times (Zipf and Mandelbrot). */
export function pickSkewed<T>(items: readonly T[], roll: number): T {
  const [low, high] = [Math.log(3), Math.log(3 + items.length)];
  const index = Math.min(items.length - 1, Math.floor(Math.exp(low + roll * (high - low)) - 3));
  return items[index] as T;
}

export function pick<T>(items: readonly T[], roll: number): T {
  return items[Math.floor(roll * items.length)] as T;
}
