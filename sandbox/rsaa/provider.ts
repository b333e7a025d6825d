/** РСАА's OpenID Connect side: node-oidc-provider in memory, with addresses in the shape of Keycloak's. */
import { randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Middleware } from 'koa';
import Provider, { type ClientMetadata, type Configuration } from 'oidc-provider';
import { breakCall } from '../esia/break-call.ts';
import type { CallFault } from '../esia/faults.ts';
import type { RsaaFaultBox } from './faults.ts';
import { memory } from './memory.ts';
import type { RsaaPeople, RsaaPerson } from './people.ts';

export const REALM = '/auth/realms/rsaa';
const PROTOCOL = `${REALM}/protocol/openid-connect`;
const KEY_ID = 'rsaa';
const FOREIGN_ISSUER = 'https://rsaa.example.test';

export type RsaaProviderOptions = {
  readonly url: string;
  readonly clients: readonly ClientMetadata[];
  readonly people: RsaaPeople;
  readonly faults: RsaaFaultBox;
};

export async function rsaaProvider({ url, clients, people, faults }: RsaaProviderOptions): Promise<Provider> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const foreign = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: KEY_ID };
  const cookie = { httpOnly: true, sameSite: 'lax', signed: true } as const;
  const configuration: Configuration = {
    adapter: memory(),
    clients: clients.map((client) => ({ ...client })),
    jwks: { keys: [jwk] } as never,
    cookies: {
      keys: [randomBytes(32).toString('base64url')],
      names: { session: 'rsaa_session', interaction: 'rsaa_interaction', resume: 'rsaa_resume' },
      long: cookie,
      short: cookie,
    },
    claims: {
      openid: ['sub'],
      profile: ['family_name', 'given_name', 'middle_name', 'birthdate', 'phone_number'],
      email: ['email', 'email_verified'],
      groups: ['groups'],
    },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    routes: {
      authorization: `${PROTOCOL}/auth`,
      token: `${PROTOCOL}/token`,
      jwks: `${PROTOCOL}/certs`,
      userinfo: `${PROTOCOL}/userinfo`,
      end_session: `${PROTOCOL}/logout`,
    },
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    ttl: { AccessToken: 600, Grant: 3_600, IdToken: 600, Interaction: 600, Session: 3_600 },
    renderError(ctx, { error, error_description }) {
      ctx.type = 'text';
      ctx.body = [error, error_description].filter(Boolean).join(': ');
    },
    async findAccount(_ctx, sub) {
      const person = people.bySub(sub);
      return person && { accountId: sub, claims: async () => claimsOf(person) };
    },
    async loadExistingGrant(ctx) {
      const { client, session, provider: own, params } = ctx.oidc;
      const grant = new own.Grant({ accountId: session?.accountId ?? '', clientId: client?.clientId ?? '' });
      grant.addOIDCScope(String(params?.scope));
      await grant.save();
      return grant;
    },
  };
  const provider = new Provider(`${url}${REALM}`, configuration);

  const broken: Readonly<Record<string, Middleware>> = {
    [`${REALM}/.well-known/openid-configuration`]: breakCall(() => callFault(faults.now().discovery)),
    [`${PROTOCOL}/auth`]: breakCall(() => faults.now().auth),
    [`${PROTOCOL}/token`]: breakCall(() => faults.now().token),
    [`${PROTOCOL}/certs`]: breakCall(() => callFault(faults.now().jwks)),
    [`${PROTOCOL}/userinfo`]: breakCall(() => faults.now().userinfo),
  };
  provider.use((ctx, next) => broken[ctx.path]?.(ctx as never, next) ?? next());
  provider.use(async (ctx, next) => {
    // The library knows its discovery document at the root alone.
    if (ctx.path === `${REALM}/.well-known/openid-configuration`)
      ctx.path = '/.well-known/openid-configuration';
    await next();
    const body = ctx.body as { id_token?: string } | undefined;
    const { idToken: fault } = faults.now();
    if (ctx.path === `${PROTOCOL}/token` && fault && body?.id_token !== undefined) {
      body.id_token = await spoil(body.id_token, fault);
    }
    if (ctx.path === '/.well-known/openid-configuration' && faults.now().discovery === 'wrong-iss') {
      ctx.body = { ...(body as object), issuer: FOREIGN_ISSUER };
    }
    if (ctx.path === `${PROTOCOL}/certs` && faults.now().jwks === 'foreign-key') {
      ctx.body = {
        keys: [{ ...(await exportJWK(foreign.publicKey)), alg: 'RS256', use: 'sig', kid: KEY_ID }],
      };
    }
  });
  return provider;

  async function spoil(idToken: string, fault: string): Promise<string> {
    const claims = JSON.parse(Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString('utf8'));
    const changed = {
      ...claims,
      ...(fault === 'wrong-iss' && { iss: FOREIGN_ISSUER }),
      ...(fault === 'wrong-aud' && { aud: 'other' }),
      ...(fault === 'wrong-nonce' && { nonce: 'other' }),
      ...(fault === 'expired' && { exp: claims.iat - 3_600, iat: claims.iat - 7_200 }),
      ...(fault === 'clock-ahead' && { exp: claims.exp + 600, iat: claims.iat + 600 }),
    };
    if (fault === 'alg-none') {
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
      return `${part({ alg: 'none' })}.${part(changed)}.`;
    }
    return new SignJWT(changed)
      .setProtectedHeader({ alg: 'RS256', kid: KEY_ID })
      .sign(fault === 'foreign-key' ? foreign.privateKey : privateKey);
  }
}

/** What breaks the call itself, and not only what it says. */
function callFault(fault: CallFault | 'wrong-iss' | 'foreign-key' | null | undefined): CallFault | null {
  return fault === undefined || fault === 'wrong-iss' || fault === 'foreign-key' ? null : fault;
}

function claimsOf({ sub, family, given, middle, birthdate, phone, email }: RsaaPerson) {
  return {
    sub,
    family_name: family,
    given_name: given,
    middle_name: middle,
    birthdate,
    phone_number: phone,
    email,
    email_verified: true,
    groups: ['staff'],
  };
}
