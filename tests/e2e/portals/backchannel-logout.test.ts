/** Logout that arrives without a browser: what is obeyed, and what is refused. */
import { createHmac } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Page, Visitor } from '../../support/visitor.ts';
import { heading, MARIA, type OpenPortal, openPortal, signedIn } from './open-portal.ts';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

let portal: OpenPortal;
let who: Visitor;
let home: Page;

beforeAll(async () => {
  portal = await openPortal('dictation');
});
afterAll(() => portal.stop());
beforeEach(async () => {
  ({ who, page: home } = await signedIn(portal));
});

const seconds = () => Math.floor(Date.now() / 1_000);
let serial = 0;
const claims = (over: JWTPayload = {}): JWTPayload => ({
  iss: portal.op.issuer,
  aud: 'dictation',
  iat: seconds(),
  exp: seconds() + 120,
  jti: `token-${serial++}`,
  sub: MARIA.sub,
  events: { [EVENT]: {} },
  ...over,
});

const deliver = (token: string, contentType = 'application/x-www-form-urlencoded') =>
  fetch(`${portal.url}/backchannel-logout`, {
    method: 'POST',
    headers: { 'content-type': contentType, connection: 'close' },
    body: new URLSearchParams({ logout_token: token }).toString(),
  });

const isSignedIn = async () => heading(await who.open(portal.url)).includes('Мария');

test('the provider’s «выйти везде» ends the session here', async () => {
  expect(await isSignedIn()).toBe(true);
  // Another party of hers sends her there; this portal is told by the provider alone.
  const asked = await who.open(`${portal.op.issuer}/session/end`);
  await who.submit(asked, /confirm/, { logout: 'yes' });
  await expect.poll(isSignedIn).toBe(false);
});

describe('a good token', () => {
  test('by sub ends all sessions of the person', async () => {
    const other = await signedIn(portal);
    const response = await deliver(await portal.op.signLogoutToken(claims()));
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await isSignedIn()).toBe(false);
    expect((await other.who.open(portal.url)).body).toContain('Принять участие');
  });

  test('by sid ends that session alone', async () => {
    const other = await signedIn(portal);
    const leaving = await who.submit(home, /sign-out/);
    const hint = new URL(leaving.headers.get('location')!).searchParams.get('id_token_hint')!;
    const { sid } = JSON.parse(Buffer.from(hint.split('.')[1]!, 'base64url').toString()) as { sid: string };
    await who.open(`${portal.url}/sign-in`);
    expect(await isSignedIn()).toBe(true);
    const { sub: _, ...bySid } = claims({ sid });
    expect((await deliver(await portal.op.signLogoutToken(bySid))).status).toBe(200);
    expect(await isSignedIn()).toBe(false);
    expect(heading(await other.who.open(portal.url))).toContain('Мария');
  });

  test('about somebody who is not here is obeyed, too', async () => {
    expect((await deliver(await portal.op.signLogoutToken(claims({ sub: 'nobody' })))).status).toBe(200);
    expect(await isSignedIn()).toBe(true);
  });

  test('counts once, also after a restart', async () => {
    const token = await portal.op.signLogoutToken(claims());
    expect((await deliver(token)).status).toBe(200);
    await who.open(`${portal.url}/sign-in`);
    await portal.restart();
    expect((await deliver(token)).status).toBe(400);
    expect(await isSignedIn()).toBe(true);
  });

  test('delivered twenty times at once is obeyed once', async () => {
    const token = await portal.op.signLogoutToken(claims());
    const statuses = (await Promise.all(Array.from({ length: 20 }, () => deliver(token)))).map(
      ({ status }) => status,
    );
    expect(statuses.toSorted()).toEqual([200, ...Array(19).fill(400)]);
  });
});

describe('a bad token', () => {
  const without = (name: string) => () => {
    const { [name]: _, ...rest } = claims();
    return portal.op.signLogoutToken(rest);
  };
  const signed = (over: () => JWTPayload, options?: { typ?: string; foreignKey?: boolean }) => () =>
    portal.op.signLogoutToken(claims(over()), options);
  const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

  const BAD: Record<string, () => Promise<string> | string> = {
    'from another key': signed(() => ({}), { foreignKey: true }),
    'of another issuer': signed(() => ({ iss: 'https://evil.test' })),
    'for another client': signed(() => ({ aud: 'compass' })),
    'with a nonce': signed(() => ({ nonce: 'as in an ID token' })),
    'of another type': signed(() => ({}), { typ: 'JWT' }),
    'about another event': signed(() => ({ events: { 'https://evil.test/event': {} } })),
    'whose event is no object': signed(() => ({ events: { [EVENT]: true } })),
    'that has expired': signed(() => ({ iat: seconds() - 200, exp: seconds() - 60 })),
    'that is old, whatever it says of its end': signed(() => ({
      iat: seconds() - 900,
      exp: seconds() + 900,
    })),
    'from the future': signed(() => ({ iat: seconds() + 600, exp: seconds() + 900 })),
    'without sub and sid': without('sub'),
    'without jti': without('jti'),
    'without iat': without('iat'),
    'without exp': without('exp'),
    'without events': without('events'),
    'without a signature': () => `${encoded({ alg: 'none', typ: 'logout+jwt' })}.${encoded(claims())}.`,
    'signed with the client’s name as a secret': () => {
      const input = `${encoded({ alg: 'HS256', typ: 'logout+jwt' })}.${encoded(claims())}`;
      return `${input}.${createHmac('sha256', 'dictation').update(input).digest('base64url')}`;
    },
    'that is no token': () => 'logout, please',
    'that is empty': () => '',
  };

  test.each(Object.entries(BAD))('%s is refused', async (_what, make) => {
    const response = await deliver(await make());
    expect(response.status).toBe(400);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({ error: 'invalid_request' });
    expect(await isSignedIn()).toBe(true);
  });

  test('in another encoding is refused', async () => {
    expect((await deliver(await portal.op.signLogoutToken(claims()), 'text/plain')).status).toBe(400);
    expect(await isSignedIn()).toBe(true);
  });
});

test('while the provider’s keys are out of reach the answer is «later»', async () => {
  const lonely = await openPortal('compass', { withoutOp: true });
  const response = await fetch(`${lonely.url}/backchannel-logout`, {
    method: 'POST',
    body: new URLSearchParams({ logout_token: 'any' }),
  });
  expect(response.status).toBe(503);
  await lonely.stop();
});
