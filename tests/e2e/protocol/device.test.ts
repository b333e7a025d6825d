import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenHouse } from '../../support/house.ts';
import { PASSWORD } from '../../support/house.ts';
import { type Page, type Visitor, visitor } from '../../support/visitor.ts';
import { type Answer, openScene, post, saveClient } from './scene.ts';

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';
let open: OpenHouse;

beforeAll(async () => {
  // Without throttling a device may ask as often as a test does; the pace has its own house below.
  open = await openScene({ THROTTLE: 'off' });
  await saveKiosk(open);
});
afterAll(() => open?.close());

const saveKiosk = (house: OpenHouse) =>
  saveClient(house, {
    client_id: 'kiosk',
    client_name: 'Киоск',
    token_endpoint_auth_method: 'none',
    grant_types: [DEVICE, 'refresh_token'],
    redirect_uris: [],
    response_types: [],
    scope: 'openid profile email offline_access',
  });

type Begun = { device_code: string; user_code: string; verification_uri: string; interval: number };
const begin = async (house = open, scope = 'openid email'): Promise<Begun> => {
  const { status, body } = await post(`${house.issuer}/device/auth`, { client_id: 'kiosk', scope });
  expect(status, JSON.stringify(body)).toBe(200);
  return body as unknown as Begun;
};
const poll = (code: string, house = open): Promise<Answer> =>
  post(`${house.issuer}/token`, { grant_type: DEVICE, device_code: code, client_id: 'kiosk' });

const typeIn = (person: Visitor, userCode: string): Promise<Page> =>
  person.open(`${open.issuer}/device?${new URLSearchParams({ user_code: userCode })}`);

/** Types the code in and says what it is for; the answer is what comes next. */
const confirm = async (
  person: Visitor,
  userCode: string,
  decision = { confirm: 'yes' } as Record<string, string>,
) => {
  const asked = await typeIn(person, userCode);
  expect(asked.body).toContain('Киоск');
  return person.follow(await person.submit(asked, /\/device$/, decision));
};
const signIn = async (person: Visitor, page: Page, identifier: string): Promise<Page> =>
  person.follow(await person.submit(page, /\/password$/, { by: 'email', identifier, password: PASSWORD }));

describe('a device', () => {
  it('is signed in from another browser, once, with a subject of its own sector', async () => {
    const begun = await begin(open, 'openid email offline_access');
    expect(begun).toMatchObject({
      interval: 5,
      expires_in: 600,
      user_code: expect.stringMatching(/^[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}$/),
      verification_uri: `${open.issuer}/device`,
    });
    expect((await poll(begun.device_code)).body.error).toBe('authorization_pending');

    const person = visitor();
    const typed = begun.user_code.replace('-', ' ').toLowerCase();
    const done = await signIn(person, await confirm(person, typed), 'ivanova@example.test');
    expect(done.status).toBe(200);
    expect(new URL(done.url).pathname).toMatch(/^\/device\//);

    const answers = await Promise.all(Array.from({ length: 5 }, () => poll(begun.device_code)));
    const given = answers.filter(({ status }) => status === 200);
    expect(given).toHaveLength(1);
    for (const { status, body } of answers.filter((one) => one.status !== 200)) {
      expect([status, body.error]).toEqual([400, 'invalid_grant']);
    }
    const claims = decodeJwt(given[0]?.body.id_token ?? '');
    expect(claims).toMatchObject({ aud: 'kiosk', acr: 'urn:opo:loa:1', auth_time: expect.any(Number) });
    const [account] = await open.house.stores.database.query<{ account_id: string }>(
      "select account_id from identifier where value = 'ivanova@example.test'",
    );
    expect(claims.sub).not.toBe(account?.account_id);
  });

  it('tells one poll from another: tokens refresh, and the same session needs no second sign-in', async () => {
    const person = visitor();
    const first = await begin(open, 'openid offline_access');
    await signIn(person, await confirm(person, first.user_code), 'fedorov@example.test');
    const { body } = await poll(first.device_code);
    const refreshed = await post(`${open.issuer}/token`, {
      grant_type: 'refresh_token',
      refresh_token: body.refresh_token ?? '',
      client_id: 'kiosk',
    });
    expect(refreshed.status).toBe(200);

    const second = await begin();
    const done = await confirm(person, second.user_code);
    expect(done.status).toBe(200);
    expect((await poll(second.device_code)).status).toBe(200);
  });

  it('that is refused hears of it, and its code is over', async () => {
    const begun = await begin();
    await confirm(visitor(), begun.user_code, { abort: 'yes' });
    expect((await poll(begun.device_code)).body.error).toBe('access_denied');
    expect((await typeIn(visitor(), begun.user_code)).body).toContain('уже подтверждён или отклонён');
  });

  it('whose code is unknown, missing or old is told what to do', async () => {
    expect((await typeIn(visitor(), 'BBBB-BBBB')).body).toContain('Такого кода нет');
    expect((await typeIn(visitor(), '-')).body).toContain('Введите код');
  });

  it('polls with nobody else’s code, and not for another client', async () => {
    const begun = await begin();
    await saveClient(open, {
      client_id: 'thief',
      token_endpoint_auth_method: 'none',
      grant_types: [DEVICE],
      redirect_uris: [],
      response_types: [],
    });
    const stolen = await post(`${open.issuer}/token`, {
      grant_type: DEVICE,
      device_code: begun.device_code,
      client_id: 'thief',
    });
    expect(stolen.body.error).toBe('invalid_grant');
    // What a store keeps of the code opens nothing.
    const storage = open.house.stores.storage('DeviceCode');
    const reference = (await storage.findByUserCode(begun.user_code.replace('-', '')))?.jti ?? '';
    expect(reference).toMatch(/^#/);
    expect((await poll(reference)).body.error).toBe('invalid_grant');
  });

  it('whose code is over is told so', async () => {
    const begun = await begin();
    const storage = open.house.stores.storage('DeviceCode');
    const stored = await storage.find(begun.device_code);
    await storage.upsert(begun.device_code, { ...stored, exp: Math.floor(Date.now() / 1_000) - 1 }, 60);
    expect((await poll(begun.device_code)).body.error).toBe('expired_token');
  });
});

describe('the pace of polling', () => {
  it('is kept: of many at once one is answered, the others are told to slow down', async () => {
    const house = await openScene();
    try {
      await saveKiosk(house);
      const { device_code: code } = await begin(house);
      const answers = await Promise.all(Array.from({ length: 4 }, () => poll(code, house)));
      expect(answers.map(({ body }) => body.error).sort()).toEqual([
        'authorization_pending',
        ...['slow_down', 'slow_down', 'slow_down'],
      ]);
      expect((await poll((await begin(house)).device_code, house)).body.error).toBe('authorization_pending');
    } finally {
      await house.close();
    }
  });
});
