/** The authorization endpoint under fire (security.md c1 #1–10, #21–22, #26–27, #32–33, #53). */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { exportSPKI, type JWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressOf } from '../../support/crowd.ts';
import { PASSWORD } from '../../support/house.ts';
import { relyingParty } from '../../support/relying-party.ts';
import { type Page, visitor } from '../../support/visitor.ts';
import { fillIn, toSignIn } from '../../support/walks.ts';
import {
  asOld,
  asPortal,
  asThief,
  errorOf,
  REDIRECT_URI,
  type Scene,
  scene,
  THIEF_SECRET,
  THIEF_URI,
  type Tokens,
} from './scene.ts';

let stage: Scene;
beforeAll(async () => {
  stage = await scene();
});
afterAll(() => stage.close());

type Changes = Record<string, string | null>;

/** An honest request but for the changes; null takes a parameter away. */
async function request(changes: Changes = {}): Promise<URL> {
  const { url } = await stage.portal.start();
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  return url;
}

/** The answer to it, by the browser of somebody unknown. */
const answerTo = async (changes: Changes): Promise<Page> => visitor().request(await request(changes));

const parametersOf = ({ headers }: Page) =>
  Object.fromEntries(new URL(headers.get('location') ?? '', stage.issuer).searchParams);

/** Refused on our own page; nothing leaves for an address that was not checked. */
function expectOwnPage(page: Page, what: string): void {
  expect(page.status, what).toBe(400);
  expect(page.headers.get('location'), what).toBeNull();
  expect(page.headers.get('content-type'), what).toMatch(/^text\/html/);
}

/** Refused by telling the relying party. */
function expectRedirect(page: Page, error: string | RegExp): void {
  expect(page.headers.get('location') ?? '').toMatch(/^https:\/\/portal\.example\.test\/callback\?/);
  expect(parametersOf(page)).toMatchObject({ error: expect.stringMatching(error), iss: stage.issuer });
  expect(parametersOf(page)).toHaveProperty('state');
}

