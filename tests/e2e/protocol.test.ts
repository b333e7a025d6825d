import { decodeJwt, decodeProtectedHeader } from 'jose';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aesGcm } from '../../adapters/cipher/aes-gcm.ts';
import { postgresSigningKeys } from '../../adapters/signing-keys/postgres.ts';
import { ReplacedLately, RotationTooEarly } from '../../adapters/signing-keys/signing-keys.ts';
import { type OpenHouse, openHouse, sharedSecrets } from '../support/house.ts';
import { ACME_SECRET, dictation, thirdParty } from '../support/portals.ts';
import { type RelyingParty, relyingParty } from '../support/relying-party.ts';
import { testStores } from '../support/stores.ts';
import { visitor } from '../support/visitor.ts';
import { fillIn, signIn, toSignIn } from '../support/walks.ts';

const INITIAL_ACCESS_TOKEN = 'an-initial-access-token-for-the-tests';
let open: OpenHouse;
let acme: RelyingParty;
beforeAll(async () => {
  open = await openHouse({ ...(await testStores()), INITIAL_ACCESS_TOKEN });
  acme = await thirdParty(open);
});
afterAll(() => open.close());

/** With refresh token; the person agrees to whatever is asked. */
const tokensOf = async (identifier: string, scope = 'openid offline_access') => {
  const person = visitor();
  const { started, page } = await toSignIn(person, acme, { scope, prompt: 'consent' });
  const asked = await fillIn(person, acme, page, { identifier });
  const arrived = await person.follow(await person.submit(asked, /\/consent$/), acme.isCallback);
  return { person, arrived, started, tokens: await acme.finish(arrived.url, started) };
};

const tokenRequest = (parameters: Record<string, string>, clientId = 'acme-quiz', secret = ACME_SECRET) =>
  fetch(`${open.issuer}/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${btoa(`${clientId}:${encodeURIComponent(secret).replaceAll('%20', '+')}`)}`,
    },
    body: new URLSearchParams(parameters),
  });

describe('discovery', () => {
  it('says what is offered, from the configuration alone', async () => {
    const metadata = acme.config.serverMetadata();
    expect(metadata.issuer).toBe(open.issuer);
    expect(metadata).toMatchObject({
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
      subject_types_supported: ['pairwise', 'public'],
    });
    expect(metadata.grant_types_supported).not.toContain('implicit');
    const endpoints = Object.entries(metadata).filter(
      ([name]) => name.endsWith('_endpoint') || name === 'jwks_uri',
    );
    for (const [name, url] of endpoints) expect(String(url).startsWith(`${open.issuer}/`), name).toBe(true);
  });

  it('publishes current and next keys of both algorithms, public parts only', async () => {
    const { keys } = (await (await fetch(`${open.issuer}/jwks`)).json()) as {
      keys: Record<string, unknown>[];
    };
    expect(keys.map(({ alg }) => alg).sort()).toEqual(['ES256', 'ES256', 'RS256', 'RS256']);
    for (const key of keys)
      for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi']) expect(key).not.toHaveProperty(secret);
  });
});

describe('a code', () => {
  it('is worth tokens once; a second use ends what came from the first', async () => {
    const { arrived, started, tokens } = await tokensOf('ivanova@example.test');
    await expect(acme.finish(arrived.url, started)).rejects.toThrow();
    await expect(
      client.fetchUserInfo(acme.config, tokens.access_token, tokens.claims()?.sub ?? ''),
    ).rejects.toThrow();
    await expect(client.refreshTokenGrant(acme.config, tokens.refresh_token ?? '')).rejects.toThrow();
  });

  it('needs PKCE with S256', async () => {
    for (const change of [
      { code_challenge: '', code_challenge_method: '' },
      { code_challenge: 'x'.repeat(43), code_challenge_method: 'plain' },
    ]) {
      const { url } = await acme.start();
      for (const [name, value] of Object.entries(change)) {
        if (value) url.searchParams.set(name, value);
        else url.searchParams.delete(name);
      }
      const back = await visitor().request(url);
      expect(new URL(back.headers.get('location') ?? '').searchParams.get('error')).toBe('invalid_request');
    }
  });
});

