/** How a portal signs people in and out, seen from the browser. */
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { heading, noticeOn, type OpenPortal, openPortal, signedIn, somebody, visit } from './open-portal.ts';

const HOUR = 3_600_000;

describe('at the Dictation', () => {
  let portal: OpenPortal;
  beforeAll(async () => {
    portal = await openPortal('dictation');
  });
  afterAll(() => portal.stop());
  beforeEach(() => {
    portal.op.person = somebody();
  });

  test('a visitor presses «Принять участие» and is greeted by name and patronymic', async () => {
    const who = visit();
    const start = await who.open(portal.url);
    const button = start.html.querySelectorAll('a').find(({ text }) => text === 'Принять участие');
    const page = await who.open(new URL(button!.getAttribute('href')!, start.url));
    expect(page.url.href).toBe(`${portal.url}/`);
    expect(heading(page)).toBe('Здравствуйте, Мария Петровна!');
    expect(Object.fromEntries(portal.op.requests.at(-1)!)).toMatchObject({
      scope: 'openid profile_min membership region',
      code_challenge_method: 'S256',
      nonce: expect.stringMatching(/.{20}/),
      state: expect.stringMatching(/.{20}/),
    });
  });

  test('a deep link leads through the sign-in to where it points', async () => {
    const page = await visit().open(`${portal.url}/finish`);
    // No attempt yet: from there to the start page.
    expect(page.url.pathname).toBe('/');
    expect(heading(page)).toContain('Мария');
  });

  test.each(['//evil.test/', 'https://evil.test/', '/\\evil.test', '/\t/evil.test'])(
    'a return address elsewhere (%j) is the start page',
    async (address) => {
      const page = await visit().open(`${portal.url}/sign-in?return_to=${encodeURIComponent(address)}`);
      expect(page.url.href).toBe(`${portal.url}/`);
    },
  );

  test('«Отмена» leads to the start page with a sentence', async () => {
    portal.op.person = undefined;
    const { page } = await signedIn(portal);
    expect(page.url.pathname).toBe('/');
    expect(noticeOn(page)).toContain('Вход отменён');
    expect(page.body).toContain('Принять участие');
  });

  test('an answer counts once, and in the browser that asked alone', async () => {
    const who = visit();
    const isCallback = (next: URL) => next.pathname === '/callback';
    const { url: callback } = await who.follow(await who.request(`${portal.url}/sign-in`), isCallback);

    const stranger = await visit().open(callback);
    expect(stranger.status).toBe(400);
    expect(heading(stranger)).toBe('Вход начат слишком давно');

    expect(heading(await who.open(callback))).toContain('Мария');
    const again = await who.open(callback);
    expect(again.status).toBe(200);
    expect(again.url.href).toBe(`${portal.url}/`);
  });

  test.each([
    ['another issuer', 'iss', 'https://evil.test'],
    ['no issuer', 'iss', undefined],
    ['a code that is none', 'code', 'made-up'],
  ])('an answer with %s is refused with a way on', async (_what, parameter, value) => {
    const who = visit();
    const isCallback = (next: URL) => next.pathname === '/callback';
    const { url } = await who.follow(await who.request(`${portal.url}/sign-in`), isCallback);
    if (value === undefined) url.searchParams.delete(parameter);
    else url.searchParams.set(parameter, value);
    const page = await who.open(url);
    expect(page.status).toBe(502);
    expect(page.html.querySelector('main a')?.getAttribute('href')).toBe('/sign-in');
  });

  test('each sign-in is a new session, and the one before is over', async () => {
    const { who } = await signedIn(portal);
    const before = await who.jar.getCookieString(portal.url);
    await who.open(`${portal.url}/sign-in`);
    const after = await who.jar.getCookieString(portal.url);
    expect(after).not.toBe(before);
    const stale = await fetch(portal.url, { headers: { cookie: before } });
    expect(await stale.text()).toContain('Принять участие');
  });

  test.each([
    ['two hours without a click', 2 * HOUR],
    ['twelve hours', 12 * HOUR],
  ])('a session ends after %s', async (_what, after) => {
    const { who } = await signedIn(portal);
    for (let passed = 0; passed < after - HOUR && after > 2 * HOUR; passed += HOUR) {
      portal.later(HOUR);
      expect(heading(await who.open(portal.url))).toContain('Мария');
    }
    portal.later(after > 2 * HOUR ? HOUR : after);
    expect((await who.open(portal.url)).body).toContain('Принять участие');
  });

  test.each([
    ['none', 'Портал открыт для членов Профсоюза', 'первичную профсоюзную организацию'],
    [undefined, 'Портал открыт для членов Профсоюза', 'первичную профсоюзную организацию'],
  ])('membership %s is told where to turn', async (membership, title, way) => {
    portal.op.person = { sub: `lev-${membership}`, given_name: 'Лев', ...(membership && { membership }) };
    const { who, page } = await signedIn(portal);
    expect(heading(page)).toBe(title);
    expect(page.body).toContain(way);
    expect((await who.request(`${portal.url}/questions/1`)).headers.get('location')).toBe('/');
    const token = page.html.querySelector('input[name=form]')!.getAttribute('value')!;
    const body = new URLSearchParams({ form: token });
    expect((await who.request(`${portal.url}/start`, { method: 'POST', body })).headers.get('location')).toBe(
      '/',
    );
    // The registry was mended meanwhile: one press, no form.
    portal.op.person = undefined;
    expect((await who.open(`${portal.url}/sign-in`)).status).toBe(200);
  });

  test('an applicant takes part', async () => {
    portal.op.person = { ...somebody(), membership: 'applicant' };
    const { page } = await signedIn(portal);
    expect(page.html.querySelector('form[action="/start"]')).not.toBeNull();
  });

  test('«Выйти» ends the session here, then asks the provider, which leads back', async () => {
    const { who, page } = await signedIn(portal);
    const leaving = await who.submit(page, /sign-out/);
    expect(leaving.status).toBe(303);
    const target = new URL(leaving.headers.get('location')!);
    expect(target.origin).toBe(portal.op.issuer);
    expect(target.searchParams.get('post_logout_redirect_uri')).toBe(`${portal.url}/`);
    expect(target.searchParams.get('id_token_hint')).toBeTruthy();
    expect((await who.open(portal.url)).body).toContain('Принять участие');
    const asked = await who.open(target);
    const back = await who.follow(await who.submit(asked, /confirm/, { logout: 'yes' }));
    expect(back.url.href).toBe(`${portal.url}/`);
  });

  test('«Выйти» works while the provider is away', async () => {
    const { who, page } = await signedIn(portal);
    await portal.op.stop();
    await portal.restart();
    const out = await who.follow(await who.submit(page, /sign-out/));
    expect(noticeOn(out)).toContain('Вы вышли с этого портала');
    expect(out.body).toContain('Принять участие');
    await portal.startOp();
  });

  test.each([
    ['without a token', { form: '' }, {}],
    ['with another token', { form: 'A'.repeat(43) }, {}],
    ['from another site', {}, { 'sec-fetch-site': 'cross-site' }],
    ['from another port of this host', {}, { 'sec-fetch-site': 'same-site' }],
    ['from another origin, in an older browser', {}, { origin: 'https://evil.test' }],
  ])('a form %s changes nothing', async (_what, fields, headers) => {
    const { who, page } = await signedIn(portal);
    const form = page.html.querySelector('input[name=form]')!.getAttribute('value')!;
    const post = (extra: object, sent: Record<string, string>) =>
      who.request(`${portal.url}/start`, {
        method: 'POST',
        headers: sent,
        body: new URLSearchParams({ form, ...extra }),
      });
    const refused = await post(fields, headers);
    expect(refused.status).toBe(403);
    expect(heading(refused)).toBe('Страница устарела');
    expect((await who.request(`${portal.url}/questions/1`)).headers.get('location')).toBe('/');
    // Browsers send «null» with a form of a page that sends no referrer.
    expect((await post({}, { origin: 'null' })).headers.get('location')).toBe('/questions/1');
  });

  test('malformed requests are answered with 4xx', async () => {
    const { who, page } = await signedIn(portal);
    const form = page.html.querySelector('input[name=form]')!.getAttribute('value')!;
    const post = (path: string, body: string, type = 'application/x-www-form-urlencoded') =>
      who.request(portal.url + path, { method: 'POST', body, headers: { 'content-type': type } });
    const answers = [
      await post('/start', `form=${form}&form=${form}`),
      await post('/start', `form=${form}&extra=1`),
      await post('/start', `form=${form}&${'x'.repeat(20_000)}=1`),
      await post('/start', '{"form":1}', 'application/json'),
      await who.request(`${portal.url}/callback?state=a&state=b`),
      await who.request(`${portal.url}/questions/%ff`),
      await who.request(`${portal.url}/assets/../../package.json`),
      await who.request(`${portal.url}/start`, { method: 'DELETE' }),
    ];
    for (const { status } of answers.filter(({ url }) => url.pathname !== '/callback')) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
    }
  });
});

