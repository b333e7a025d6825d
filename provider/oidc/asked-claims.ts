/** Which claims an authorization request asks for, and what of it the person has not been asked before. Pure. */
import type { Client } from 'oidc-provider';
import type { Consent } from '../../adapters/account-activity/account-activity.ts';
import { CLAIMS_BY_SCOPE, type Claim, claimsIn, SCOPES } from './claims.ts';
import { releasedClaims } from './client-rules.ts';

export type Asked = {
  readonly scopes: readonly string[];
  /** Of the scopes and by name, each once; only what the client can be told. */
  readonly claims: readonly Claim[];
  /** Those among them that no scope carries. */
  readonly named: readonly Claim[];
};

/** All that it can ever be told: whatever it names in `claims`, its scopes were approved and nothing else. */
export function reachableClaims(client: Client): ReadonlySet<string> {
  const released = releasedClaims(client);
  const approved = claimsIn(client.scope?.split(' ') ?? Object.keys(CLAIMS_BY_SCOPE));
  return new Set(released ? approved.filter((name) => released.has(name)) : approved);
}

/** `params`: of the authorization request, checked by oidc-provider. */
export function askedBy(client: Client, { scope, claims }: Readonly<Record<string, unknown>>): Asked {
  const scopes = typeof scope === 'string' ? scope.split(' ') : [];
  const reachable = reachableClaims(client);
  const carried = claimsIn(scopes).filter((name) => reachable.has(name));
  const known = new Set<string>(carried);
  const named = namesIn(claims).filter((name) => reachable.has(name) && !known.has(name)) as Claim[];
  return { scopes, claims: [...carried, ...named], named };
}

/** OpenID Connect Core 5.5: members of `userinfo` and `id_token`. */
function namesIn(claims: unknown): string[] {
  if (typeof claims !== 'string') return [];
  const { userinfo, id_token } = JSON.parse(claims) as { userinfo?: object; id_token?: object };
  return [...new Set([...Object.keys(userinfo ?? {}), ...Object.keys(id_token ?? {})])];
}

/** Claims she has not answered for. */
export function newClaims({ claims }: Asked, consent: Consent | undefined): Claim[] {
  const answered = answeredIn(consent);
  return claims.filter((name) => !answered.has(name));
}

/** Whether the request can be answered from what she has said. A scope that carries nothing new needs no new «yes». */
export function isAnswered(asked: Asked, consent: Consent): boolean {
  const scopes = new Set(consent.scope.split(' '));
  const powers = asked.scopes.filter(
    (name) => SCOPES.some((scope) => scope === name) && claimsIn([name]).length === 0 && name !== 'openid',
  );
  return newClaims(asked, consent).length === 0 && powers.every((name) => scopes.has(name));
}

function answeredIn(consent: Consent | undefined): ReadonlySet<string> {
  return new Set(consent ? [...claimsIn(consent.scope.split(' ')), ...consent.claims] : []);
}
