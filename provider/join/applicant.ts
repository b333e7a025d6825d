/**
 * Whose wizard this is. A confirmed address opens the pages of joining and nothing else: the browser holds a key to
 * them, bound to the account and to the password it has now, and no session of the gateway. A signed-in person needs none.
 */
import { createHash, randomBytes } from 'node:crypto';
import type Provider from 'oidc-provider';
import type {
  Account,
  AccountId,
  AccountStore,
  CredentialStore,
} from '../../adapters/account-store/account-store.ts';
import type { Storage } from '../../adapters/storage/storage.ts';
import type { GatewayContext } from '../http/context.ts';
import { liveSession } from '../interactions/finish.ts';

const KEPT_SECONDS = 7 * 24 * 3_600;

export type Applicants = {
  /** Undefined: nobody who may go on here. */
  applicant(ctx: GatewayContext): Promise<Account | undefined>;
  /** Opens the wizard of this account in this browser. */
  admit(ctx: GatewayContext, accountId: AccountId): Promise<void>;
  /** Closes it: the person is done, leaves a shared computer, or has signed in. */
  dismiss(ctx: GatewayContext): Promise<void>;
};

export type ApplicantNeeds = {
  readonly provider: Provider;
  readonly accounts: AccountStore;
  readonly credentials: Pick<CredentialStore, 'passwordOf'>;
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
  const byKey = async (ctx: GatewayContext): Promise<AccountId | undefined> => {
    const key = ctx.cookies.get(cookie, { signed: false });
    const found = key ? await keys.find(key) : undefined;
    if (!found) return undefined;
    const accountId = String(found.accountId);
    return found.password === (await passwordMark(accountId)) ? accountId : undefined;
  };

  return {
    async applicant(ctx) {
      // Signing in takes the key away, so whoever holds one has come later than the session.
      const id = (await byKey(ctx)) ?? (await liveSession(provider, ctx))?.accountId;
      const account = id === undefined ? undefined : await accounts.find(id);
      return account?.status === 'confirmed' ? account : undefined;
    },
    async admit(ctx, accountId) {
      const key = randomBytes(32).toString('base64url');
      await keys.upsert(key, { accountId, password: await passwordMark(accountId) }, KEPT_SECONDS);
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
