/**
 * What is good for one use, used twenty times at once, with both stores 3 ms away (security.md §0, c1 #8, #25, #27, class
 * 24). Codes, refresh tokens and assertions are in tokens.test.ts; logout tokens where a portal is.
 */
import { createHash } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressOf } from '../../support/crowd.ts';
import { PASSWORD } from '../../support/house.ts';
import { type SlowLink, slowLink } from '../../support/slow-link.ts';
import { testStores } from '../../support/stores.ts';
import { type Page, type Visitor, visitor } from '../../support/visitor.ts';
import { asPortal, asThief, basic, errorOf, REDIRECT_URI, type Scene, scene, type Tokens } from './scene.ts';

const AT_ONCE = 20;
const MILLISECONDS = 3;
const SECRET = 'a secret of the machine, long enough';
const asMachine = basic('bound-machine', SECRET);
const asBound = basic('bound', SECRET);
const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';

let stage: Scene;
let links: SlowLink[];
let key: CryptoKey;
let jwk: JWK;

beforeAll(async () => {
  const { DATABASE_URL, REDIS_URL } = await testStores();
  links = await Promise.all([slowLink(DATABASE_URL, MILLISECONDS), slowLink(REDIS_URL, MILLISECONDS)]);
  stage = await scene({ DATABASE_URL: links[0]?.url ?? '', REDIS_URL: links[1]?.url ?? '' });
  const pair = await generateKeyPair('ES256', { extractable: true });
  key = pair.privateKey;
  jwk = await exportJWK(pair.publicKey);
  for (const client of [
    {
      client_id: 'bound-machine',
      client_secret: SECRET,
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
    },
    {
      client_id: 'bound',
      client_secret: SECRET,
      first_party: true,
      dpop_bound_access_tokens: true,
      redirect_uris: [REDIRECT_URI],
      scope: 'openid',
    },
    {
      client_id: 'kiosk',
      first_party: true,
      token_endpoint_auth_method: 'none',
      grant_types: [DEVICE, 'refresh_token'],
      response_types: [],
      redirect_uris: [],
      scope: 'openid',
    },
  ]) {
    await stage.open.house.clients.save(client, 'test');
  }
});
afterAll(async () => {
  await stage.close();
  await Promise.all(links.map((link) => link.close()));
});

const atOnce = <T>(ask: () => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: AT_ONCE }, ask));

/** RFC 9449 §4.2. */
const proof = (htm: string, path: string, token?: string): Promise<string> =>
  new SignJWT({
    htm,
    htu: `${stage.issuer}${path}`,
    jti: crypto.randomUUID(),
    iat: Math.floor(Date.now() / 1_000),
    ...(token !== undefined && { ath: createHash('sha256').update(token).digest('base64url') }),
  })
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
    .sign(key);

describe('a DPoP proof', () => {
  const machine = async (dpop: string) =>
    stage.post('/token', { grant_type: 'client_credentials' }, { ...asMachine, dpop });

  it('at the token endpoint: twenty at once buy one token, and one later none', async () => {
    const dpop = await proof('POST', '/token');
    const answers = await atOnce(() => machine(dpop));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    const again = await machine(dpop);
    expect(again.status).toBe(400);
    expect((await machine(await proof('POST', '/token'))).status).toBe(200);
  });

  it('where requests are pushed: twenty at once push one', async () => {
    const { url } = await stage.portal.start();
    const dpop = await proof('POST', '/request');
    const push = () => stage.post('/request', Object.fromEntries(url.searchParams), { ...asPortal, dpop });
    expect((await atOnce(push)).filter(({ ok }) => ok)).toHaveLength(1);
    expect((await push()).status).toBe(400);
  });

  it('at userinfo: twenty at once are told once; with another token or without ath, never', async () => {
    const bound = async () => {
      const code = await codeOf('bound', 1);
      const fields = {
        grant_type: 'authorization_code',
        code: code.code,
        redirect_uri: REDIRECT_URI,
        code_verifier: code.verifier,
      };
      const answer = await stage.post('/token', fields, { ...asBound, dpop: await proof('POST', '/token') });
      return ((await answer.json()) as Tokens).access_token;
    };
    const [mine, other] = [await bound(), await bound()];
    const me = (dpop: string, token = mine, scheme = 'DPoP') =>
      fetch(`${stage.issuer}/me`, { headers: { authorization: `${scheme} ${token}`, dpop } });
    const dpop = await proof('GET', '/me', mine);
    expect((await atOnce(() => me(dpop))).filter(({ ok }) => ok)).toHaveLength(1);
    for (const refused of [
      await me(dpop),
      await me(await proof('GET', '/me', other)),
      await me(await proof('GET', '/me')),
      await me(await proof('POST', '/me', mine)),
      await me(await proof('GET', '/me', mine), mine, 'Bearer'),
    ]) {
      expect([400, 401]).toContain(refused.status);
      expect(await refused.json()).not.toHaveProperty('sub');
    }
    expect((await me(await proof('GET', '/me', mine))).status).toBe(200);
  });
});

