/**
 * Codes, tokens and client authentication under fire, with both stores 3 ms away: without latency no race shows
 * (security.md §0, c1 #8, #11, #16–20, #23, #25, classes 15, 24, 32).
 */

import { Redis } from 'ioredis';
import { type CryptoKey, exportJWK, type GenerateKeyPairResult, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SlowLink, slowLink } from '../../support/slow-link.ts';
import { testStores } from '../../support/stores.ts';
import { asPortal, asThief, basic, errorOf, type Scene, scene, type Tokens } from './scene.ts';

const MILLISECONDS = 3;
const AT_ONCE = 20;

let stage: Scene;
let links: SlowLink[];
let redis: Redis;
let assertionKeys: GenerateKeyPairResult;

beforeAll(async () => {
  const { DATABASE_URL, REDIS_URL } = await testStores();
  links = await Promise.all([slowLink(DATABASE_URL, MILLISECONDS), slowLink(REDIS_URL, MILLISECONDS)]);
  redis = new Redis(REDIS_URL);
  stage = await scene({ DATABASE_URL: links[0]?.url ?? '', REDIS_URL: links[1]?.url ?? '' });
  assertionKeys = await generateKeyPair('ES256', { extractable: true });
  await stage.open.house.clients.save(
    {
      client_id: 'machine',
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [{ ...(await exportJWK(assertionKeys.publicKey)), alg: 'ES256', use: 'sig', kid: 'm' }] },
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    },
    'test',
  );
});
afterAll(async () => {
  await stage.close();
  redis.disconnect();
  await Promise.all(links.map((link) => link.close()));
});

const userinfo = (token: string) =>
  fetch(`${stage.issuer}/me`, { headers: { authorization: `Bearer ${token}` } });
/** A repeat may be asked to wait for the answer of the first. */
const refresh = (token: string, headers = asPortal) =>
  stage.post('/token', { grant_type: 'refresh_token', refresh_token: token }, headers);
const revoke = (token: string, headers = asPortal) => stage.post('/token/revocation', { token }, headers);
const introspect = async (token: string, headers = asPortal) =>
  (await (await stage.post('/token/introspection', { token }, headers)).json()) as { active: boolean };

async function expectDead({ access_token, refresh_token }: Tokens): Promise<void> {
  expect((await userinfo(access_token)).status).toBe(401);
  expect((await introspect(access_token)).active).toBe(false);
  expect(await errorOf(await refresh(refresh_token))).toBe('invalid_grant');
}

describe('#8 a code', () => {
  it('redeemed twenty times at once buys tokens once at most, and then nothing at all', async () => {
    for (let round = 0; round < 3; round += 1) {
      const arrival = await stage.arrive(1);
      const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => stage.redeem(arrival)));
      // A loser may end the grant before the winner has written its tokens; then there is no winner.
      const bought = answers.filter(({ ok }) => ok);
      expect(bought.length).toBeLessThanOrEqual(1);
      const refused = answers.filter(({ ok }) => !ok);
      expect(new Set(await Promise.all(refused.map(errorOf)))).toEqual(new Set(['invalid_grant']));
      for (const answer of bought) await expectDead((await answer.json()) as Tokens);
    }
  });

  it('redeemed again later ends what it bought', async () => {
    const arrival = await stage.arrive(1);
    const tokens = (await (await stage.redeem(arrival)).json()) as Tokens;
    expect((await userinfo(tokens.access_token)).status).toBe(200);
    const successor = (await (await refresh(tokens.refresh_token)).json()) as Tokens;
    expect(await errorOf(await stage.redeem(arrival))).toBe('invalid_grant');
    await expectDead(tokens);
    await expectDead(successor);
  });
});

