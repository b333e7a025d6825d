/**
 * How many of those who were sent away have come back. It is the only sign of trouble on the upstream's own pages, which
 * this side never sees: whoever is stuck there does not return. Knows times and counts, nobody in particular.
 */

const WINDOW_MS = 180_000;
/** Whoever left less long ago may still be typing. */
const TYPING_MS = 45_000;
/** Fewer say nothing. */
const LEAST_DEPARTURES = 8;
/** Some always change their minds; so many do not. */
const LEAST_SHARE = 0.4;
const BUCKET_MS = 1_000;
/** More from one house say no more: leaving again and again would make it look away for everybody. */
const MOST_FROM_ONE = 3;

export type Returns = {
  /** False when it does not count, and then her return must not either. */
  departed(at: number, source: string): boolean;
  /** At the time of its departure, so that several processes, each of which sees a part, all come to the same share. */
  returned(departedAt: number): void;
  /** Too few have come back. */
  areFew(now: number): boolean;
};

type Bucket = { departed: number; returned: number; readonly from: Map<string, number> };

export function returns(): Returns {
  const buckets = new Map<number, Bucket>();

  const bucketOf = (at: number): Bucket => {
    const key = Math.floor(at / BUCKET_MS);
    const found = buckets.get(key) ?? { departed: 0, returned: 0, from: new Map() };
    buckets.set(key, found);
    return found;
  };
  const countFrom = (source: string): number =>
    [...buckets.values()].reduce((sum, { from }) => sum + (from.get(source) ?? 0), 0);

  return {
    departed(at, source) {
      forgetBefore(at - WINDOW_MS);
      if (countFrom(source) >= MOST_FROM_ONE) return false;
      const bucket = bucketOf(at);
      bucket.departed += 1;
      bucket.from.set(source, (bucket.from.get(source) ?? 0) + 1);
      return true;
    },
    returned(departedAt) {
      bucketOf(departedAt).returned += 1;
    },
    areFew(now) {
      forgetBefore(now - WINDOW_MS);
      let departed = 0;
      let back = 0;
      for (const [key, bucket] of buckets) {
        if (key * BUCKET_MS > now - TYPING_MS) continue;
        departed += bucket.departed;
        back += bucket.returned;
      }
      return departed >= LEAST_DEPARTURES && back < departed * LEAST_SHARE;
    },
  };

  function forgetBefore(time: number): void {
    for (const key of buckets.keys()) {
      if (key * BUCKET_MS < time) buckets.delete(key);
    }
  }
}