describe('the portal’s own address', () => {
  test('by https: cookies are bound to the host, and browsers are told to stay', async () => {
    const portal = await openPortal('dictation', { environment: { PUBLIC_URL: 'https://dictation.test' } });
    const { PORT } = portal.environment;
    const { headers } = await fetch(`http://localhost:${PORT}/sign-in`, { redirect: 'manual' });
    const [cookie] = headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-dictation_browser=.{43}; Path=\/; HttpOnly; SameSite=Lax; Secure$/);
    expect(headers.get('strict-transport-security')).toContain('max-age=31536000');
    await portal.stop();
  });

  test('every page forbids framing, foreign scripts and sniffing, and is not kept', async () => {
    const portal = await openPortal('dictation');
    for (const path of ['/', '/regions', '/nowhere', '/healthz']) {
      const { headers } = await fetch(portal.url + path);
      const policy = headers.get('content-security-policy')!;
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain(`form-action 'self' ${portal.op.issuer}`);
      expect(policy).not.toContain('unsafe');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cache-control')).toBe('no-store');
    }
    await portal.stop();
  });
});

describe('a portal without its provider', () => {
  test('starts, shows its start page, asks for patience, and signs in when the provider is there', async () => {
    const portal = await openPortal('dictation', { withoutOp: true });
    expect((await fetch(`${portal.url}/healthz`)).status).toBe(200);
    const who = visit();
    expect((await who.open(portal.url)).body).toContain('Принять участие');
    const early = await who.open(`${portal.url}/sign-in`);
    expect(early.status).toBe(503);
    expect(early.headers.get('retry-after')).toBe('10');
    expect(heading(early)).toBe('Единый вход сейчас не отвечает');
    await portal.startOp();
    expect(heading(await who.open(`${portal.url}/sign-in`))).toContain('Мария');
    await portal.stop();
  });
});

