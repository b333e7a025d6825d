/**
 * An OpenID Provider to try relying parties with: node-oidc-provider in memory, where signing in is one redirect and
 * the test says who answers. Knows nothing of our gateway.
 */
import { createServer } from 'node:http';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import Provider, { type ClientMetadata, type Configuration, interactionPolicy } from 'oidc-provider';
import { freePort } from './services/free-port.ts';

export type FakePerson = {
  readonly sub: string;
  readonly given_name?: string;
  readonly middle_name?: string;
  readonly name?: string;
  readonly membership?: string;
  readonly region?: string;
  readonly family_name?: string;
  readonly edu_role?: string;
  readonly edu_roles?: readonly string[];
  readonly school?: { readonly id: string; readonly name: string };
  readonly subsystems?: readonly {
    readonly client_id: string;
    readonly name: string;
    readonly url: string;
  }[];
};

export type FakeOp = {
  readonly issuer: string;
  /** Who signs in when a page would be shown; undefined presses «Отмена». */
  person: FakePerson | undefined;
  /** Parameters of the authorization requests that arrived. */
  readonly requests: URLSearchParams[];
  /** With the provider's key, or another one. */
  signLogoutToken(claims: JWTPayload, options?: { typ?: string; foreignKey?: boolean }): Promise<string>;
  stop(): Promise<void>;
};

export type FakeOpOptions = {
  readonly clients: readonly ClientMetadata[];
  /** Where a portal expects it, if that must be known before it starts. */
  readonly port?: number;
  /** Claims that go out with `edu_role` though they must not. */
  readonly leaked?: readonly string[];
};

const KEY_ID = 'fake-op';
const COOKIE = { httpOnly: true, sameSite: 'lax', signed: true } as const;

export async function startFakeOp({ clients, port, leaked = [] }: FakeOpOptions): Promise<FakeOp> {
  const listenOn = port ?? (await freePort());
  const issuer = `http://localhost:${listenOn}`;
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const { privateKey: foreignKey } = await generateKeyPair('ES256', { extractable: true });
  const people = new Map<string, FakePerson>();

  const configuration: Configuration = {
    clients: [...clients],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig', kid: KEY_ID }] } as never,
    cookies: { keys: ['a key of the fake provider'], long: COOKIE, short: COOKIE },
    claims: {
      openid: ['sub'],
      profile_min: ['given_name', 'middle_name'],
      membership: ['membership'],
      region: ['region'],
      certificate_name: ['name'],
      name: ['name', 'family_name', 'given_name', 'middle_name'],
      edu_role: ['edu_role', 'school', ...leaked],
      edu_subsystems: ['edu_roles', 'subsystems'],
    },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true },
    },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}`, policy: withRoles() },
    // The library's own dispatcher refuses loopback addresses, where all parties of a test live.
    fetch: (url, options) => {
      const { dispatcher: _, ...rest } = options as RequestInit & { dispatcher?: unknown };
      return fetch(url, rest);
    },
    ttl: { AccessToken: 600, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    async findAccount(_ctx, sub) {
      return { accountId: sub, claims: async () => ({ ...people.get(sub), sub }) };
    },
    async loadExistingGrant(ctx) {
      const { client, session, provider, params } = ctx.oidc;
      const grant = new provider.Grant({
        accountId: session!.accountId as string,
        clientId: client!.clientId,
      });
      grant.addOIDCScope(String(params?.scope));
      await grant.save();
      return grant;
    },
  };
  const provider = new Provider(issuer, configuration);
  const fake: FakeOp = {
    issuer,
    person: undefined,
    requests: [],
    signLogoutToken: (claims, { typ = 'logout+jwt', foreignKey: foreign = false } = {}) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'ES256', typ, kid: KEY_ID })
        .sign(foreign ? foreignKey : privateKey),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  provider.use(async (ctx, next) => {
    if (ctx.path === '/auth') fake.requests.push(new URLSearchParams(ctx.search));
    if (!ctx.path.startsWith('/interaction/')) return next();
    const { person } = fake;
    if (person) people.set(person.sub, person);
    const result = person
      ? { login: { accountId: person.sub }, role: {} }
      : { error: 'access_denied', error_description: 'the person pressed «Отмена»' };
    ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, result));
  });
  const server = createServer(provider.callback());
  await new Promise<void>((resolve) => server.listen(listenOn, 'localhost', resolve));
  return fake;
}

/** As our gateway has it: whoever wants another role asks with prompt=role. */
function withRoles() {
  const policy = interactionPolicy.base();
  policy.add(new interactionPolicy.Prompt({ name: 'role', requestable: true }));
  return policy;
}
