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

export type Returns = {
  departed(at: number): void;
  /** At the time of its departure, so that several processes, each of which sees a part, all come to the same share. */
  returned(departedAt: number): void;
  /** Too few have come back. */
  areFew(now: number): boolean;
};

export function returns(): Returns {
  const buckets = new Map<number, { departed: number; returned: number }>();

  const bucketOf = (at: number) => {
    const key = Math.floor(at / BUCKET_MS);
    const found = buckets.get(key) ?? { departed: 0, returned: 0 };
    buckets.set(key, found);
    return found;
  };

  return {
    departed(at) {
      forgetBefore(at - WINDOW_MS);
      bucketOf(at).departed += 1;
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