describe('#1 redirect_uri', () => {
  const LOOKALIKES = [
    ...[
      'https://portal.example.test',
      'https://portal.example.test/',
      'https://portal.example.test/callback/',
    ],
    ...[
      'https://portal.example.test/callback?',
      'https://portal.example.test/callback?x=1',
      `${REDIRECT_URI}#`,
    ],
    ...[`${REDIRECT_URI}#x`, `${REDIRECT_URI}/../callback`, 'https://portal.example.test/x/../callback'],
    ...[
      'https://portal.example.test/./callback',
      'https://portal.example.test//callback',
      `${REDIRECT_URI}%20`,
    ],
    ...[
      'https://portal.example.test/Callback',
      'https://PORTAL.example.test/callback',
      'HTTPS://portal.example.test/callback',
    ],
    ...['https://portal.example.test:443/callback', 'https://portal.example.test:8443/callback'],
    ...[
      'http://portal.example.test/callback',
      'https://portal.example.test./callback',
      '//portal.example.test/callback',
    ],
    ...['https://portal.example.test@evil.test/callback', 'https://evil.test@portal.example.test/callback'],
    ...['https://a@b@portal.example.test/callback', 'https://portal.example.test:x@evil.test/callback'],
    ...['https://portal.example.test.evil.test/callback', 'https://evil.test/portal.example.test/callback'],
    ...[
      'https://evilportal.example.test/callback',
      'https://portal-example.test/callback',
      'https://portalXexample.test/callback',
    ],
    ...[
      'https://sub.portal.example.test/callback',
      'https://evil.test/callback?https://portal.example.test/callback',
    ],
    ...[
      'https://evil.test#https://portal.example.test/callback',
      'https://evil.test\\@portal.example.test/callback',
    ],
    ...[
      'https://portal.example.test\\.evil.test/callback',
      'https://portal.example.test/callback\\',
      'https:\\\\portal.example.test\\callback',
    ],
    ...[
      'https:/portal.example.test/callback',
      'https:portal.example.test/callback',
      'https://portal.example.test/..;/callback',
    ],
    ...[
      'https://portal.example.test/callback;x',
      'https://portal.example.test/%63allback',
      'https://portal.example.test/callback%00',
    ],
    ...[
      'https://portal.example.test/callback%0d%0aX: y',
      'https://portal.example.test/callback\n',
      ` ${REDIRECT_URI}`,
      `${REDIRECT_URI} `,
    ],
    ...[
      'https://portal。example.test/callback',
      'https://portal.example.test∕callback',
      'https://рortal.example.test/callback',
    ],
    ...[
      'javascript:alert(1)',
      'data:text/html,x',
      'https:///portal.example.test/callback',
      'https://[portal.example.test]/callback',
    ],
    ...[
      'null',
      'about:blank',
      'https://*.example.test/callback',
      `${REDIRECT_URI},https://evil.test`,
      `${REDIRECT_URI} https://evil.test`,
    ],
    ...[
      THIEF_SECRET,
      THIEF_URI,
      'https://127.0.0.1/callback',
      'urn:ietf:wg:oauth:2.0:oob',
      'https://portal.example.test/callback%2f',
      '',
    ],
  ];

  it.each([...new Set(LOOKALIKES)])('%j is another: it stays on our page', async (redirect_uri) => {
    expectOwnPage(await answerTo({ redirect_uri }), redirect_uri);
  });

  it.each<[string, string]>([
    ['an array', 'redirect_uri[]'],
    ['the first of an array', 'redirect_uri[0]'],
    ['an object', 'redirect_uri[x]'],
    ['in other letters', 'Redirect_URI'],
    ['in camel case', 'redirectUri'],
    ['with a space before', ' redirect_uri'],
    ['with a NUL after', 'redirect_uri\0'],
  ])('as %s counts for nothing', async (what, spelling) => {
    const url = await request({ redirect_uri: null });
    url.searchParams.append(spelling, REDIRECT_URI);
    expectOwnPage(await visitor().request(url), what);
  });

  it('of a native client has a free port, and nothing else is free', async () => {
    const start = (redirect_uri: string) =>
      answerTo({ client_id: 'desktop', redirect_uri, scope: 'openid' }).then(({ status }) => status);
    expect(await start('http://127.0.0.1/callback')).toBe(303);
    expect(await start('http://127.0.0.1:49152/callback')).toBe(303);
    expect(await start('ru.example.desktop:/callback')).toBe(303);
    for (const foreign of [
      ...[
        'http://127.0.0.1:49152/other',
        'http://127.0.0.1.evil.test/callback',
        'http://localhost:49152/callback',
      ],
      ...[
        'https://127.0.0.1:49152/callback',
        'http://127.0.0.1@evil.test/callback',
        'http://[::1]:49152/callback',
      ],
      ...['ru.example.desktop:/other', 'ru.example.desktop://callback', 'http://127.0.0.1:49152/callback?x'],
    ]) {
      expect(await start(foreign), foreign).toBe(400);
    }
  });
});

describe('#3 until client and redirect_uri are known to belong together', () => {
  it.each<[string, Changes]>([
    ['an unknown client', { client_id: 'nobody' }],
    ['no client', { client_id: null }],
    ['no redirect_uri, though there is but one', { redirect_uri: null }],
    ['another client’s redirect_uri', { client_id: 'thief' }],
    [
      'everything else wrong as well',
      { redirect_uri: 'https://evil.test/', response_type: 'x', scope: 'x', prompt: 'x' },
    ],
    ['an unknown client and prompt=none', { client_id: 'nobody', prompt: 'none' }],
    ['a foreign redirect_uri and prompt=none', { redirect_uri: 'https://evil.test/', prompt: 'none' }],
    [
      'a foreign redirect_uri and form_post',
      { redirect_uri: 'https://evil.test/', response_mode: 'form_post' },
    ],
    [
      'a foreign redirect_uri and fragment',
      { redirect_uri: 'https://evil.test/', response_mode: 'fragment' },
    ],
  ])('%s stays on our page', async (what, changes) => {
    expectOwnPage(await answerTo(changes), what);
  });
});

