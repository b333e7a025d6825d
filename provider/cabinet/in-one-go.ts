/** Sights of one go of work told as one: a page opened four times in a row is no four events to who was looked at. */
import type { SightRecord } from '../../adapters/audit-log/audit-log.ts';

/** Longer than this after the one before, it is a go of its own. */
const PAUSE_MILLISECONDS = 3_600_000;

/** `at` of the last of them, `since` of the first. */
export type Go = SightRecord & { readonly times: number; readonly since: Date };

/** `sights`: the newest first. */
export function inOneGo(sights: readonly SightRecord[]): readonly Go[] {
  const goes: Go[] = [];
  for (const sight of sights) {
    const last = goes.at(-1);
    if (last && isOneGo(last, sight)) {
      goes[goes.length - 1] = { ...last, times: last.times + 1, since: sight.at };
    } else {
      goes.push({ ...sight, times: 1, since: sight.at });
    }
  }
  return goes;
}

function isOneGo(later: Go, earlier: SightRecord): boolean {
  return (
    later.since.getTime() - earlier.at.getTime() <= PAUSE_MILLISECONDS &&
    later.reason === earlier.reason &&
    later.organisation === earlier.organisation &&
    later.atSchool === earlier.atSchool &&
    later.fields.join() === earlier.fields.join()
  );
}
