/** oidc-provider's view of an account: its id, its claims and, for our own checks, the account itself. */
import type { Client, FindAccount, Account as OidcAccount } from 'oidc-provider';
import type { ConsentBook } from '../../adapters/account-activity/account-activity.ts';
import type { Account, AccountStore } from '../../adapters/account-store/account-store.ts';
import { CONSENT_TYPES, type DocumentStore } from '../../adapters/document-store/document-store.ts';
import { educationClaims } from '../education/claims.ts';
import type { Education } from '../education/education.ts';
import { roleAmong } from '../education/roles.ts';
import { reachableClaims } from './asked-claims.ts';
import { claimsIn, claimsOf } from './claims.ts';
import { educationClient } from './client/education.ts';
import { claimsByConsent, isEducation, isFirstParty } from './client-rules.ts';
import { stands } from './standing.ts';

export type LoadedAccount = OidcAccount & { readonly account: Account };

/** Undefined for an account that may not be used now, or not by this sign-in: nothing is issued, refreshed or told for it. */
export function findAccount(
  accounts: AccountStore,
  documents: Pick<DocumentStore, 'consent'>,
  consents: Pick<ConsentBook, 'consentTo'>,
  education: Pick<Education, 'standing'>,
): FindAccount {
  return async (ctx, sub, token) => {
    const { client } = ctx.oidc;
    const ofRegion = client !== undefined && isEducation(client);
    // The account was looked at a minute ago, when this code was issued; its id_token says no more than who – unless
    // claims were asked to be in it.
    if (token?.kind === 'AuthorizationCode' && !ofRegion && !tellsMore(token)) {
      return { accountId: sub, claims: () => ({ sub }) };
    }
    const account = await accounts.find(sub);
    // A rotated refresh token is as old as the first of its family.
    const since = token ? ('iiat' in token ? token.iiat : token.iat) : ctx.oidc.session?.loginTs;
    if (!account || !stands(account, since)) return undefined;
    // Tokens end with the services; a sign-in goes on to the page that says so (policy.ts).
    if (token && account.servicesEndedAt) return undefined;
    if (ofRegion) return inEducation(education, client, account, token);
    const loaded: LoadedAccount = {
      accountId: account.id,
      account,
      claims: async () => {
        if (!client) return { sub };
        const reachable = reachableClaims(client);
        const withheld = await claimsWithheld(documents, sub, client);
        const declined = await declinedClaims(consents, sub, client);
        const told = Object.entries(claimsOf(account)).filter(
          ([name]) => reachable.has(name) && !withheld.has(name) && !declined(name),
        );
        return { sub, ...Object.fromEntries(told) };
      },
    };
    return loaded;
  };
}

/** A third party is told nothing that she declines, from the moment she does; nor anything without her consent. */
async function declinedClaims(
  consents: Pick<ConsentBook, 'consentTo'>,
  accountId: string,
  client: Client,
): Promise<(claim: string) => boolean> {
  if (isFirstParty(client)) return () => false;
  const consent = await consents.consentTo(accountId, client.clientId);
  return (claim) => consent?.declined.includes(claim) ?? true;
}

type Token = Parameters<FindAccount>[2];

/** OpenID Connect Core 5.5: `claims` may name some for the id_token. */
function tellsMore(token: NonNullable<Token>): boolean {
  const { claims } = token as { claims?: { id_token?: object } };
  return Object.keys(claims?.id_token ?? {}).length > 0;
}

/** Of the Union's account a relying party of ЭПОС gets the subject, whatever it asks for: the rest is the region's. */
async function inEducation(
  education: Pick<Education, 'standing'>,
  client: Client,
  account: Account,
  token: Token,
): Promise<LoadedAccount | undefined> {
  const sub = account.id;
  // A sign-in is told nothing yet, and goes on to the page that says what is missing (policy.ts).
  if (!token) return { accountId: sub, account, claims: () => ({ sub }) };
  const { sessionUid, scope } = token as { sessionUid?: string; scope?: string };
  const entered = educationClient(client);
  const standing = await education.standing(entered, sub, sessionUid);
  const opening = standing && roleAmong(standing.openings, standing.chosen);
  if (!opening) return undefined;
  const granted = new Set<string>(claimsIn(scope?.split(' ') ?? []));
  const told = Object.entries(educationClaims(entered, standing, opening));
  return {
    accountId: sub,
    account,
    claims: () => ({ sub, ...Object.fromEntries(told.filter(([name]) => granted.has(name))) }),
  };
}

/** For want of a document. Read anew each time: a withdrawal holds from its commit on. */
export async function claimsWithheld(
  documents: Pick<DocumentStore, 'consent'>,
  accountId: string,
  client: Client,
): Promise<ReadonlySet<string>> {
  const conditional = claimsByConsent(client) ?? {};
  const withheld = new Set<string>();
  for (const type of CONSENT_TYPES) {
    const claims = conditional[type];
    if (!claims || (await documents.consent(accountId, type))) continue;
    for (const claim of claims) withheld.add(claim);
  }
  return withheld;
}