describe('#4 a POST', () => {
  it('is answered by 303, so that no browser sends a password on', async () => {
    const person = visitor();
    const { page } = await toSignIn(person, stage.portal);
    const answer = await person.submit(page, /\/password$/, {
      by: 'email',
      identifier: addressOf(1),
      password: PASSWORD,
    });
    expect(answer.status).toBe(303);
    const arrived = await person.request(new URL(answer.headers.get('location') ?? '', stage.issuer));
    expect(arrived.status).toBe(303);
  });
});

describe('#5 PKCE', () => {
  it.each<[string, Changes]>([
    ['missing', { code_challenge: null, code_challenge_method: null }],
    ['plain', { code_challenge: 'x'.repeat(43), code_challenge_method: 'plain' }],
    ['plain by silence', { code_challenge: 'x'.repeat(43), code_challenge_method: null }],
    ['a method without a challenge', { code_challenge: null }],
    ['an unknown method', { code_challenge_method: 'S512' }],
    ['a method in lower case', { code_challenge_method: 's256' }],
    ['too short', { code_challenge: 'x'.repeat(42) }],
    ['too long', { code_challenge: 'x'.repeat(129) }],
    ['not base64url', { code_challenge: `${'x'.repeat(42)}+` }],
    ['empty', { code_challenge: '' }],
  ])('%s: refused', async (_what, changes) => {
    expectRedirect(await answerTo(changes), 'invalid_request');
  });

  it.each<[string, string | undefined]>([
    ['no verifier', undefined],
    ['an empty one', ''],
    ['another’s', randomBytes(32).toString('base64url')],
    ['the challenge itself', 'challenge'],
    ['one of a wrong length', 'short'],
  ])('a code with %s is worth nothing', async (_what, verifier) => {
    const arrival = await stage.arrive(2);
    const challenge = arrival.started.url.searchParams.get('code_challenge') ?? '';
    const fields = {
      grant_type: 'authorization_code',
      code: arrival.code,
      redirect_uri: REDIRECT_URI,
      ...(verifier !== undefined && { code_verifier: verifier === 'challenge' ? challenge : verifier }),
    };
    const answer = await stage.post('/token', fields, asPortal);
    expect(answer.status).toBe(400);
    expect(await errorOf(answer)).toMatch(/^invalid_(grant|request)$/);
  });

  it('a verifier without a challenge is refused, too (downgrade)', async () => {
    const old = await relyingParty({
      issuer: stage.issuer,
      clientId: 'old',
      secret: 'unused',
      redirectUri: 'https://old.example.test/callback',
    });
    const codeWithoutChallenge = async () => {
      const person = visitor();
      const { url } = await old.start();
      for (const name of ['code_challenge', 'code_challenge_method']) url.searchParams.delete(name);
      const arrived = await fillIn(person, old, await person.open(url), { identifier: addressOf(2) });
      return arrived.url.searchParams.get('code') ?? '';
    };
    const redeem = async (code: string, more: Record<string, string>) =>
      stage.post(
        '/token',
        { grant_type: 'authorization_code', code, redirect_uri: old.redirectUri, ...more },
        asOld,
      );
    const plain = await redeem(await codeWithoutChallenge(), {});
    expect(plain.status).toBe(200);
    const downgraded = await redeem(await codeWithoutChallenge(), { code_verifier: 'v'.repeat(43) });
    expect([downgraded.status, await errorOf(downgraded)]).toEqual([400, 'invalid_grant']);
  });

  it('is announced', () => {
    expect(stage.portal.config.serverMetadata().code_challenge_methods_supported).toEqual(['S256']);
  });
});