describe('refresh tokens', () => {
  it('rotate; the same token again within the leeway gives the same successor', async () => {
    const { tokens } = await tokensOf('fedorov@example.test');
    const refresh = () =>
      tokenRequest({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '' });
    const answers = await Promise.all(Array.from({ length: 20 }, refresh));
    const bodies = await Promise.all(
      answers.map((answer) => answer.json() as Promise<client.TokenEndpointResponse>),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(new Set(bodies.map(({ refresh_token }) => refresh_token)).size).toBe(1);
    expect(bodies[0]?.refresh_token).not.toBe(tokens.refresh_token);
    const next = await client.refreshTokenGrant(acme.config, bodies[0]?.refresh_token ?? '');
    expect(next.refresh_token).toBeTruthy();
  });

  it('after the leeway a used one is theft: the family ends, and the audit says so', async () => {
    const { tokens } = await tokensOf('sofia@example.test');
    const successor = await client.refreshTokenGrant(acme.config, tokens.refresh_token ?? '');
    const storage = open.house.stores.storage('RefreshToken');
    const stored = await storage.find(tokens.refresh_token ?? '');
    await storage.upsert(
      tokens.refresh_token ?? '',
      { ...stored, consumed: Math.floor(Date.now() / 1_000) - 60 },
      600,
    );
    await expect(client.refreshTokenGrant(acme.config, tokens.refresh_token ?? '')).rejects.toThrow();
    await expect(client.refreshTokenGrant(acme.config, successor.refresh_token ?? '')).rejects.toThrow();
    const sub = successor.claims()?.sub ?? '';
    await expect(client.fetchUserInfo(acme.config, successor.access_token, sub)).rejects.toThrow();
    const reuses = () =>
      open.house.stores.database.query("select 1 from audit where event = 'refresh_reuse'");
    await expect.poll(reuses).toHaveLength(1);
  });

  it('end with the session unless offline access was agreed to', async () => {
    const person = visitor();
    const { started, page } = await toSignIn(person, acme, { scope: 'openid', prompt: 'consent' });
    const asked = await fillIn(person, acme, page, { identifier: 'timur@example.test' });
    const arrived = await person.follow(await person.submit(asked, /\/consent$/), acme.isCallback);
    const tokens = await acme.finish(arrived.url, started);
    const signOut = await person.open(`${open.issuer}/session/end`);
    await person.submit(signOut, /confirm/, { logout: 'yes' });
    await expect(client.refreshTokenGrant(acme.config, tokens.refresh_token ?? '')).rejects.toThrow();
  });

  it('die with the account', async () => {
    const { tokens } = await tokensOf('anna@example.test');
    await open.house.stores.database.query(
      "update account set status = 'locked' where id = (select account_id from identifier where value = 'anna@example.test')",
    );
    await expect(client.refreshTokenGrant(acme.config, tokens.refresh_token ?? '')).rejects.toThrow();
    await expect(
      client.fetchUserInfo(acme.config, tokens.access_token, tokens.claims()?.sub ?? ''),
    ).rejects.toThrow();
  });
});

describe('tokens', () => {
  it('can be introspected by their own client and revoked', async () => {
    const { tokens } = await tokensOf('orlova@example.test');
    const seen = await client.tokenIntrospection(acme.config, tokens.access_token);
    expect(seen).toMatchObject({ active: true, client_id: 'acme-quiz', sub: tokens.claims()?.sub });

    const other = await relyingParty({
      issuer: open.issuer,
      clientId: await register({
        redirect_uris: ['http://127.0.0.1:4/cb'],
        token_endpoint_auth_method: 'none',
      }),
      redirectUri: 'http://127.0.0.1:4/cb',
    });
    expect(await client.tokenIntrospection(other.config, tokens.access_token)).toEqual({ active: false });

    await client.tokenRevocation(acme.config, tokens.refresh_token ?? '');
    expect((await client.tokenIntrospection(acme.config, tokens.access_token)).active).toBe(false);
  });

  it('carry acr, amr and auth_time; RS256 unless the client wants ES256', async () => {
    const { tokens } = await tokensOf('grishin@example.test');
    expect(decodeProtectedHeader(tokens.id_token ?? '').alg).toBe('RS256');
    expect(decodeJwt(tokens.id_token ?? '')).toMatchObject({
      acr: 'urn:opo:loa:1',
      amr: ['pwd'],
      auth_time: expect.any(Number),
    });
    const quiz = await dictation(open);
    const own = await signIn(visitor(), quiz, { identifier: 'grishin@example.test' });
    expect(decodeProtectedHeader(own.tokens.id_token ?? '').alg).toBe('ES256');
  });

  it('live ten minutes at most, and are never cached', async () => {
    const answer = await tokenRequest({ grant_type: 'client_credentials' }, ...(await machine()));
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(((await answer.json()) as { expires_in: number }).expires_in).toBeLessThanOrEqual(600);
  });
});

describe('pushed authorization requests', () => {
  it('carry the request to the back door; the browser brings a reference', async () => {
    const { url, checks } = await acme.start({ scope: 'openid email' });
    const pushed = await client.buildAuthorizationUrlWithPAR(
      acme.config,
      Object.fromEntries(url.searchParams),
    );
    expect(pushed.searchParams.has('redirect_uri')).toBe(false);
    const person = visitor();
    const page = await person.open(pushed);
    const asked = await fillIn(person, acme, page, { identifier: 'zaitsev@example.test' });
    const arrived = await person.follow(await person.submit(asked, /\/consent$/), acme.isCallback);
    expect((await acme.finish(arrived.url, { url, checks })).access_token).toBeTruthy();
  });
});

describe('dynamic registration', () => {
  it('needs the initial access token', async () => {
    const answer = await fetch(`${open.issuer}/reg`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ redirect_uris: ['https://a.test/cb'] }),
    });
    expect(answer.status).toBe(401);
  });

  it('makes a client that signs people in, with a consent page', async () => {
    const redirectUri = 'http://127.0.0.1:5/cb';
    const fresh = await relyingParty({
      issuer: open.issuer,
      clientId: await register({ redirect_uris: [redirectUri], token_endpoint_auth_method: 'none' }),
      redirectUri,
    });
    const person = visitor();
    const { started, page } = await toSignIn(person, fresh);
    const asked = await fillIn(person, fresh, page, { identifier: 'belova@example.test' });
    const arrived = await person.follow(await person.submit(asked, /\/consent$/), fresh.isCallback);
    expect((await fresh.finish(arrived.url, started)).claims()?.sub).toBeTruthy();
  });

  it.each([
    [{ redirect_uris: ['http://evil.test/cb'] }, 'invalid_redirect_uri'],
    [{ redirect_uris: ['https://a.test/cb'], first_party: true }, 'invalid_client_metadata'],
    [{ redirect_uris: ['https://a.test/cb'], jwks_uri: 'http://a.test/jwks' }, 'invalid_client_metadata'],
    [{ redirect_uris: ['https://a.test/cb'], scope: 'openid ticket' }, 'invalid_client_metadata'],
  ])('refuses %j', async (metadata, error) => {
    expect(((await tryRegister(metadata)).body as { error: string }).error).toBe(error);
  });
});