describe('#11 class 24 a refresh token', () => {
  it('used twenty times at once has one successor', async () => {
    const { refresh_token } = await stage.tokensOf(2);
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => refresh(refresh_token)));
    const bodies = (await Promise.all(
      answers.filter(({ ok }) => ok).map((answer) => answer.json()),
    )) as Tokens[];
    expect(bodies.length).toBeGreaterThan(0);
    expect(new Set(bodies.map((body) => body.refresh_token)).size).toBe(1);
    expect(new Set(bodies.map((body) => body.access_token)).size).toBe(1);
    expect(bodies[0]?.refresh_token).not.toBe(refresh_token);
    expect((await refresh(bodies[0]?.refresh_token ?? '')).status).toBe(200);
  });

  it('used again after the leeway ends the family, twenty at once or one', async () => {
    const family = await stage.tokensOf(2);
    const successor = (await (await refresh(family.refresh_token)).json()) as Tokens;
    const storage = stage.open.house.stores.storage('RefreshToken');
    const used = await storage.find(family.refresh_token);
    expect(used?.consumed).toBeTypeOf('number');
    const aMinuteAgo = Math.floor(Date.now() / 1_000) - 60;
    await storage.upsert(family.refresh_token, { ...used, consumed: aMinuteAgo }, 600);
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => refresh(family.refresh_token)));
    expect(answers.filter(({ ok }) => ok)).toEqual([]);
    await expectDead(successor);
  });

  it('racing its own revocation leaves nothing alive', async () => {
    for (let round = 0; round < 2; round += 1) {
      const family = await stage.tokensOf(3);
      const [, ...answers] = await Promise.all([
        revoke(family.refresh_token),
        ...Array.from({ length: 4 }, () => refresh(family.refresh_token)),
      ]);
      await expectDead(family);
      for (const answer of answers.filter(({ ok }) => ok)) await expectDead((await answer.json()) as Tokens);
    }
  });

  it('of another client is worth nothing, and does not die of the try', async () => {
    const { refresh_token } = await stage.tokensOf(3);
    expect(await errorOf(await refresh(refresh_token, asThief))).toBe('invalid_grant');
    expect((await refresh(refresh_token)).status).toBe(200);
  });

  it('cannot ask for more than was granted', async () => {
    const { refresh_token } = await stage.tokensOf(3, { scope: 'openid' });
    const wider = await stage.post(
      '/token',
      { grant_type: 'refresh_token', refresh_token, scope: 'openid profile' },
      asPortal,
    );
    expect(await errorOf(wider)).toBe('invalid_scope');
  });
});

describe('#16 #17 revocation and introspection', () => {
  it('are for the owner alone', async () => {
    const tokens = await stage.tokensOf(4);
    for (const token of [tokens.access_token, tokens.refresh_token]) {
      await revoke(token, asThief);
      expect((await introspect(token, asThief)).active).toBe(false);
      expect((await introspect(token)).active).toBe(true);
    }
    expect((await userinfo(tokens.access_token)).status).toBe(200);
  });

  it('revoking a refresh token ends the whole grant; again is no error; unknown is none', async () => {
    const tokens = await stage.tokensOf(4);
    expect((await revoke(tokens.refresh_token)).status).toBe(200);
    await expectDead(tokens);
    expect((await revoke(tokens.refresh_token)).status).toBe(200);
    expect((await revoke('unknown')).status).toBe(200);
  });

  it('tell a public client nothing', async () => {
    const { access_token } = await stage.tokensOf(4);
    const answer = await stage.post('/token/introspection', {
      token: access_token,
      client_id: 'single-page',
    });
    expect(JSON.stringify(await answer.json())).not.toContain('portal');
  });
});

describe('#19 #20 a token', () => {
  it('in the address of userinfo is refused', async () => {
    const { access_token } = await stage.tokensOf(5);
    expect((await fetch(`${stage.issuer}/me?access_token=${access_token}`)).status).toBe(400);
    const both = await fetch(`${stage.issuer}/me?access_token=${access_token}`, {
      headers: { authorization: `Bearer ${access_token}` },
    });
    expect(both.status).toBe(400);
    expect((await fetch(`${stage.issuer}/me`)).headers.get('www-authenticate')).toMatch(/^Bearer/);
  });

  it('is answered without a cookie and never cached', async () => {
    const tokens = await stage.tokensOf(5);
    for (const answer of [
      await refresh(tokens.refresh_token),
      await refresh('unknown'),
      await userinfo(tokens.access_token),
      await stage.post('/token/introspection', { token: tokens.access_token }, asPortal),
      await revoke(tokens.access_token),
      await stage.post('/request', {}, asPortal),
    ]) {
      expect(answer.headers.getSetCookie()).toEqual([]);
      expect(answer.headers.get('cache-control')).toMatch(/no-store/);
    }
  });

  it('#18 lives ten minutes at most', async () => {
    expect((await stage.tokensOf(5)).expires_in).toBeLessThanOrEqual(600);
  });
});