describe('#6 response and grant types', () => {
  it.each([
    'token',
    'id_token',
    'code token',
    'code id_token',
    'code id_token token',
    'id_token token',
    'none',
    'x',
    '',
  ])('response_type «%s» is refused', async (response_type) => {
    const page = await answerTo({ response_type, response_mode: 'query' });
    expect(parametersOf(page).error).toMatch(
      /^(unsupported_response_type|unauthorized_client|invalid_request)$/,
    );
    for (const secret of ['code', 'access_token', 'id_token'])
      expect(parametersOf(page)).not.toHaveProperty(secret);
  });

  it.each([
    'password',
    'implicit',
    'urn:ietf:params:oauth:grant-type:jwt-bearer',
    'x',
    '',
    'Authorization_code',
  ])('grant_type «%s» is refused', async (grant_type) => {
    const fields = { grant_type, username: addressOf(1), password: 'x', assertion: 'x' };
    const answer = await stage.post('/token', fields, asPortal);
    expect(answer.status).toBe(400);
    expect(await errorOf(answer)).toMatch(/^(unsupported_grant_type|invalid_request)$/);
  });
});

describe('#7 iss', () => {
  it('is in every answer, good and bad', async () => {
    const { callback } = await stage.arrive(1);
    expect(callback.searchParams.get('iss')).toBe(stage.issuer);
    expectRedirect(await answerTo({ prompt: 'none' }), 'login_required');
    expectRedirect(await answerTo({ scope: 'profile' }), /invalid_(scope|request)/);
  });
});

describe('#10 class 9 a code', () => {
  it('of another client is worth nothing, and lost', async () => {
    const arrival = await stage.arrive(3);
    const stolen = await stage.redeem(arrival, {}, asThief);
    expect([stolen.status, await errorOf(stolen)]).toEqual([400, 'invalid_grant']);
    const withOwnUri = await stage.redeem(arrival, { redirect_uri: THIEF_URI }, asThief);
    expect(withOwnUri.status).toBe(400);
    const pretended = await stage.redeem(arrival, { client_id: 'portal' }, asThief);
    expect(pretended.status).toBeGreaterThanOrEqual(400);
    const unproved = await stage.redeem(arrival, { client_id: 'portal' }, {});
    expect(unproved.status).toBeGreaterThanOrEqual(400);
    const asPublic = await stage.redeem(arrival, { client_id: 'single-page' }, {});
    expect(asPublic.status).toBe(400);
  });

  it.each([`${REDIRECT_URI}/`, THIEF_URI, '', 'https://portal.example.test/Callback'])(
    'with redirect_uri «%s» is worth nothing',
    async (redirect_uri) => {
      const answer = await stage.redeem(await stage.arrive(3), { redirect_uri });
      expect(answer.status).toBe(400);
      expect(await errorOf(answer)).toMatch(/^invalid_(grant|request)$/);
    },
  );
});

describe('#53 class 21 a parameter that comes twice', () => {
  it('is refused in our own forms', async () => {
    const person = visitor();
    const { page } = await toSignIn(person, stage.portal);
    const form = page.html.querySelector('form[action$=password]');
    const csrf = form?.querySelector('input[name=csrf]')?.getAttribute('value') ?? '';
    for (const more of ['identifier=b@example.test', 'identifier[]=b', 'password=x', 'by=email', 'admin=1']) {
      const answer = await person.request(new URL(form?.getAttribute('action') ?? '', page.url), {
        method: 'POST',
        headers: { origin: stage.issuer, 'content-type': 'application/x-www-form-urlencoded' },
        body: `${new URLSearchParams({ csrf, by: 'email', identifier: addressOf(1), password: 'x' })}&${more}`,
      });
      expect(answer.status, more).toBe(400);
    }
  });
});

describe('#21 #22 what a client was not given', () => {
  it('no grant type but its own', async () => {
    const refresh = await stage.post('/token', { grant_type: 'refresh_token', refresh_token: 'x' }, asOld);
    expect(await errorOf(refresh)).toMatch(/^(unauthorized_client|invalid_request)$/);
    const machine = await stage.post('/token', { grant_type: 'client_credentials' }, asPortal);
    expect(await errorOf(machine)).toMatch(/^(unauthorized_client|invalid_request)$/);
  });

  it.each(['openid ticket', 'openid membership org', 'openid region', 'openid email'])(
    'no scope but its own: «%s»',
    async (scope) => {
      const page = await answerTo({
        client_id: 'single-page',
        redirect_uri: 'https://single.example.test/callback',
        scope,
      });
      expect(parametersOf(page).error).toBe('invalid_scope');
    },
  );

  it('an unknown scope is not granted', async () => {
    const tokens = await stage.tokensOf(1, { scope: 'openid nonsense' });
    expect((tokens as Tokens & { scope: string }).scope).toBe('openid');
  });
});

