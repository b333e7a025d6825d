/**
 * Whose wizard this is. A confirmed address opens the pages of joining and nothing else: the browser holds a key to
 * them, bound to the account and to the password it has now, and no session of the gateway. A signed-in person needs none.
 */
import { createHash, randomBytes } from 'node:crypto';
import type Provider from 'oidc-provider';
import type { Session } from 'oidc-provider';
import type {
  Account,
  AccountId,
  AccountStore,
  CredentialStore,
} from '../../adapters/account-store/account-store.ts';
import type { Storage } from '../../adapters/storage/storage.ts';
import type { GatewayContext } from '../http/context.ts';
import { liveSession } from '../interactions/finish.ts';
import { signsIn, stands } from '../oidc/standing.ts';

const KEPT_SECONDS = 7 * 24 * 3_600;

export type Applicants = {
  /** Undefined: nobody who may go on here. */
  applicant(ctx: GatewayContext): Promise<Account | undefined>;
  /**
   * Opens the wizard of this account in this browser. `proved`: when it was shown that it may; a new password or a
   * signing out everywhere since then counts as if the wizard had been open.
   */
  admit(ctx: GatewayContext, accountId: AccountId, proved?: Date): Promise<void>;
  /** Closes it: the person is done, leaves a shared computer, or has signed in. */
  dismiss(ctx: GatewayContext): Promise<void>;
};

type Admission = {
  readonly accountId: AccountId;
  readonly since: number | undefined;
  /** That of the browser, where it is what lets her in. */
  readonly session?: Session;
};

export type ApplicantNeeds = {
  readonly provider: Provider;
  readonly accounts: AccountStore;
  readonly credentials: Pick<CredentialStore, 'passwordOf' | 'passwordSetAt'>;
  readonly storage: Storage;
  readonly secure: boolean;
};

export function applicants({ provider, accounts, credentials, storage, secure }: ApplicantNeeds): Applicants {
  const cookie = secure ? '__Host-join' : 'join';
  // It ends with the browser: a dozen colleagues may share this computer.
  const options = { signed: false, httpOnly: true, sameSite: 'lax', secure, path: '/' } as const;
  const keys = storage('Applicant');

  /** A new password ends the wizards opened under the former one. */
  const passwordMark = async (id: AccountId): Promise<string> => {
    const hash = await credentials.passwordOf(id);
    return createHash('sha256')
      .update(hash ?? '')
      .digest('base64url');
  };
  /** What the key of this browser opens, and since when (seconds). */
  const byKey = async (ctx: GatewayContext): Promise<Admission | undefined> => {
    const key = ctx.cookies.get(cookie, { signed: false });
    const found = key ? await keys.find(key) : undefined;
    if (!found) return undefined;
    const accountId = String(found.accountId);
    if (found.password !== (await passwordMark(accountId))) return undefined;
    return { accountId, since: Number(found.since) };
  };
  const bySession = async (ctx: GatewayContext): Promise<Admission | undefined> => {
    const session = await liveSession(provider, ctx);
    return session && { accountId: session.accountId, since: session.loginTs, session };
  };

  return {
    async applicant(ctx) {
      // Signing in takes the key away, so whoever holds one has come later than the session.
      const admission = (await byKey(ctx)) ?? (await bySession(ctx));
      const account = admission && (await accounts.find(admission.accountId));
      if (!account || !stands(account, admission.since)) return undefined;
      return admission.session && !signsIn(account, admission.session) ? undefined : account;
    },
    async admit(ctx, accountId, proved) {
      const setAt = proved && (await credentials.passwordSetAt(accountId));
      if (proved && (!setAt || setAt > proved)) return;
      const key = randomBytes(32).toString('base64url');
      const since = Math.floor((proved?.getTime() ?? Date.now()) / 1_000);
      await keys.upsert(key, { accountId, since, password: await passwordMark(accountId) }, KEPT_SECONDS);
      ctx.cookies.set(cookie, key, options);
    },
    async dismiss(ctx) {
      const key = ctx.cookies.get(cookie, { signed: false });
      if (!key) return;
      await keys.destroy(key);
      ctx.cookies.set(cookie, null, options);
    },
  };
}