describe('at the Compass', () => {
  let portal: OpenPortal;
  beforeAll(async () => {
    portal = await openPortal('compass');
    // Discovery under way at the start decides whether a silent sign-in is tried.
    await vi.waitFor(async () => expect((await fetch(portal.url, asBrowser)).status).toBe(303));
  });
  afterAll(() => portal.stop());
  beforeEach(() => {
    portal.op.person = somebody();
  });
  const asBrowser = { redirect: 'manual', headers: { accept: 'text/html' } } as const;

  test('whoever is signed in at the provider is signed in without a button', async () => {
    const { who } = await signedIn(portal);
    const cookies = await who.jar.getCookies(portal.url);
    const session = cookies.find(({ key }) => key === 'compass_session')!;
    await who.jar.setCookie(`${session.key}=; Max-Age=0; Path=/`, portal.url);
    const page = await who.open(portal.url);
    expect(heading(page)).toBe('Здравствуйте, Мария!');
    expect(portal.op.requests.at(-1)?.get('prompt')).toBe('none');
  });

  test('a visitor nobody knows sees the start page, and is not asked about again', async () => {
    const who = visit();
    const page = await who.open(portal.url);
    expect(page.body).toContain('Войти и начать');
    const asked = portal.op.requests.length;
    await who.open(portal.url);
    expect(portal.op.requests).toHaveLength(asked);
  });

  test('whoever has signed out stays out', async () => {
    const { who, page } = await signedIn(portal);
    await who.submit(page, /sign-out/);
    portal.later(HOUR);
    expect((await who.open(portal.url)).body).toContain('Войти и начать');
  });

  test('an applicant is told to wait', async () => {
    portal.op.person = { ...somebody(), membership: 'applicant' };
    const { page } = await signedIn(portal);
    expect(heading(page)).toBe('Ваше заявление ещё рассматривают');
  });
});