describe('class 32 a token that is nearly one', () => {
  const variants = (token: string) => [
    ...[
      token.slice(0, -1),
      token.slice(1),
      token.slice(0, 20),
      `${token}x`,
      `x${token}`,
      `${token}=`,
      `${token} `,
    ],
    ...[token.toUpperCase(), token.toLowerCase(), swapCase(token), `${token}\0`, `#${token}`, `${token}%00`],
    ...[
      token.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
      token.split('').reverse().join(''),
      '',
      '*',
    ],
  ];

  it('opens nothing: cut, longer, in other letters', async () => {
    const { access_token, refresh_token } = await stage.tokensOf(6);
    for (const token of variants(access_token).filter((token) => token.trim() !== access_token)) {
      expect((await introspect(token)).active ?? false, token).toBe(false);
      const header = `Bearer ${token.replace(/\0/g, '')}`;
      if (header.trim() === `Bearer ${access_token}`) continue;
      const { status } = await fetch(`${stage.issuer}/me`, { headers: { authorization: header } });
      expect([400, 401], token).toContain(status);
    }
    for (const token of variants(refresh_token)) {
      const answer = await refresh(token);
      expect(answer.status, token).toBe(400);
    }
    expect((await refresh(refresh_token)).status).toBe(200);
  });

  it('a digest from the store is no token', async () => {
    const { access_token } = await stage.tokensOf(6);
    const keys = await redis.keys('*AccessToken*');
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys.slice(0, 20)) {
      const digest = key.split(':').at(-1) ?? '';
      for (const token of [digest, `#${digest}`, key]) expect((await introspect(token)).active).toBe(false);
    }
    expect((await introspect(access_token)).active).toBe(true);
  });
});

describe('class 15 whoever reads the stores', () => {
  it('finds no session, code or token that could be used', async () => {
    const arrival = await stage.arrive(7);
    const tokens = (await (await stage.redeem(arrival)).json()) as Tokens;
    const session = (await arrival.person.jar.getCookies(stage.issuer)).find(({ key }) => key === 'session');
    const secrets = [arrival.code, tokens.access_token, tokens.refresh_token, session?.value ?? 'no session'];
    const keys = await redis.keys('*');
    const values = await Promise.all(
      keys.map(async (key) =>
        (await redis.type(key)) === 'string' ? redis.getBuffer(key) : redis.zrange(key, '0', '-1'),
      ),
    );
    const tables = await stage.open.house.stores.database.query<{ row: string }>(
      ['artefact', 'passing_artefact', 'account_session', 'account_grant', 'audit', 'client']
        .map((table) => `select to_jsonb(t)::text as row from ${table} t`)
        .join(' union all '),
    );
    const everything = [...keys, ...values.map(String), ...tables.map(({ row }) => row)].join('\n');
    expect(everything.length).toBeGreaterThan(5_000);
    for (const secret of secrets) expect(everything).not.toContain(secret);
    expect(everything).not.toContain('a secret of the portal');
    expect(stage.open.logged()).not.toContain(tokens.access_token);
  });
});