describe('#26 #27 hints and request objects', () => {
  const signed = (alg: 'HS256', key: Uint8Array, claims: Record<string, unknown>) =>
    new SignJWT(claims).setProtectedHeader({ alg }).setIssuedAt().setExpirationTime('5m').sign(key);
  const unsigned = (claims: Record<string, unknown>) =>
    [{ alg: 'none' }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.')
      .concat('.');

  it('an id_token_hint of somebody else never yields a code', async () => {
    const mine = await stage.arrive(5);
    const { id_token } = await stage.tokensOf(6);
    for (const prompt of ['none', undefined]) {
      const page = await mine.person.request(
        await request({ id_token_hint: id_token, prompt: prompt ?? null }),
      );
      expect(parametersOf(page)).not.toHaveProperty('code');
      if (prompt) expectRedirect(page, 'login_required');
    }
  });

  it('a forged id_token_hint is refused: alg none, a symmetric key, our public key as one', async () => {
    const mine = await stage.arrive(5);
    const { id_token } = await stage.tokensOf(5);
    const claims = JSON.parse(Buffer.from(id_token.split('.')[1] ?? '', 'base64url').toString()) as Record<
      string,
      unknown
    >;
    const { keys } = (await (await fetch(`${stage.issuer}/jwks`)).json()) as {
      keys: (JWK & { alg: string })[];
    };
    const key = keys.find(({ alg }) => alg === 'RS256') as JWK;
    const spki = await exportSPKI(
      await crypto.subtle.importKey('jwk', key, { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, true, [
        'verify',
      ]),
    );
    const [header, , signature] = id_token.split('.');
    const forged = {
      unsigned: unsigned(claims),
      'signed by the public key': await signed('HS256', Buffer.from(spki), claims),
      'signed by the key as published': await signed('HS256', Buffer.from(JSON.stringify(key)), claims),
      'signed by nothing much': await signed('HS256', Buffer.from('0'.repeat(32)), claims),
      'another’s claims under a true signature': `${header}.${Buffer.from(JSON.stringify({ ...claims, sub: 'x' })).toString('base64url')}.${signature}`,
      'no JWT at all': 'x',
      truncated: id_token.slice(0, -2),
    };
    for (const [what, hint] of Object.entries(forged)) {
      const page = await mine.person.request(await request({ id_token_hint: hint, prompt: 'none' }));
      expect(parametersOf(page), what).not.toHaveProperty('code');
      expect(parametersOf(page).error, what).toBe('invalid_request');
      const signOut = await mine.person.request(
        `${stage.issuer}/session/end?${new URLSearchParams({ id_token_hint: hint, post_logout_redirect_uri: 'https://portal.example.test/' })}`,
      );
      expect(signOut.status, what).toBe(400);
    }
  });

  it.each<[string, Changes]>([
    ['request', { request: unsigned({ redirect_uri: 'https://evil.test/', client_id: 'portal' }) }],
    ['request_uri of the web', { request_uri: 'https://evil.test/request.jwt' }],
    ['request_uri of this machine', { request_uri: 'http://127.0.0.1:1/' }],
    ['an unknown pushed request', { request_uri: 'urn:ietf:params:oauth:request_uri:unknown' }],
    ['registration', { registration: '{}' }],
  ])('%s is refused', async (_what, changes) => {
    const page = await answerTo(changes);
    const error = parametersOf(page).error ?? page.body;
    expect(error).toMatch(/not_supported|invalid_request/);
    expect(page.headers.get('location') ?? '').not.toContain('evil');
  });

  it('a pushed request is of one client and for one use', async () => {
    const { url } = await stage.portal.start();
    const pushed = await stage.post('/request', Object.fromEntries(url.searchParams), asPortal);
    const { request_uri } = (await pushed.json()) as { request_uri: string };
    const asked = (client_id: string) =>
      `${stage.issuer}/auth?${new URLSearchParams({ client_id, request_uri })}`;
    expectOwnPage(await visitor().request(asked('thief')), 'another client');
    const { person } = await stage.arrive(4);
    const used = await person.request(asked('portal'));
    expect(parametersOf(used)).toHaveProperty('code');
    const again = await person.request(asked('portal'));
    expect(parametersOf(again)).not.toHaveProperty('code');
  });
});

describe('#32 #33 prompts', () => {
  it('prompt=none never shows a page', async () => {
    for (const more of [
      {},
      { login_hint: addressOf(1) },
      { max_age: '0' },
      { acr_values: 'urn:opo:loa:3' },
    ]) {
      expectRedirect(await answerTo({ prompt: 'none', ...more }), 'login_required');
    }
    const { person } = await stage.arrive(1);
    const thief = new URL(
      await request({ client_id: 'thief', redirect_uri: THIEF_URI, scope: 'openid', prompt: 'none' }),
    );
    expect(parametersOf(await person.request(thief)).error).toBe('consent_required');
    const mixed = await person.request(await request({ prompt: 'none login' }));
    expect(parametersOf(mixed).error).toBe('invalid_request');
  });

  it.each([{ prompt: 'login' }, { max_age: '0' }])('%j asks again and says when', async (change) => {
    const { person } = await stage.arrive(7);
    const page = await person.open(await request(change));
    expect(page.html.querySelector('input[name=password]')).not.toBeNull();
  });

  it('auth_time is that of the sign-in, however long the person thinks about her consent', async () => {
    const thief = await relyingParty({
      issuer: stage.issuer,
      clientId: 'thief',
      secret: THIEF_SECRET,
      redirectUri: THIEF_URI,
    });
    const person = visitor();
    const { started, page } = await toSignIn(person, thief);
    const asked = await fillIn(person, thief, page, { identifier: addressOf(7) });
    const signedInBy = Math.ceil(Date.now() / 1_000);
    await sleep(2_100);
    const { url } = await person.follow(await person.submit(asked, /\/consent$/), thief.isCallback);
    const tokens = await thief.finish(url, started);
    expect(tokens.claims()?.auth_time).toBeLessThanOrEqual(signedInBy);
  });

  it('max_age is kept: auth_time is that of the sign-in', async () => {
    const before = Math.floor(Date.now() / 1_000);
    const { id_token } = await stage.tokensOf(7, { max_age: '100' });
    const { auth_time } = JSON.parse(Buffer.from(id_token.split('.')[1] ?? '', 'base64url').toString()) as {
      auth_time: number;
    };
    expect(auth_time).toBeGreaterThanOrEqual(before - 1);
    expect(auth_time).toBeLessThanOrEqual(Date.now() / 1_000 + 1);
  });
});

describe('#54 the token endpoint', () => {
  it('reads the body only, and forms only', async () => {
    const arrival = await stage.arrive(8);
    const fields = {
      grant_type: 'authorization_code',
      code: arrival.code,
      redirect_uri: REDIRECT_URI,
      code_verifier: String(arrival.started.checks.pkceCodeVerifier),
    };
    const inQuery = await stage.post(`/token?${new URLSearchParams(fields)}`, {}, asPortal);
    expect(inQuery.status).toBe(400);
    const asJson = await fetch(`${stage.issuer}/token`, {
      method: 'POST',
      headers: { ...asPortal, 'content-type': 'application/json' },
      body: JSON.stringify(fields),
    });
    expect(asJson.status).toBe(400);
    const byGet = await fetch(`${stage.issuer}/token?${new URLSearchParams(fields)}`, { headers: asPortal });
    expect([404, 405]).toContain(byGet.status);
    expect((await stage.redeem(arrival)).status).toBe(200);
  });
});
