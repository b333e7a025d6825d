/** oidc-provider's view of an account: its id, its claims and, for our own checks, the account itself. */
import type { FindAccount, Account as OidcAccount } from 'oidc-provider';
import type { Account, AccountStore } from '../../adapters/account-store/account-store.ts';
import { CONSENT_TYPES, type DocumentStore } from '../../adapters/document-store/document-store.ts';
import { claimsOf } from './claims.ts';
import { type ClaimsByConsent, claimsByConsent, releasedClaims } from './client-rules.ts';
import { stands } from './standing.ts';

export type LoadedAccount = OidcAccount & { readonly account: Account };

/** Undefined for an account that may not be used now, or not by this sign-in: nothing is issued, refreshed or told for it. */
export function findAccount(accounts: AccountStore, documents: Pick<DocumentStore, 'consent'>): FindAccount {
  return async (ctx, sub, token) => {
    // The account was looked at a minute ago, when this code was issued; its id_token says no more than who.
    if (token?.kind === 'AuthorizationCode') return { accountId: sub, claims: () => ({ sub }) };
    const account = await accounts.find(sub);
    // A rotated refresh token is as old as the first of its family.
    const since = token ? ('iiat' in token ? token.iiat : token.iat) : ctx.oidc.session?.loginTs;
    if (!account || !stands(account, since)) return undefined;
    // Tokens end with the services; a sign-in goes on to the page that says so (policy.ts).
    if (token && account.servicesEndedAt) return undefined;
    const loaded: LoadedAccount = {
      accountId: account.id,
      account,
      claims: async () => {
        const { client } = ctx.oidc;
        const released = client && releasedClaims(client);
        const conditional = client && claimsByConsent(client);
        const withheld = conditional && (await withoutConsent(documents, sub, conditional));
        const told = Object.entries(claimsOf(account)).filter(
          ([name]) => (released?.has(name) ?? true) && !withheld?.has(name),
        );
        return { sub, ...Object.fromEntries(told) };
      },
    };
    return loaded;
  };
}

/** Read anew each time: a withdrawal holds from its commit on. */
async function withoutConsent(
  documents: Pick<DocumentStore, 'consent'>,
  accountId: string,
  conditional: ClaimsByConsent,
): Promise<ReadonlySet<string>> {
  const withheld = new Set<string>();
  for (const type of CONSENT_TYPES) {
    const claims = conditional[type];
    if (!claims || (await documents.consent(accountId, type))) continue;
    for (const claim of claims) withheld.add(claim);
  }
  return withheld;
}
