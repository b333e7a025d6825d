/**
 * Token exchange (RFC 8693) for an API that has to ask another one in the name of the person whose request it serves.
 * It hands in the access token it was called with, and gets a JWT of a minute for the other API: never more scope, never
 * longer, with itself as the actor. Refresh tokens, ID tokens and actor tokens are not exchanged.
 */
import type Provider from 'oidc-provider';
import {
  type AccessToken,
  type Client,
  errors,
  type FindAccount,
  type KoaContextWithOIDC,
} from 'oidc-provider';
import { mayBeExchangedBy, serves } from './client/resources.ts';
import { isEducation } from './client-rules.ts';
import { resourceServerInfo } from './resources.ts';

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
const JWT = 'urn:ietf:params:oauth:token-type:jwt';
const PARAMETERS = [
  ...['subject_token', 'subject_token_type', 'requested_token_type'],
  ...['actor_token', 'actor_token_type', 'audience', 'resource', 'scope'],
];

type Parameters = Readonly<Record<string, string | undefined>>;
type Subject = AccessToken & { readonly accountId: string; readonly isSenderConstrained: () => boolean };

const actors = new WeakMap<object, { readonly sub: string }>();

/** For the library's `extraTokenClaims`: who acts (RFC 8693 §4.1). */
export function actorClaim(_ctx: unknown, token: object): { act: { sub: string } } | undefined {
  const act = actors.get(token);
  return act && { act: { ...act } };
}

export function registerTokenExchange(provider: Provider, findAccount: FindAccount): void {
  provider.registerGrantType(
    GRANT_TYPE,
    async (raw) => {
      const ctx = raw as unknown as KoaContextWithOIDC;
      const client = ctx.oidc.client as Client;
      const { target, scope: wished } = asked(ctx, client);
      const subject = await subjectOf(ctx, client, findAccount);
      const info = resourceServerInfo(ctx, target, client);
      // Anything that could be called back would have to be found again by a grant that is another client's.
      if (info.accessTokenFormat !== 'jwt') throw new errors.InvalidTarget();
      const held = new Set(subject.scope?.split(' '));
      const there = new Set(info.scope.split(' '));
      const scopes = (wished?.split(' ') ?? [...held]).filter(
        (one) => wished !== undefined || there.has(one),
      );
      const beyond = scopes.filter((one) => !held.has(one) || !there.has(one));
      if (scopes.length === 0 || beyond.length > 0) {
        throw new errors.InvalidScope('scope must be within the one of the subject token', beyond.join(' '));
      }

      const left = (subject.exp ?? 0) - Math.floor(Date.now() / 1_000);
      const token = new provider.AccessToken({
        ...{ accountId: subject.accountId, client, grantId: subject.grantId, gty: 'token_exchange' },
        expiresIn: Math.max(1, Math.min(left, info.accessTokenTTL ?? left)),
      } as never);
      Object.assign(token, {
        resourceServer: new provider.ResourceServer(target, info),
        scope: scopes.join(' '),
      });
      actors.set(token, { sub: client.clientId });
      ctx.oidc.entity('AccessToken', token);
      ctx.body = {
        access_token: await token.save(),
        issued_token_type: ACCESS_TOKEN,
        token_type: 'Bearer',
        expires_in: token.expiration,
        scope: scopes.join(' '),
      };
    },
    PARAMETERS,
  );
}

/** What is asked, as far as it does not depend on whose token it is. */
function asked(ctx: KoaContextWithOIDC, client: Client): { target: string; scope: string | undefined } {
  const { actor_token, audience, requested_token_type, resource, scope } = ctx.oidc.params as Parameters;
  // A client that has to prove possession would get a token that proves none.
  const mustBind = client.dpopBoundAccessTokens || client.tlsClientCertificateBoundAccessTokens;
  if (client.clientAuthMethod === 'none' || mustBind) {
    throw new errors.UnauthorizedClient('this client cannot exchange tokens');
  }
  if (actor_token !== undefined) throw new errors.InvalidRequest('the client itself is the actor');
  if (audience !== undefined) throw new errors.InvalidTarget('name the API by resource');
  if (![undefined, ACCESS_TOKEN, JWT].includes(requested_token_type)) {
    throw new errors.InvalidRequest('only access tokens are issued');
  }
  if (typeof resource !== 'string') throw new errors.InvalidTarget();
  return { target: resource, scope };
}

/** RFC 8693 §2.2.2: a subject token that is not acceptable is `invalid_request`, and not more is said. */
async function subjectOf(
  ctx: KoaContextWithOIDC,
  client: Client,
  findAccount: FindAccount,
): Promise<Subject> {
  const { provider, params } = ctx.oidc;
  const { subject_token, subject_token_type } = params as Parameters;
  const refused = () => new errors.InvalidRequest('subject_token is not acceptable');
  if (subject_token_type !== ACCESS_TOKEN || subject_token === undefined) throw refused();
  const token = (await provider.AccessToken.find(subject_token)) as Subject | undefined;
  if (!token?.isValid || token.isSenderConstrained() || !serves(client, token.aud)) throw refused();
  const issuedTo = await provider.Client.find(token.clientId ?? '');
  if (!issuedTo || !mayBeExchangedBy(issuedTo, client)) throw refused();
  // What the region knows of a person goes nowhere from here (domain.md §2.3).
  if (isEducation(issuedTo) || isEducation(client)) throw refused();
  const grant = await provider.Grant.find(token.grantId ?? '');
  if (grant?.clientId !== token.clientId || grant?.accountId !== token.accountId) throw refused();
  if (!(await findAccount(ctx, token.accountId, token))) throw refused();
  return token;
}
