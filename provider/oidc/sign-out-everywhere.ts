/**
 * Clears away what signing out everywhere has made worthless: sessions, grants, refresh and access tokens; relying
 * parties are told. At once where the request that caused it can, and again by a job of the same commit, so that it
 * happens even when the process dies in between.
 */
import type Provider from 'oidc-provider';
import type { Logger } from 'pino';
import type { JobWorker } from '../../adapters/job-queue/job-queue.ts';
import type { SessionEnder } from './end-session.ts';

/** Never rejects: the job will do what could not be done now. */
export type SignOutEverywhere = (accountId: string, until: Date) => Promise<void>;

/** `current` because the provider is rebuilt when its keys change. */
export function signOutEverywhere(
  current: () => Provider,
  sessions: SessionEnder,
  log: Logger,
): SignOutEverywhere {
  return async (accountId, until) => {
    try {
      await sessions.endAllUntil(current(), accountId, until);
    } catch (err) {
      log.warn({ err }, 'sessions are left to their job');
    }
  };
}

export async function endSessions(
  worker: JobWorker,
  current: () => Provider,
  sessions: SessionEnder,
): Promise<void> {
  await worker.work('end-sessions', ({ accountId, until }) =>
    sessions.endAllUntil(current(), accountId, new Date(until)),
  );
}
