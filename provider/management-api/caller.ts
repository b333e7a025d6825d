/**
 * Who calls the management API: the account behind an access token of this audience. Token, grant, client and account
 * are looked at on every call, so that a block, a withdrawal or a sign-out counts at once.
 */
import type Provider from 'oidc-provider';
import type { Account, AccountStore } from '../../adapters/account-store/account-store.ts';
import type { StaffStore } from '../../adapters/staff-store/staff-store.ts';
import { type API_SCOPES, apiOf } from '../oidc/resources.ts';
import { stands } from '../oidc/standing.ts';
import type { ProofJudge } from './dpop-proof.ts';
import { ApiProblem } from './problem.ts';

export type ApiScope = (typeof API_SCOPES)[number];

export type Caller = {
  readonly account: Account;
  /** The relying party that calls on her behalf. */
  readonly clientId: string;
  readonly scopes: ReadonlySet<string>;
};

export type CallerNeeds = {
  readonly provider: Provider;
  readonly accounts: Pick<AccountStore, 'find'>;
  readonly staff: Pick<StaffStore, 'has'>;
  readonly proofs: ProofJudge;
};

export type Presented = {
  /** The header Authorization. */
  readonly authorization: string;
  /** The header DPoP. */
  readonly proof: string;
  readonly method: string;
  /** As the caller wrote it, without its query. */
  readonly url: string;
};

type Bound = { readonly jkt?: string; readonly 'x5t#S256'?: string };

/** Throws `unauthorized` (RFC 6750 §3). */
export async function callerOf(needs: CallerNeeds, presented: Presented): Promise<Caller> {
  const { provider, accounts, proofs } = needs;
  const [, scheme = '', value] = /^(Bearer|DPoP) ([\x21-\x7e]{1,512})$/i.exec(presented.authorization) ?? [];
  if (value === undefined) throw refused(presented.authorization === '' ? undefined : 'invalid_request');
  const token = await provider.AccessToken.find(value);
  if (!token?.isValid || token.aud !== apiOf(provider.issuer)) throw refused('invalid_token');
  const { accountId, clientId, grantId, jkt, 'x5t#S256': x5t } = token as typeof token & Bound;
  const isBound = scheme.toLowerCase() === 'dpop';
  // RFC 9449 §7.1: a bound token is worth nothing without its proof, whatever scheme it comes with.
  if (isBound !== (jkt !== undefined)) throw refused('invalid_token');
  // Nobody looks at certificates here (RFC 8705 §3).
  if (x5t !== undefined) throw refused('invalid_token');
  if (jkt !== undefined && !(await proofs.holds({ ...presented, token: value, jkt }))) {
    throw refused('invalid_dpop_proof', 'DPoP');
  }
  const [client, grant, account] = await Promise.all([
    provider.Client.find(String(clientId)),
    grantId === undefined ? undefined : provider.Grant.find(grantId),
    accounts.find(accountId),
  ]);
  const isHers = grant?.accountId === accountId && grant.clientId === clientId && !grant.isExpired;
  if (!client || !isHers || !account || !stands(account, token.iat) || account.servicesEndedAt) {
    throw refused('invalid_token');
  }
  return { account, clientId: client.clientId, scopes: token.scopes };
}

/** Throws `insufficient_scope`. Whoever was an administrator when the token was issued need not be one now. */
export async function requireScope(
  { staff }: Pick<CallerNeeds, 'staff'>,
  caller: Caller,
  scope: ApiScope,
): Promise<void> {
  const isAllowed =
    scope === 'integrations:review' ? await mayReview({ staff }, caller) : caller.scopes.has(scope);
  if (isAllowed) return;
  throw new ApiProblem('insufficient_scope', {
    headers: { 'WWW-Authenticate': `Bearer realm="api", error="insufficient_scope", scope="${scope}"` },
  });
}

export async function mayReview(
  { staff }: Pick<CallerNeeds, 'staff'>,
  { account, scopes }: Caller,
): Promise<boolean> {
  return scopes.has('integrations:review') && staff.has(account.id, 'administrator');
}

function refused(error: string | undefined, scheme = 'Bearer'): ApiProblem {
  const why = error === undefined ? '' : `, error="${error}"`;
  const algs = scheme === 'DPoP' ? ', algs="ES256 PS256 EdDSA"' : '';
  return new ApiProblem('unauthorized', {
    headers: { 'WWW-Authenticate': `${scheme} realm="api"${why}${algs}` },
  });
}
