/** What operators do to the house itself: switches, queues. Why is kept where it is done, in their own words; not here. */
import type { Queryable } from '../../adapters/database/database.ts';
import type { Recorder, Where } from './recorder.ts';

export function operationEvents({ record }: Recorder) {
  return {
    async upstreamTurned(where: Where, staff: string, upstream: string, on: boolean, within: Queryable) {
      await record(
        {
          ...{ event: 'upstream_switch', outcome: 'success', actor: staff },
          ...{ detail: { upstream, on }, ...where },
        },
        within,
      );
    },
    async lettersHurried(where: Where, staff: string, letters: number) {
      await record({
        ...{ event: 'letters_hurried', outcome: 'success', actor: staff },
        ...{ detail: { letters }, ...where },
      });
    },
    async censusAsked(where: Where, staff: string) {
      await record({ ...{ event: 'census_asked', outcome: 'success', actor: staff }, ...where });
    },
  };
}
