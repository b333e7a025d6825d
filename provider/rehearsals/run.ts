/**
 * A rehearsal from its first case to its last, in the background: applications take their time. Whoever asks meanwhile
 * sees the verdicts grow.
 */
import type { ClientStore } from '../../adapters/client-store/client-store.ts';
import type { JobWorker } from '../../adapters/job-queue/job-queue.ts';
import { type Outward, OutwardFault } from '../../adapters/outward/outward.ts';
import { play, type Visitor } from './play.ts';
import { REHEARSAL_CASES } from './rehearsal-cases.ts';
import type { Rehearsal, Rehearsals } from './rehearsals.ts';
import { judge, type Performance } from './verdict.ts';

const VISIT_MILLISECONDS = 10_000;
/** For all cases: an application that takes its time must not keep others' checks waiting. */
const RUN_MILLISECONDS = 5 * 60_000;
const LARGEST_PAGE = 4 * 1024 * 1024;

export type RunNeeds = {
  readonly rehearsals: Rehearsals;
  readonly clientStore: Pick<ClientStore, 'find'>;
  readonly outward: Outward;
};

export async function runRehearsals(worker: JobWorker, needs: RunNeeds): Promise<void> {
  await worker.work('rehearsal', async ({ rehearsalId }) => {
    const rehearsal = await needs.rehearsals.find(rehearsalId);
    if (rehearsal) await run(needs, rehearsal);
  });
}

async function run({ rehearsals, clientStore, outward }: RunNeeds, rehearsal: Rehearsal): Promise<void> {
  const client = await clientStore.find(rehearsal.clientId);
  const redirectUris = (client?.metadata.redirect_uris ?? []) as readonly string[];
  const visit = visitor(outward, performance.now() + RUN_MILLISECONDS);
  const performances: Performance[] = [];
  for (const name of REHEARSAL_CASES) {
    performances.push(await play({ rehearsals, visit }, rehearsal, redirectUris, name));
    await rehearsals.report(rehearsal.id, 'running', judge(performances));
  }
  await rehearsals.report(rehearsal.id, 'done', judge(performances));
}

function visitor(outward: Outward, until: number): Visitor {
  return async ({ url, headers, form }) => {
    const left = Math.floor(until - performance.now());
    if (left <= 0) throw new OutwardFault('timeout');
    const { status, headers: told } = await outward(url, {
      ...{ method: form ? 'POST' : 'GET', timeoutMilliseconds: Math.min(left, VISIT_MILLISECONDS) },
      largestBody: LARGEST_PAGE,
      headers: { ...headers, ...(form && { 'content-type': 'application/x-www-form-urlencoded' }) },
      ...(form && { body: form.toString() }),
    });
    const location = told.get('location');
    return { status, cookies: told.getSetCookie(), ...(location !== null && { location }) };
  };
}
