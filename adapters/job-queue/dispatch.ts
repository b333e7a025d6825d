/**
 * The loop that takes jobs of one pg-boss queue one by one, so that each time the most urgent of all groups that may go
 * is taken. pg-boss' own workers cannot leave groups out that are out of favour for a while.
 */
import type { PgBoss } from 'pg-boss';
import type { Claim, DispatchRules, JobName, Jobs, Postponement } from './job-queue.ts';

/** How long a new job lies before an idle loop sees it, at most. */
const IDLE_MILLISECONDS = 500;
const FAULT_MILLISECONDS = 2_000;

export type DispatchOptions<Name extends JobName> = {
  readonly boss: PgBoss;
  readonly name: Name;
  readonly rules: DispatchRules;
  readonly handle: (claim: Claim<Name>) => Promise<Postponement | undefined>;
  /** Of the queue: a job whose worker is silent for so long is another's. */
  readonly heartbeatSeconds: number;
  readonly onError: (error: Error) => void;
};

/** Begins at once; the function that is returned ends it and resolves when the handlers have. */
export function startDispatch<Name extends JobName>(options: DispatchOptions<Name>): () => Promise<void> {
  const { boss, name, rules, handle, heartbeatSeconds, onError } = options;
  type Held = Awaited<ReturnType<typeof boss.fetch<Jobs[Name]>>>[number];
  const held = new Map<Held, Promise<void>>();
  const stop = Promise.withResolvers<void>();
  let stopping = false;

  const take = async (): Promise<Held | undefined> => {
    const turn = held.size < rules.atOnce ? rules.turn() : undefined;
    if (!turn) return undefined;
    const [job] = await boss.fetch<Jobs[Name]>(name, {
      includeMetadata: true,
      groupConcurrency: rules.perGroup,
      ignoreGroups: [...turn.exceptGroups],
    });
    return job;
  };

  const settle = async (job: Held): Promise<void> => {
    try {
      const postponed = await handle({
        id: job.id,
        data: job.data,
        addedAt: (job as Held & { createdOn: Date }).createdOn,
        group: job.groupId ?? '',
      });
      if (postponed) {
        // What fails keeps its age, and goes by it again among its equals; only the pause is another.
        await boss.fail(name, job);
        await boss.update(name, undefined, { id: job.id, startAfter: postponed.againAfterSeconds });
      } else {
        await boss.complete(name, job);
      }
    } catch (error) {
      // Its name alone: words of an error may hold an address.
      await boss.fail(name, job, { error: (error as Error).name });
    }
  };

  const loop = async (): Promise<void> => {
    while (!stopping) {
      let pause = IDLE_MILLISECONDS;
      try {
        const job = await take();
        if (job) {
          held.set(
            job,
            settle(job)
              .catch(onError)
              .finally(() => held.delete(job)),
          );
          continue;
        }
      } catch (error) {
        onError(error as Error);
        pause = FAULT_MILLISECONDS;
      }
      const slept = Promise.withResolvers<void>();
      const timer = setTimeout(slept.resolve, pause);
      await Promise.race([slept.promise, stop.promise, ...(held.size < rules.atOnce ? [] : held.values())]);
      clearTimeout(timer);
    }
  };

  const heartbeat = setInterval(
    () => {
      if (held.size > 0) boss.touch(name, [...held.keys()]).catch(onError);
    },
    (heartbeatSeconds * 1_000) / 3,
  );
  const running = loop();
  return async () => {
    stopping = true;
    stop.resolve();
    await running;
    await Promise.all(held.values());
    clearInterval(heartbeat);
  };
}
