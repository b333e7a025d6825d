/** The device flow as a person meets it, the kiosk on top of it, and what is tried against both. */
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startKiosk } from '../../../clients/kiosk/kiosk.ts';
import { readKioskSettings } from '../../../clients/kiosk/settings.ts';
import { type OpenHouse, openHouse, PASSWORD } from '../../support/house.ts';
import { freePort } from '../../support/services/free-port.ts';
import { testStores } from '../../support/stores.ts';
import { type Page, type Visitor, visitor } from '../../support/visitor.ts';

const MARIA = 'ivanova@example.test';
const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

type Device = {
  readonly device_code: string;
  readonly user_code: string;
  readonly verification_uri_complete: string;
};

let open: OpenHouse;
beforeAll(async () => {
  open = await openHouse(await testStores());
  await register('tv', { required_membership: ['member'] });
  await register('sure-tv', { minimum_acr: 'urn:opo:loa:2' });
  await register('kiosk', {});
});
afterAll(() => open.close());

async function register(clientId: string, rules: Record<string, unknown>): Promise<void> {
  const client = { client_id: clientId, client_name: `Прибор ${clientId}`, first_party: true };
  const kind = {
    token_endpoint_auth_method: 'none',
    grant_types: [GRANT],
    response_types: [],
    redirect_uris: [],
  };
  const tokens = { id_token_signed_response_alg: 'ES256', scope: 'openid profile_min' };
  await open.house.clients.save({ ...client, ...kind, ...tokens, ...rules }, 'test');
}
const post = (path: string, fields: Record<string, string>) =>
  fetch(`${open.issuer}${path}`, { method: 'POST', body: new URLSearchParams(fields) });
const ask = async (clientId = 'tv', more: Record<string, string> = {}): Promise<Device> =>
  (await (
    await post('/device/auth', { client_id: clientId, scope: 'openid profile_min', ...more })
  ).json()) as Device;
const redeem = async ({ device_code }: Device, clientId = 'tv') => {
  const answer = await post('/token', { grant_type: GRANT, device_code, client_id: clientId });
  return (await answer.json()) as { error?: string; access_token?: string };
};
const title = (page: Page) => page.html.querySelector('h1')?.text;
const shownCode = (page: Page) => page.html.querySelector('.user-code')?.text;
const typeIn = (person: Visitor, typed: string) =>
  person.open(`${open.issuer}/device?${new URLSearchParams({ user_code: typed })}`);
const confirm = async (person: Visitor, page: Page) =>
  person.follow(await person.submit(page, /\/device$/, { confirm: 'yes' }));
const signIn = async (person: Visitor, page: Page, identifier = MARIA) =>
  person.follow(await person.submit(page, /\/password$/, { by: 'email', identifier, password: PASSWORD }));

