/**
 * That a person has just shown who she is, to add one way to sign in: for a moment until she leaves for the upstream,
 * and then until its answer comes. One stands per account and upstream, so a later one – or an end of the link – voids
 * it; each is taken once, by the session that made it.
 */
import { AlreadyConsumed, type Storage } from '../../adapters/storage/storage.ts';
import type { UpstreamId } from '../upstreams/upstreams.ts';

const SECONDS = { proved: 2 * 60, away: 10 * 60 } as const;

/** `proved`: she may leave. `away`: she may come back. */
export type WayStep = keyof typeof SECONDS;

export type WayHolder = {
  readonly accountId: string;
  readonly sessionUid: string;
  readonly upstream: UpstreamId;
};

export type WayProofs = {
  put(step: WayStep, holder: WayHolder): Promise<void>;
  stands(step: WayStep, holder: WayHolder): Promise<boolean>;
  /** Atomic: of parallel calls one is true. Another session's is voided. */
  take(step: WayStep, holder: WayHolder): Promise<boolean>;
  drop(accountId: string, upstream: UpstreamId): Promise<void>;
};

export function wayProofs(storage: Storage): WayProofs {
  const artefacts = storage('WayProof');
  const idOf = (step: WayStep, { accountId, upstream }: Omit<WayHolder, 'sessionUid'>): string =>
    `${step}:${upstream}:${accountId}`;

  return {
    async put(step, holder) {
      await artefacts.upsert(idOf(step, holder), { sessionUid: holder.sessionUid }, SECONDS[step]);
    },
    async stands(step, holder) {
      const found = await artefacts.find(idOf(step, holder));
      return found?.consumed === undefined && found?.sessionUid === holder.sessionUid;
    },
    async take(step, holder) {
      const id = idOf(step, holder);
      try {
        await artefacts.consume(id);
      } catch (error) {
        if (error instanceof AlreadyConsumed) return false;
        throw error;
      }
      return (await artefacts.find(id))?.sessionUid === holder.sessionUid;
    },
    async drop(accountId, upstream) {
      for (const step of ['proved', 'away'] as const) {
        await artefacts.destroy(idOf(step, { accountId, upstream }));
      }
    },
  };
}