describe('a blocked client', () => {
  it('is refused within seconds, with a page and not a redirect', async () => {
    const redirectUri = 'http://127.0.0.1:6/cb';
    const clientId = await register({ redirect_uris: [redirectUri], token_endpoint_auth_method: 'none' });
    const blocked = await relyingParty({ issuer: open.issuer, clientId, redirectUri });
    await open.house.clients.setBlocked(clientId, true);
    await new Promise((resolve) => setTimeout(resolve, 5_100));
    const page = await visitor().request((await blocked.start()).url);
    expect(page.status).toBe(400);
    expect(page.headers.get('location')).toBeNull();
  });
});

describe('signing keys', () => {
  let quiz: RelyingParty;
  beforeAll(async () => {
    quiz = await dictation(open);
  });
  const kidOf = (token: string | undefined) => decodeProtectedHeader(token ?? '').kid;
  const aged = () =>
    open.house.stores.database.query(`update signing_key set state_since = now() - interval '2 hours'`);
  const published = async (): Promise<readonly string[]> => {
    const { keys } = (await (await fetch(`${open.issuer}/jwks`)).json()) as { keys: { kid: string }[] };
    return keys.map(({ kid }) => kid);
  };
  const signingKeys = () => {
    const key = Buffer.from(sharedSecrets.ENCRYPTION_KEYS.slice(3), 'base64url');
    return postgresSigningKeys(open.house.stores.database, aesGcm([{ id: 't1', key }]));
  };

  it('rotated: the next one signs at once, and old tokens still verify until their time is over', async () => {
    const before = await signIn(visitor(), quiz, { identifier: 'petrov2@example.test' });
    await expect(signingKeys().rotate('ES256')).rejects.toThrow(RotationTooEarly);
    await aged();
    await signingKeys().rotate('ES256');
    await open.house.gateway.refresh();

    const after = await signIn(visitor(), quiz, { identifier: 'petrov2@example.test' });
    expect(kidOf(after.tokens.id_token)).not.toBe(kidOf(before.tokens.id_token));
    const kids = await published();
    expect(kids).toContain(kidOf(before.tokens.id_token));
    expect(kids).toContain(kidOf(after.tokens.id_token));

    await open.house.stores.database.query(
      `update signing_key set state_since = now() - interval '31 days' where state = 'retired'`,
    );
    await open.house.gateway.refresh();
    expect(await published()).not.toContain(kidOf(before.tokens.id_token));
  });

  it('leaked: none of them is left, what they signed is refused, and whoever was in stays in', async () => {
    const person = visitor();
    const { tokens } = await signIn(person, quiz, { identifier: 'petrov2@example.test' });
    const offline = await tokensOf('ivanova@example.test');
    const leaked = await published();
    await aged();
    // Two who press at the same moment change them once.
    const pressed = await Promise.allSettled(
      [1, 2].map(() => signingKeys().replaceLeaked(['ES256', 'RS256'])),
    );
    expect(pressed.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await open.house.gateway.refresh();

    const kids = await published();
    expect(kids).toHaveLength(4);
    expect(kids.filter((kid) => leaked.includes(kid))).toEqual([]);
    const answer = await fetch(`${open.issuer}/jwks`);
    expect(answer.headers.get('cache-control')).toContain('no-store');

    const hint = { id_token_hint: tokens.id_token ?? '' };
    const leave = await person.request(`${open.issuer}/session/end?${new URLSearchParams(hint)}`);
    expect(leave.status).toBe(400);
    const { url } = await quiz.start({ ...hint, prompt: 'none' });
    const silent = await person.request(url);
    expect(silent.headers.get('location')).toContain('error=invalid_request');
    // The session is no token.
    const again = await quiz.start({ prompt: 'none' });
    const back = await person.follow(await person.request(again.url), quiz.isCallback);
    const after = await quiz.finish(back.url, again);
    expect(kids).toContain(kidOf(after.id_token));
    const refresh = { grant_type: 'refresh_token', refresh_token: offline.tokens.refresh_token ?? '' };
    expect((await tokenRequest(refresh)).status).toBe(200);

    await expect(signingKeys().replaceLeaked(['ES256', 'RS256'])).rejects.toThrow(ReplacedLately);
    await signingKeys().replaceLeaked(['ES256'], { again: true });
    await open.house.gateway.refresh();
    expect((await published()).filter((kid) => kids.includes(kid))).toHaveLength(2);
  });
});

async function tryRegister(metadata: object): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${open.issuer}/reg`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${INITIAL_ACCESS_TOKEN}` },
    body: JSON.stringify(metadata),
  });
  return { status: answer.status, body: await answer.json() };
}

async function register(metadata: object): Promise<string> {
  const { status, body } = await tryRegister(metadata);
  expect(status, JSON.stringify(body)).toBe(201);
  return (body as { client_id: string }).client_id;
}

async function machine(): Promise<[string, string]> {
  const secret = 'a secret of a machine, long enough to be one';
  await open.house.clients.save(
    {
      client_id: 'machine',
      client_secret: secret,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    },
    'test',
  );
  return ['machine', secret];
}
