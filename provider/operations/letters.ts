/** «Письма»: what waits to leave and for how long, what was not taken and by whom. Neither addresses nor contents. */
import type { Standing } from '../../adapters/census/census.ts';
import type { Clock } from '../../adapters/clock.ts';
import type { JobDispatcher } from '../../adapters/job-queue/job-queue.ts';
import type { Point, Statistics } from '../../adapters/statistics/statistics.ts';
import type { Events } from '../events/events.ts';
import type { ReadForm } from '../http/form.ts';
import type { Notices } from '../http/notice.ts';
import { lettersByUrgency } from '../letters/urgency.ts';
import { type StaffArea, staffArea } from '../staff/staff-area.ts';
import { gridOf } from '../statistics/periods.ts';
import { frameOf } from './frame.ts';
import { letterRules } from './rules.ts';

export type LettersNeeds = {
  readonly statistics: Pick<Statistics, 'counts'>;
  readonly census: Standing;
  readonly jobs: Pick<JobDispatcher, 'waiting' | 'hurry'>;
  readonly clock: Clock;
  readonly events: Pick<Events, 'lettersHurried'>;
  readonly notices: Notices;
  readonly readForm: ReadForm;
};

export function letters(needs: LettersNeeds): StaffArea {
  const { statistics, census, jobs, clock, events, notices, readForm } = needs;
  return staffArea(letterRules, {
    async 'GET /operator/letters'(ctx, officer) {
      const week = gridOf('week', clock.now());
      const [waiting, left, refused, reasons, addressTroubles] = await Promise.all([
        jobs.waiting('letter'),
        statistics.counts({ kind: 'letter', by: 'portal', outcome: 'success' }, week),
        statistics.counts({ kind: 'letter', by: 'portal', outcome: 'failure' }, week),
        statistics.counts({ kind: 'letter', by: 'reason', outcome: 'failure' }, week),
        census.addressTroubles(),
      ]);
      const notice = notices.take(ctx);
      ctx.render('operator/letters/queue', {
        ...frameOf(officer),
        waiting: [...lettersByUrgency(waiting)].map(([urgency, { jobs: count, postponed, oldestAt }]) => ({
          ...{ urgency, jobs: count, postponed },
          ...(oldestAt && { oldestAt }),
        })),
        postponed: waiting.reduce((sum, { postponed }) => sum + postponed, 0),
        services: servicesOf(totals(left), totals(refused)),
        reasons: [...totals(reasons)].map(([code, count]) => ({ code, count })),
        addressTroubles,
        ...(notice && { notice }),
      });
    },

    async 'POST /operator/letters/hurry'(ctx, officer) {
      readForm(ctx, {});
      const hurried = await jobs.hurry('letter');
      await events.lettersHurried(ctx.state.origin, officer.account.id, hurried);
      notices.leave(ctx, 'letters_hurried');
      ctx.status = 303;
      ctx.redirect('/operator/letters');
    },
  });
}

function totals(points: readonly Point[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { name, count } of points) sums.set(name, (sums.get(name) ?? 0) + count);
  return sums;
}

/** The one with most trouble first. Those whose address nobody asked for have no service. */
function servicesOf(left: ReadonlyMap<string, number>, refused: ReadonlyMap<string, number>) {
  return [...new Set([...left.keys(), ...refused.keys()])]
    .filter((service) => service !== '')
    .map((service) => ({ service, left: left.get(service) ?? 0, refused: refused.get(service) ?? 0 }))
    .sort((one, other) => other.refused - one.refused || other.left - one.left);
}