describe('a person with a phone', () => {
  it('follows the picture, compares the code, signs in between, and the device goes on as her', async () => {
    const device = await ask('tv', { device_name: 'Учительская, 2 этаж' });
    const person = visitor();
    const page = await person.open(device.verification_uri_complete);
    expect(title(page)).toBe('Это Ваше устройство?');
    expect(shownCode(page)).toBe(device.user_code);
    expect(page.body).toContain('Устройство «Учительская, 2 этаж» приложения «Прибор tv»');
    const done = await signIn(person, await confirm(person, page));
    expect(title(done)).toBe('Готово');
    expect((await redeem(device)).access_token).toBeTypeOf('string');
    expect((await redeem(device)).error).toBe('slow_down');
  });

  it('is forgiven small letters, spaces, dashes and the other alphabet', async () => {
    const alike: Record<string, string> = { B: 'В', C: 'с', H: 'н', K: 'К', M: 'м', P: 'р', T: 'т', X: 'х' };
    const { user_code: code } = await ask();
    const person = visitor();
    for (const typed of [
      code.toLowerCase(),
      code.replace('-', ''),
      [...code].join(' '),
      code.replace('-', ' – '),
      [...code].map((letter) => alike[letter] ?? letter).join(''),
    ]) {
      expect(shownCode(await typeIn(person, typed))).toBe(code);
    }
  });

  it('says no, and the device hears it', async () => {
    const device = await ask();
    const person = visitor();
    const page = await person.open(device.verification_uri_complete);
    const refused = await person.submit(page, /\/device$/, { abort: 'yes' });
    expect(title(refused)).toBe('Устройство не подключено');
    expect((await redeem(device)).error).toBe('access_denied');
  });

  it('meets the same questions as at a portal: membership, level', async () => {
    const closed = await ask();
    const former = visitor();
    const first = await former.open(closed.verification_uri_complete);
    const page = await signIn(former, await confirm(former, first), 'gromov@example.test');
    expect(page.url.pathname).toMatch(/^\/interaction\//);
    await former.follow(await former.submit(page, /\/abort$/));
    expect((await redeem(closed)).error).toBe('access_denied');

    const sure = await ask('sure-tv');
    const person = visitor();
    const raised = await signIn(
      person,
      await confirm(person, await person.open(sure.verification_uri_complete)),
    );
    expect(title(raised)).toBe('Подтвердите вход');
    expect((await redeem(sure, 'sure-tv')).error).toBe('authorization_pending');
  });
});

describe('attacks', () => {
  it('a code nobody has, an empty one and a used one: a sentence each', async () => {
    const person = visitor();
    const problem = async (typed: string) => {
      const page = await typeIn(person, typed);
      return [page.status, page.html.querySelector('.summary a')?.text.trim()];
    };
    expect((await problem('BBBB-BBBB'))[0]).toBe(422);
    expect((await problem(''))[0]).toBe(422);
    const device = await ask();
    await signIn(person, await confirm(person, await person.open(device.verification_uri_complete)));
    const [status, text] = await problem(device.user_code);
    expect(status).toBe(422);
    expect(text).toContain('Код уже подтверждён или отклонён');
  });

  it('twenty confirmations at once: the device is let in once', async () => {
    const device = await ask();
    const person = visitor();
    await signIn(person, await person.open(`${open.issuer}/cabinet`));
    const page = await person.open(device.verification_uri_complete);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => person.submit(page, /\/device$/, { confirm: 'yes' })),
    );
    expect(answers.filter((answer) => title(answer) === 'Готово')).toHaveLength(1);
    const tokens = await Promise.all(Array.from({ length: 5 }, () => redeem(device)));
    expect(tokens.filter(({ access_token }) => access_token !== undefined).length).toBeLessThanOrEqual(1);
  });

  it('a foreign page confirms nothing', async () => {
    const device = await ask();
    const person = visitor();
    await person.open(device.verification_uri_complete);
    await person.request(`${open.issuer}/device`, {
      method: 'POST',
      headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      body: new URLSearchParams({ user_code: device.user_code, confirm: 'yes', xsrf: 'guessed' }),
    });
    expect((await redeem(device)).error).toBe('authorization_pending');
  });

  it('a name of a device is no place for a sentence', async () => {
    const answer = await post('/device/auth', {
      ...{ client_id: 'tv', scope: 'openid', device_name: 'Срочно! https://evil.example' },
    });
    expect([answer.status, ((await answer.json()) as { error: string }).error]).toEqual([
      400,
      'invalid_request',
    ]);
  });

  it('guesses from one network are counted', async () => {
    const person = visitor();
    const guess = () => person.request(`${open.issuer}/device?user_code=BBBB-BBBB`);
    let last = await guess();
    for (let guesses = 1; guesses < 250 && last.status !== 429; guesses += 1) last = await guess();
    expect(last.status).toBe(429);
    expect(last.headers.get('retry-after')).toMatch(/^\d+$/);
    await open.house.stores.redis?.client.flushdb();
  });
});

describe('the kiosk', () => {
  it('shows a code, greets whoever confirms it, and forgets her at a press and by itself', async () => {
    const port = await freePort();
    const url = `http://localhost:${port}`;
    const kiosk = await startKiosk(
      readKioskSettings({
        ...{ ISSUER: open.issuer, PUBLIC_URL: url, PORT: String(port), CLIENT_ID: 'kiosk' },
        IDLE_MINUTES: '0.02',
      }),
      { log: pino({ level: 'silent' }) },
    );
    const screen = visitor();
    const press = async (action: RegExp) =>
      screen.follow(await screen.submit(await screen.open(url), action));
    const until = async (reached: (page: Page) => boolean): Promise<Page> => {
      for (;;) {
        const page = await screen.open(url);
        if (reached(page)) return page;
        await sleep(100);
      }
    };
    try {
      const code = shownCode(await press(/\/begin$/)) ?? '';
      const picture = await screen.open(`${url}/qr.svg`);
      expect(picture.headers.get('content-type')).toContain('image/svg+xml');
      const person = visitor();
      await signIn(person, await confirm(person, await typeIn(person, code)));
      const greeted = await until((page) => page.body.includes('Здравствуйте'));
      expect(greeted.body).toContain('Мария');
      const left = await until((page) => page.body.includes('долго не пользовались'));
      expect(left.body).not.toContain('Мария');
      expect(title(await press(/\/begin$/))).toBe('Подтвердите вход на телефоне');
      expect((await press(/\/end$/)).body).toContain('ничего не осталось');
      const foreign = await screen.request(`${url}/begin`, {
        method: 'POST',
        headers: { 'sec-fetch-site': 'cross-site', 'content-type': 'application/x-www-form-urlencoded' },
      });
      expect(foreign.status).toBe(403);
    } finally {
      await kiosk.stop();
    }
  });
});
