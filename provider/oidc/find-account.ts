/** oidc-provider's view of an account: its id, its claims and, for our own checks, the account itself. */
import type { FindAccount, Account as OidcAccount } from 'oidc-provider';
import type { Account, AccountStore } from '../../adapters/account-store/account-store.ts';
import { claimsOf } from './claims.ts';
import { releasedClaims } from './client-rules.ts';
import { stands } from './standing.ts';

export type LoadedAccount = OidcAccount & { readonly account: Account };

/** Undefined for an account that may not be used now, or not by this sign-in: nothing is issued, refreshed or told for it. */
export function findAccount(accounts: AccountStore): FindAccount {
  return async (ctx, sub, token) => {
    // The account was looked at a minute ago, when this code was issued; its id_token says no more than who.
    if (token?.kind === 'AuthorizationCode') return { accountId: sub, claims: () => ({ sub }) };
    const account = await accounts.find(sub);
    // A rotated refresh token is as old as the first of its family.
    const since = token ? ('iiat' in token ? token.iiat : token.iat) : ctx.oidc.session?.loginTs;
    if (!account || !stands(account, since)) return undefined;
    const loaded: LoadedAccount = {
      accountId: account.id,
      account,
      claims: () => {
        const released = ctx.oidc.client && releasedClaims(ctx.oidc.client);
        const all = Object.entries(claimsOf(account));
        return { sub, ...Object.fromEntries(released ? all.filter(([name]) => released.has(name)) : all) };
      },
    };
    return loaded;
  };
}
