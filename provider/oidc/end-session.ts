/** Ends sessions and grants from our own side: the cabinet, a password change, another person at the same browser. */
import type Provider from 'oidc-provider';
import type { AccountActivity, GrantRecord } from '../../adapters/account-activity/account-activity.ts';
import type { JobQueue } from '../../adapters/job-queue/job-queue.ts';
import type { Storage } from '../../adapters/storage/storage.ts';
import { revokeGrant } from './artefacts.ts';

export type SessionEnder = {
  /** False when it is not a live session of the account. Its relying parties are told through the queue. */
  endSession(provider: Provider, accountId: string, uid: string): Promise<boolean>;
  /** Every session but `keptUid`, and every grant but those made in it: nobody else stays in (A-17, security.md #63). */
  endAllOthers(provider: Provider, accountId: string, keptUid: string | undefined): Promise<void>;
  /** Every session and grant that began until `moment`; may be repeated, and what began later stays. */
  endAllUntil(provider: Provider, accountId: string, moment: Date): Promise<void>;
  /**
   * After the person has signed out at a relying party: the grants that were to last as long as the session, of that
   * client or, when the session is over, of all.
   */
  signedOut(accountId: string, sessionUid: string, clientId: string | undefined): Promise<void>;
  /**
   * At these relying parties the person is signed out, as far as it began until `moment`: they are told, and their
   * grants and tokens end. Her session here goes on. May be repeated.
   */
  leave(provider: Provider, accountId: string, clientIds: readonly string[], moment: Date): Promise<void>;
  /** Takes a relying party's grants away; its refresh tokens end at once. */
  disconnect(accountId: string, clientId: string): Promise<void>;
};

export function sessionEnder(activity: AccountActivity, storage: Storage, jobs: JobQueue): SessionEnder {
  const revokeAll = async (grants: readonly GrantRecord[]): Promise<void> => {
    await Promise.all(grants.map((grant) => revokeGrant(storage, grant.id)));
  };
  const endSession: SessionEnder['endSession'] = async (provider, accountId, uid) => {
    const session = await provider.Session.findByUid(uid);
    if (session && session.accountId !== accountId) return false;
    const wasListed = await activity.endSession(accountId, uid);
    await revokeAll(await activity.dropGrants(accountId, { sessionUid: uid }));
    if (!session) return wasListed;
    for (const [clientId, { sid, grantId }] of Object.entries(session.authorizations ?? {})) {
      if (grantId !== undefined) await revokeGrant(storage, grantId);
      const client = await provider.Client.find(clientId);
      if (client?.backchannelLogoutUri && sid !== undefined) {
        await jobs.add('backchannel-logout', { clientId, accountId, sid });
      }
    }
    await session.destroy();
    return true;
  };

  return {
    endSession,
    async endAllOthers(provider, accountId, keptUid) {
      for (const { uid } of await activity.sessionsOf(accountId)) {
        if (uid !== keptUid) await endSession(provider, accountId, uid);
      }
      for (const grant of await activity.grantsOf(accountId)) {
        if (grant.sessionUid !== keptUid) await revokeGrant(storage, grant.id);
      }
    },
    async endAllUntil(provider, accountId, moment) {
      for (const { uid, signedInAt } of await activity.sessionsOf(accountId)) {
        if (signedInAt <= moment) await endSession(provider, accountId, uid);
      }
      await revokeAll((await activity.grantsOf(accountId)).filter(({ createdAt }) => createdAt <= moment));
    },
    async leave(provider, accountId, clientIds, moment) {
      const grants = await activity.grantsOf(accountId);
      const ending = grants.filter(
        ({ clientId, createdAt }) => clientIds.includes(clientId) && createdAt <= moment,
      );
      await revokeAll(ending);
      const ended = new Set(ending.map(({ id }) => id));
      for (const { uid } of await activity.sessionsOf(accountId)) {
        const session = await provider.Session.findByUid(uid);
        for (const [clientId, { sid, grantId = '' }] of Object.entries(session?.authorizations ?? {})) {
          const client = ended.has(grantId) ? await provider.Client.find(clientId) : undefined;
          if (!client?.backchannelLogoutUri || sid === undefined) continue;
          await jobs.add('backchannel-logout', { clientId, accountId, sid });
        }
      }
    },
    async signedOut(accountId, sessionUid, clientId) {
      if (clientId === undefined) await activity.endSession(accountId, sessionUid);
      const choice = { sessionUid, onlineOnly: true, ...(clientId !== undefined && { clientId }) };
      await revokeAll(await activity.dropGrants(accountId, choice));
    },
    async disconnect(accountId, clientId) {
      await revokeAll(await activity.dropGrants(accountId, { clientId }));
    },
  };
}