describe('a pushed request', () => {
  const pushed = async (): Promise<string> => {
    const { url } = await stage.portal.start();
    const answer = await stage.post('/request', Object.fromEntries(url.searchParams), asPortal);
    const { request_uri } = (await answer.json()) as { request_uri: string };
    return `${stage.issuer}/auth?${new URLSearchParams({ client_id: 'portal', request_uri })}`;
  };
  const hasCode = ({ headers }: Page) => (headers.get('location') ?? '').includes('code=');

  it('is good for one code, twenty at once in one browser', async () => {
    const { person } = await stage.arrive(2);
    const address = await pushed();
    const pages = await atOnce(() => person.request(address));
    expect(pages.filter(hasCode).length).toBeLessThanOrEqual(1);
    expect(hasCode(await person.request(address))).toBe(false);
  });

  it('is good for one code, in twenty browsers of twenty people', async () => {
    const people = await Promise.all([3, 4, 5, 6].map((number) => stage.arrive(number)));
    const address = await pushed();
    const pages = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, index) => people[index % people.length]?.person.request(address)),
    );
    expect(pages.filter((page) => page && hasCode(page)).length).toBeLessThanOrEqual(1);
  });
});

describe('a device code', () => {
  type Device = { device_code: string; user_code: string; verification_uri_complete: string };

  const begin = async (): Promise<Device> =>
    (await (await stage.post('/device/auth', { client_id: 'kiosk', scope: 'openid' })).json()) as Device;
  const poll = ({ device_code }: Device, client_id = 'kiosk') =>
    stage.post('/token', { grant_type: DEVICE, device_code, client_id });

  /** She signs in where she is asked, and says «yes» where she is asked. */
  async function approve(
    person: Visitor,
    { verification_uri_complete }: Device,
    number: number,
  ): Promise<void> {
    let page = await person.open(verification_uri_complete);
    for (let pages = 0; pages < 6; pages += 1) {
      if (page.html.querySelector('input[name=password]')) {
        const typed = { by: 'email', identifier: addressOf(number), password: PASSWORD };
        page = await person.follow(await person.submit(page, /\/password$/, typed));
      } else if (page.html.querySelector('input[name=confirm], button[name=confirm]')) {
        page = await person.follow(await person.submit(page, /device/, { confirm: 'yes' }));
      } else {
        return;
      }
    }
  }

  it('redeemed twenty times at once buys tokens once at most, and later never', async () => {
    const device = await begin();
    await approve(visitor(), device, 7);
    const answers = await atOnce(() => poll(device));
    const bought = answers.filter(({ ok }) => ok);
    // A loser may end the grant before the winner has written its tokens; then there is no winner.
    expect(bought.length).toBeLessThanOrEqual(1);
    const refused = await Promise.all(answers.filter(({ ok }) => !ok).map(errorOf));
    for (const error of refused) expect(error).toMatch(/^(invalid_grant|slow_down|authorization_pending)$/);
    expect((await poll(device)).status).toBe(400);
  });

  it('redeemed once is worth nothing more', async () => {
    const device = await begin();
    await approve(visitor(), device, 8);
    expect((await poll(device)).status).toBe(200);
    expect(await errorOf(await poll(device))).toMatch(/^(invalid_grant|slow_down)$/);
  });

  it('of another client, or never approved, buys nothing', async () => {
    const device = await begin();
    expect(await errorOf(await poll(device))).toBe('authorization_pending');
    for (const client of [
      await poll(device, 'single-page'),
      await stage.post('/token', { grant_type: DEVICE, device_code: device.device_code }, asThief),
    ]) {
      expect(client.status).toBeGreaterThanOrEqual(400);
    }
    expect(await errorOf(await poll({ ...device, device_code: device.user_code }))).toMatch(
      /^invalid_grant|slow_down$/,
    );
  });
});

/** A code of a client that needs proofs, for the person of that number. */
async function codeOf(clientId: string, number: number): Promise<{ code: string; verifier: string }> {
  const { person } = await stage.arrive(number);
  const { url, checks } = await stage.portal.start({ client_id: clientId });
  const page = await person.request(url);
  const code = new URL(page.headers.get('location') ?? '', stage.issuer).searchParams.get('code') ?? '';
  return { code, verifier: String(checks.pkceCodeVerifier) };
}
