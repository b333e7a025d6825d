/** What the member register took and told. */
import type { Queryable } from '../../adapters/database/database.ts';
import type { Recorder, Where } from './recorder.ts';

export function registerEvents({ record }: Recorder) {
  return {
    async applicationDelivered(applicationId: string) {
      await record({
        event: 'application_delivered',
        outcome: 'success',
        actor: 'gateway',
        detail: { applicationId },
      });
    },
    /** A machine was told of members of our own register. */
    async registerRead(
      where: Where,
      { clientId, operation, count }: { clientId: string; operation: string; count: number },
    ) {
      await record({
        ...{ event: 'register_read', outcome: 'success', actor: clientId, clientId },
        ...{ detail: { operation, count }, requestId: where.requestId, network: where.network },
      });
    },
    /** The register finds fault with our message: somebody has to look at both programs. */
    async applicationMisunderstood(applicationId: string) {
      await record({
        event: 'application_misunderstood',
        outcome: 'failure',
        actor: 'registry',
        detail: { applicationId },
      });
    },
    async applicationDecided(accountId: string, applicationId: string, state: string, within: Queryable) {
      await record(
        {
          event: 'application_state',
          outcome: 'success',
          actor: 'registry',
          accountId,
          detail: { applicationId, state },
        },
        within,
      );
    },
    async memberFollowed(accountId: string, memberId: string, within: Queryable) {
      await record(
        { event: 'member_change', outcome: 'success', actor: 'registry', accountId, detail: { memberId } },
        within,
      );
    },
    /** The register gives this account a member or a ticket that is another account's. */
    async memberConflict(accountId: string, memberId: string, within: Queryable) {
      await record(
        { event: 'member_change', outcome: 'failure', actor: 'registry', accountId, detail: { memberId } },
        within,
      );
    },
  };
}
