/**
 * Applications that wait too long: after three working days a letter to those who act for the organisation, after
 * ten to those above it, who may decide from then on. Each application counts in one letter of each kind in its life.
 */
import type { OverdueApplications, OverdueStep } from '../../adapters/application-desk/application-desk.ts';
import type { CalendarStore } from '../../adapters/calendar-store/calendar-store.ts';
import type { Clock } from '../../adapters/clock.ts';
import type { Database, Queryable } from '../../adapters/database/database.ts';
import type { JobQueue, JobWorker } from '../../adapters/job-queue/job-queue.ts';
import type { Office, OfficeStore, PlacedOrganisation } from '../../adapters/office-store/office-store.ts';
import { waitedFor } from '../data-rules/working-days.ts';
import type { Events } from '../events/events.ts';
import type { Post } from '../letters/post.ts';
import { applicationsPath, holidays } from './show.ts';

const DAYS: Readonly<Record<OverdueStep, number>> = { reminded: 3, escalated: 10 };
/** 9:00 in Moscow, when a letter is read. */
const DAILY = '0 6 * * *';
const PAGE = 500;

export type RemindNeeds = {
  readonly database: Pick<Database, 'transaction'>;
  readonly overdueApplications: OverdueApplications;
  readonly offices: Pick<OfficeStore, 'at' | 'organisation'>;
  readonly calendar: Pick<CalendarStore, 'nonWorkingDays'>;
  readonly post: Post;
  readonly clock: Clock;
  readonly events: Pick<Events, 'applicationsOverdue'>;
};

export async function remindOfApplications(jobs: JobWorker & JobQueue, needs: RemindNeeds): Promise<void> {
  await jobs.work('overdue-applications', () => remind(needs));
  await jobs.repeat('overdue-applications', DAILY, {});
}

export async function remind(needs: RemindNeeds): Promise<void> {
  const nonWorking = await holidays(needs);
  for (const step of ['reminded', 'escalated'] as const) {
    const before = waitedFor(DAYS[step], needs.clock.now(), nonWorking);
    for await (const organisationId of overdue(needs, step, before)) {
      const organisation = await needs.offices.organisation(organisationId);
      if (organisation) await take(needs, step, organisation, before);
    }
  }
}

async function* overdue(
  { overdueApplications }: RemindNeeds,
  step: OverdueStep,
  before: Date,
): AsyncGenerator<string> {
  let page: readonly string[] = [];
  do {
    const after = page.at(-1);
    page = await overdueApplications.overdue(step, before, { limit: PAGE, ...(after && { after }) });
    yield* page;
  } while (page.length === PAGE);
}

/** The mark of the applications and the letters about them are one transaction. */
async function take(
  { database, overdueApplications, offices, post, events }: RemindNeeds,
  step: OverdueStep,
  organisation: PlacedOrganisation,
  before: Date,
): Promise<void> {
  const ids = organisation.path.split('/').slice(0, -1);
  const asked = step === 'reminded' ? ids.slice(-1) : ids.slice(0, -1).reverse();
  await database.transaction(async (tx) => {
    const told = await nearest(offices, asked, tx);
    // A reminder nobody gets is none: it waits for a chair. What nobody above is told of is open to them all the same.
    if (step === 'reminded' && told.length === 0) return;
    const count = await overdueApplications.take(step, organisation.id, before, tx);
    if (count === 0) return;
    for (const office of told) {
      const template = step === 'reminded' ? 'applications-waiting' : 'applications-escalated';
      const path = applicationsPath(office.organisation.id);
      const facts = { count, organisation: organisation.shortName, path };
      await post.send({ template, to: { accountId: office.accountId }, facts }, tx);
    }
    await events.applicationsOverdue(
      { organisationId: organisation.id, step, applications: count, letters: told.length },
      tx,
    );
  });
}

/** Those who act for the first of these organisations that anybody acts for. */
async function nearest(
  offices: Pick<OfficeStore, 'at'>,
  organisationIds: readonly string[],
  tx: Queryable,
): Promise<readonly Office[]> {
  for (const id of organisationIds) {
    const held = await offices.at(id, tx);
    if (held.length > 0) return held;
  }
  return [];
}