describe('#23 a client that should prove itself', () => {
  const wrong: Record<string, Record<string, string>> = {
    'no secret': {},
    'a wrong secret': basic('portal', 'a wrong secret that is long enough'),
    'an empty secret': basic('portal', ''),
    'a secret in other letters': basic('portal', 'A SECRET OF THE PORTAL, LONG ENOUGH'),
    'another’s secret': basic('portal', 'a secret of the thief, long enough'),
    'an unknown client': basic('nobody', 'a secret of the portal, long enough'),
    'no base64': { authorization: 'Basic %%%' },
    'no colon': { authorization: `Basic ${btoa('portal')}` },
    'another scheme': { authorization: 'Digest username="portal"' },
  };

  it.each(Object.keys(wrong))('%s is refused at every door', async (what) => {
    for (const path of ['/token', '/token/introspection', '/token/revocation', '/request']) {
      const fields = {
        grant_type: 'refresh_token',
        refresh_token: 'x',
        token: 'x',
        response_type: 'code',
        ...(what === 'no secret' && { client_id: 'portal' }),
      };
      const answer = await stage.post(path, fields, wrong[what]);
      expect([400, 401], path).toContain(answer.status);
      expect(await errorOf(answer), path).toMatch(/^invalid_(client|request)$/);
    }
  });

  it('two ways at once are refused', async () => {
    const answer = await stage.post(
      '/token',
      { grant_type: 'refresh_token', refresh_token: 'x', client_id: 'portal', client_secret: 'a secret' },
      asPortal,
    );
    expect(answer.status).toBe(400);
  });
});

describe('#25 §0 an assertion', () => {
  const now = () => Math.floor(Date.now() / 1_000);
  const claims = () => ({
    iss: 'machine',
    sub: 'machine',
    aud: stage.issuer as unknown,
    jti: crypto.randomUUID(),
    iat: now() as number | undefined,
    exp: (now() + 60) as number | undefined,
  });
  const sign = (payload: object, key: CryptoKey = assertionKeys.privateKey, header: object = {}) =>
    new SignJWT(payload as Record<string, unknown>)
      .setProtectedHeader({ alg: 'ES256', kid: 'm', ...header })
      .sign(key);
  const present = (client_assertion: string, more: Record<string, string> = {}) =>
    stage.post('/token', {
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion,
      ...more,
    });
  const refused = async (assertion: string, more?: Record<string, string>) => {
    const answer = await present(assertion, more);
    expect([400, 401]).toContain(answer.status);
    expect(await errorOf(answer)).toMatch(/^invalid_(client|request)$/);
  };

  it('as it should be is accepted', async () => {
    expect((await present(await sign(claims()))).status).toBe(200);
  });

  it.each<[string, (honest: ReturnType<typeof claims>) => object]>([
    ['for the token endpoint', (honest) => ({ ...honest, aud: `${stage.issuer}/token` })],
    ['for a list', (honest) => ({ ...honest, aud: [stage.issuer] })],
    ['for several', (honest) => ({ ...honest, aud: [stage.issuer, 'https://evil.test'] })],
    ['for the issuer and a slash', (honest) => ({ ...honest, aud: `${stage.issuer}/` })],
    ['for another', (honest) => ({ ...honest, aud: 'https://evil.test' })],
    ['for nobody', ({ aud: _, ...honest }) => honest],
    ['for ten years', (honest) => ({ ...honest, exp: now() + 10 * 365 * 24 * 3_600 })],
    ['for six minutes', (honest) => ({ ...honest, exp: now() + 360 })],
    [
      'for six minutes, pretending to come later',
      (honest) => ({ ...honest, iat: now() + 300, exp: now() + 600 }),
    ],
    ['without an issue date, for ten minutes', ({ iat: _, ...honest }) => ({ ...honest, exp: now() + 600 })],
    ['without an end', ({ exp: _, ...honest }) => honest],
    ['of yesterday', (honest) => ({ ...honest, iat: now() - 90_000, exp: now() - 89_000 })],
    ['of tomorrow', (honest) => ({ ...honest, nbf: now() + 90_000 })],
    ['without jti', ({ jti: _, ...honest }) => honest],
    ['by another client', (honest) => ({ ...honest, iss: 'portal', sub: 'portal' })],
    ['about another client', (honest) => ({ ...honest, sub: 'portal' })],
    ['from another issuer', (honest) => ({ ...honest, iss: 'portal' })],
  ])('%s is refused', async (_what, change) => {
    await refused(await sign(change(claims())));
  });

  it('presented twice is refused; twenty at once get in once', async () => {
    const assertion = await sign(claims());
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => present(assertion)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    await refused(assertion);
  });

  it('of somebody else’s name beside it is refused', async () => {
    await refused('x');
    await refused(await sign(claims()), { client_id: 'portal' });
  });
});

function swapCase(text: string): string {
  return text.replace(/[a-z]/gi, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  );
}
