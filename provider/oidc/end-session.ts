/** Ends sessions and grants from our own side: the cabinet, a password change, another person at the same browser. */
import type Provider from 'oidc-provider';
import type {
  AccountActivity,
  ConsentBook,
  GrantRecord,
} from '../../adapters/account-activity/account-activity.ts';
import type { Storage } from '../../adapters/storage/storage.ts';
import type { TellReceivers } from '../signals/tell.ts';
import { revokeGrant } from './artefacts.ts';
import type { TellLogout } from './backchannel-logout.ts';

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
  signedOut(accountId: string, session: SignedOut, clientId: string | undefined): Promise<void>;
  /**
   * At these relying parties the person is signed out, as far as it began until `moment`: they are told, and their
   * grants and tokens end. Her session here goes on. May be repeated.
   */
  leave(provider: Provider, accountId: string, clientIds: readonly string[], moment: Date): Promise<void>;
  /** Takes a relying party's consent and grants away; its refresh tokens end at once, and it is told before. */
  disconnect(accountId: string, clientId: string): Promise<void>;
};

/** A session as the library holds it. */
export type SignedOut = {
  readonly uid: string;
  readonly authorizations?: Readonly<Record<string, { readonly sid?: string | undefined }>> | undefined;
};

export type EnderNeeds = {
  readonly activity: AccountActivity & Pick<ConsentBook, 'withdrawConsent'>;
  readonly storage: Storage;
  readonly tellLogout: TellLogout;
  readonly tellReceivers: TellReceivers;
};

export function sessionEnder({ activity, storage, tellLogout, tellReceivers }: EnderNeeds): SessionEnder {
  const revokeAll = async (grants: readonly GrantRecord[]): Promise<void> => {
    await Promise.all(grants.map((grant) => revokeGrant(storage, grant.id)));
  };
  /** Before the grants go: whoever has none hears nothing. */
  const revoked = async (
    accountId: string,
    sessions: ReadonlyMap<string, string | undefined>,
  ): Promise<void> => {
    if (sessions.size === 0) return;
    await tellReceivers({ name: 'session-revoked', accountId, at: new Date(), initiator: 'user', sessions });
  };
  const end = async (
    provider: Provider,
    accountId: string,
    uid: string,
    isTold = false,
  ): Promise<boolean> => {
    const session = await provider.Session.findByUid(uid);
    if (session && session.accountId !== accountId) return false;
    if (session && !isTold) await revoked(accountId, partsIn(session));
    const wasListed = await activity.endSession(accountId, uid);
    await revokeAll(await activity.dropGrants(accountId, { sessionUid: uid }));
    if (!session) return wasListed;
    for (const [clientId, { sid, grantId }] of Object.entries(session.authorizations ?? {})) {
      if (grantId !== undefined) await revokeGrant(storage, grantId);
      const client = await provider.Client.find(clientId);
      if (client?.backchannelLogoutUri && sid !== undefined) {
        await tellLogout({ clientId, accountId, sid });
      }
    }
    await session.destroy();
    return true;
  };

  return {
    endSession: (provider, accountId, uid) => end(provider, accountId, uid),
    async endAllOthers(provider, accountId, keptUid) {
      for (const { uid } of await activity.sessionsOf(accountId)) {
        if (uid !== keptUid) await end(provider, accountId, uid);
      }
      // What is left was to outlive its session, and the session is over: its name is known no more.
      const grants = await activity.grantsOf(accountId);
      const ending = grants.filter(({ sessionUid }) => keptUid === undefined || sessionUid !== keptUid);
      const kept = new Set(grants.filter((grant) => !ending.includes(grant)).map(({ clientId }) => clientId));
      // Whoever has a part in the session that goes on would take it for the end of that one, too.
      const gone = ending.flatMap(({ clientId }) => (kept.has(clientId) ? [] : [clientId]));
      await revoked(accountId, new Map(gone.map((clientId) => [clientId, undefined])));
      await revokeAll(ending);
    },
    async endAllUntil(provider, accountId, moment) {
      await tellReceivers({ name: 'session-revoked', accountId, at: moment, initiator: 'user' });
      for (const { uid, signedInAt } of await activity.sessionsOf(accountId)) {
        if (signedInAt <= moment) await end(provider, accountId, uid, true);
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
        const isEnding = (clientId: string) => ended.has(session?.authorizations?.[clientId]?.grantId ?? '');
        if (session) await revoked(accountId, partsIn(session, isEnding));
        for (const [clientId, { sid, grantId = '' }] of Object.entries(session?.authorizations ?? {})) {
          const client = ended.has(grantId) ? await provider.Client.find(clientId) : undefined;
          if (!client?.backchannelLogoutUri || sid === undefined) continue;
          await tellLogout({ clientId, accountId, sid });
        }
      }
    },
    async signedOut(accountId, session, clientId) {
      await revoked(
        accountId,
        partsIn(session, (id) => clientId === undefined || id === clientId),
      );
      if (clientId === undefined) await activity.endSession(accountId, session.uid);
      const choice = {
        sessionUid: session.uid,
        onlineOnly: true,
        ...(clientId !== undefined && { clientId }),
      };
      await revokeAll(await activity.dropGrants(accountId, choice));
    },
    async disconnect(accountId, clientId) {
      const at = new Date();
      await tellReceivers({ name: 'consent-withdrawn', accountId, at, consent: 'portal', clientId });
      await activity.withdrawConsent(accountId, clientId);
      await revokeAll(await activity.dropGrants(accountId, { clientId }));
    },
  };
}

/** By client, the name of its part in the session. */
function partsIn(
  { authorizations = {} }: Pick<SignedOut, 'authorizations'>,
  isWanted: (clientId: string) => boolean = () => true,
): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(authorizations).flatMap(([clientId, { sid }]) =>
      sid !== undefined && isWanted(clientId) ? [[clientId, sid] as const] : [],
    ),
  );
}
