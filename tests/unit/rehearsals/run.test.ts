import { afterEach, expect, it, vi } from 'vitest';
import type { JobWorker } from '../../../adapters/job-queue/job-queue.ts';
import type { Outward } from '../../../adapters/outward/outward.ts';
import { REHEARSAL_CASES } from '../../../provider/rehearsals/rehearsal-cases.ts';
import type { Rehearsals } from '../../../provider/rehearsals/rehearsals.ts';
import { runRehearsals } from '../../../provider/rehearsals/run.ts';

afterEach(() => vi.useRealTimers());

it('ends in time with an application that sends us round and round, each time late', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const begun = performance.now();
  const around: Outward = async (address) => {
    vi.advanceTimersByTime(9_000);
    return { status: 302, headers: new Headers({ location: String(address) }), body: Buffer.alloc(0) };
  };
  const report = vi.fn(async () => {});
  const rehearsal = {
    id: 'r',
    clientId: 'c',
    issuer: 'https://id.test/rehearsal/r',
    loginUri: 'https://a.test/',
  };
  let play = async (_data: { rehearsalId: string }): Promise<void> => {};
  const worker = {
    work: async (_name: string, handle: typeof play) => {
      play = handle;
    },
  };
  await runRehearsals(worker as unknown as JobWorker, {
    rehearsals: { find: async () => rehearsal, report } as unknown as Rehearsals,
    clientStore: { find: async () => undefined },
    outward: around,
  });
  await play({ rehearsalId: 'r' });
  expect(performance.now() - begun).toBeLessThan(6 * 60_000);
  const last = REHEARSAL_CASES.at(-1);
  const verdicts = expect.arrayContaining([{ case: last, verdict: 'unclear', evidence: 'unreachable' }]);
  expect(report).toHaveBeenLastCalledWith('r', 'done', verdicts);
});
