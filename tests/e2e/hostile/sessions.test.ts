/** Cookies, forms and sessions under fire (security.md c3 #89–95, classes 4, 22, 23). */
import { Cookie } from 'tough-cookie';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressOf } from '../../support/crowd.ts';
import { PASSWORD } from '../../support/house.ts';
import { type Page, type Visitor, visitor } from '../../support/visitor.ts';
import { fillIn, signIn, toSignIn } from '../../support/walks.ts';
import { type Scene, scene } from './scene.ts';

let stage: Scene;
beforeAll(async () => {
  stage = await scene();
});
afterAll(() => stage.close());

const at = (path: string) => `${stage.issuer}${path}`;
const isSignedIn = async (person: Visitor) => (await person.request(at('/cabinet'))).status === 200;
const csrfOf = ({ html }: Page) => html.querySelector('input[name=csrf]')?.getAttribute('value') ?? '';

async function cookieOf(person: Visitor, name: string): Promise<string | undefined> {
  return (await person.jar.getCookies(stage.issuer)).find(({ key }) => key === name)?.value;
}

describe('class 22 broken cookies', () => {
  const BROKEN: readonly (readonly [string, (live: string) => string])[] = [
    ['empty', () => 'session=; session.sig='],
    ['without a signature', (live) => live.replace(/; session\.sig=[^;]*/, '')],
    ['with a foreign signature', (live) => live.replace(/(session\.sig=)[^;]*/, `$1${'A'.repeat(27)}`)],
    ['with a cut signature', (live) => live.replace(/(session\.sig=[^;]{5})[^;]*/, '$1')],
    ['cut', (live) => live.replace(/(session=[^;]{10})[^;]*/, '$1')],
    ['longer', (live) => live.replace(/(session=[^;]*)/, '$1x')],
    [
      'in other letters',
      (live) => live.replace(/session=[^;]*/, (pair) => `session=${pair.slice(8).toUpperCase()}x`),
    ],
    ['in quotes', (live) => live.replace(/session=([^;]*)/, 'session="$1')],
    ['as JSON', () => 'session={"accountId":"crowd-1"}; session.sig={}'],
    ['with a NUL', (live) => live.replace('session=', 'session=%00')],
    ['full of noise', () => 'session=\xff\xfe\x80; session.sig=\xff; ;;; = ; a'],
    ['full of percent signs', () => 'session=%zz%; session.sig=%; form=%E0%A4%A'],
    ['named after the prototype', () => '__proto__=x; constructor=y; session=toString; session.sig=valueOf'],
    ['of an account', () => 'session=crowd-1; session.sig=crowd-1'],
    ['without names', (live) => live.replaceAll(/[\w.]+=/g, '=')],
    ['without separators', (live) => live.replaceAll('; ', '')],
    ['very long', () => `session=${'x'.repeat(8_000)}; session.sig=${'y'.repeat(4_000)}`],
  ];
  const PAGES = [
    '/',
    '/cabinet',
    '/cabinet/sessions',
    '/cabinet/portals',
    '/session/end',
    '/interaction/x',
    '/auth/x',
  ];

  it(`${BROKEN.length} kinds on ${PAGES.length} pages: nobody is signed in by one, and nothing breaks`, async () => {
    const { person } = await stage.arrive(1);
    const live = await person.jar.getCookieString(stage.issuer);
    expect(live).toMatch(/session=/);
    for (const [what, spoil] of BROKEN) {
      const cookie = Buffer.from(spoil(live)).toString('latin1');
      for (const path of PAGES) {
        const answer = await fetch(at(path), {
          redirect: 'manual',
          headers: { cookie, accept: 'text/html' },
        });
        expect(answer.status, `${what} ${path}`).toBeLessThan(500);
        const body = await answer.text();
        expect(body, `${what} ${path}`).not.toContain('Прохожий');
        if (path.startsWith('/cabinet')) expect(answer.status, what).toBe(303);
      }
      const { url } = await stage.portal.start({ prompt: 'none' });
      const silent = await fetch(url, { redirect: 'manual', headers: { cookie } });
      const location = new URL(silent.headers.get('location') ?? '', stage.issuer);
      expect(location.searchParams.get('error'), what).toBe('login_required');
    }
    expect(await isSignedIn(person)).toBe(true);
  });

  it('two sessions in one header: neither opens the other’s account', async () => {
    const { person: one } = await stage.arrive(1);
    const { person: two } = await stage.arrive(2);
    const [first, second] = await Promise.all([one, two].map(({ jar }) => jar.getCookieString(stage.issuer)));
    const crossed = `session=${await cookieOf(one, 'session')}; session.sig=${await cookieOf(two, 'session.sig')}`;
    expect((await fetch(at('/cabinet'), { redirect: 'manual', headers: { cookie: crossed } })).status).toBe(
      303,
    );
    const both = await fetch(at('/cabinet'), {
      headers: { cookie: `${first}; ${second}` },
      redirect: 'manual',
    });
    expect(both.status).toBeLessThan(500);
    expect(await both.text()).not.toContain('Номер 2');
  });
});

describe('#94 class 23 CSRF', () => {
  /** Every form there is: where it goes, and proof that it did what it says. */
  type Form = {
    readonly what: string;
    /** Somebody about to post it: the address, the fields, and whether it has been done. */
    readonly ready: () => Promise<{
      person: Visitor;
      path: string;
      fields: Record<string, string>;
      done: (answer: Page) => Promise<boolean>;
    }>;
  };
  let number = 2;
  const somebody = async () => {
    number = (number % 7) + 1;
    return stage.arrive(number);
  };
  const inCabinet = (
    room: string,
    path: string,
    fields: Record<string, string>,
    done: (answer: Page, person: Visitor) => Promise<boolean> | boolean,
  ): Form => ({
    what: path,
    ready: async () => {
      const { person } = await somebody();
      const page = await person.request(at(room));
      return {
        person,
        path,
        fields: { csrf: csrfOf(page), ...fields },
        done: async (answer) => done(answer, person),
      };
    },
  });
  const forms: readonly Form[] = [
    {
      what: 'signing in',
      ready: async () => {
        const person = visitor();
        const { page } = await toSignIn(person, stage.portal);
        return {
          person,
          path: `${page.url.pathname}/password`,
          fields: { csrf: csrfOf(page), by: 'email', identifier: addressOf(1), password: PASSWORD },
          done: async (answer) => answer.status === 303,
        };
      },
    },
    {
      what: 'cancelling',
      ready: async () => {
        const person = visitor();
        const { page } = await toSignIn(person, stage.portal);
        const path = `${page.url.pathname}/abort`;
        return {
          person,
          path,
          fields: { csrf: csrfOf(page) },
          done: async (answer) => answer.status === 303,
        };
      },
    },
    {
      what: 'consenting',
      ready: async () => {
        const { person } = await somebody();
        const { url } = await stage.portal.start({
          client_id: 'thief',
          redirect_uri: 'https://thief.example.test/callback',
          scope: 'openid',
          prompt: 'consent',
        });
        const page = await person.open(url);
        const path = `${page.url.pathname}/consent`;
        const offered = page.html.querySelector('input[name=optional]')?.getAttribute('value');
        return {
          person,
          path,
          fields: { csrf: csrfOf(page), optional: offered ?? 'the page offers nothing' },
          done: async (answer) => answer.status === 303,
        };
      },
    },
    inCabinet('/cabinet', '/cabinet/ticket', {}, ({ status }) => status === 200),
    inCabinet('/cabinet/sessions', '/cabinet/sessions/end-others', {}, ({ status }) => status === 303),
    inCabinet('/cabinet/portals', '/cabinet/portals/portal/disconnect', {}, ({ status }) => status === 303),
    inCabinet(
      '/cabinet/password',
      '/cabinet/password',
      { current: 'x', fresh: 'y', repeated: 'z' },
      ({ status }) => status === 422,
    ),
    inCabinet('/', '/locale', { locale: 'en', return_to: '/' }, ({ status }) => status === 303),
  ];
  const ATTACKS: readonly (readonly [
    string,
    (fields: Record<string, string>, foreign: string) => Record<string, string>,
    Record<string, string>,
  ])[] = [
    ['no token', ({ csrf: _, ...fields }) => fields, {}],
    ['an empty token', (fields) => ({ ...fields, csrf: '' }), {}],
    ['a foreign token', (fields, foreign) => ({ ...fields, csrf: foreign }), {}],
    ['a cut token', (fields) => ({ ...fields, csrf: fields.csrf?.slice(0, -2) ?? '' }), {}],
    ['a foreign origin', (fields) => fields, { origin: 'https://evil.test' }],
    ['a sibling origin', (fields) => fields, { origin: 'http://evil.localhost' }],
    ['an origin on another port', (fields) => fields, { origin: 'http://localhost:1' }],
    ['an origin of another scheme', (fields) => fields, { origin: 'https://localhost' }],
    ['Origin: null', (fields) => fields, { origin: 'null' }],
    ['Sec-Fetch-Site: cross-site', (fields) => fields, { 'sec-fetch-site': 'cross-site' }],
    ['Sec-Fetch-Site: same-site', (fields) => fields, { 'sec-fetch-site': 'same-site' }],
    ['Sec-Fetch-Site: none', (fields) => fields, { 'sec-fetch-site': 'none' }],
  ];

  it.each(forms.map((form) => [form.what, form] as const))(
    '%s: every attack is refused, the honest form works',
    async (_what, form) => {
      const foreign = csrfOf(await visitor().request(at('/')));
      const { person, path, fields, done } = await form.ready();
      const send = (body: Record<string, string>, headers: Record<string, string>) =>
        person.request(at(path), { method: 'POST', headers, body: new URLSearchParams(body) });
      for (const [what, change, headers] of ATTACKS) {
        const answer = await send(change(fields, foreign), headers);
        expect(answer.status, what).toBe(403);
      }
      const byQuery = await person.request(at(`${path}?${new URLSearchParams(fields)}`), { method: 'POST' });
      expect(byQuery.status).toBe(403);
      const asText = await person.request(at(path), {
        method: 'POST',
        headers: { 'content-type': 'text/plain' },
        body: `${new URLSearchParams(fields)}`,
      });
      expect([400, 403, 415]).toContain(asText.status);
      const honest = await send(fields, { origin: stage.issuer, 'sec-fetch-site': 'same-origin' });
      expect(await done(honest), `${honest.status}`).toBe(true);
    },
  );

  it('signing out needs the secret of its question', async () => {
    const { person } = await stage.arrive(3);
    await person.open(at('/session/end'));
    for (const body of [
      { logout: 'yes' },
      { logout: 'yes', xsrf: '' },
      { logout: 'yes', xsrf: 'guess' },
    ] as Record<string, string>[]) {
      const answer = await person.request(at('/session/end/confirm'), {
        method: 'POST',
        body: new URLSearchParams(body),
      });
      expect(answer.status).toBe(400);
    }
    expect(await isSignedIn(person)).toBe(true);
  });

  it('a token of one browser is worth nothing in another', async () => {
    const mine = await toSignIn(visitor(), stage.portal);
    const person = visitor();
    const { page } = await toSignIn(person, stage.portal);
    const answer = await person.submit(page, /\/password$/, {
      csrf: csrfOf(mine.page),
      by: 'email',
      identifier: addressOf(1),
      password: PASSWORD,
    });
    expect(answer.status).toBe(403);
  });
});

describe('#95 a GET', () => {
  it('changes nothing, wherever a form goes', async () => {
    const { person } = await stage.arrive(4);
    const { page } = await toSignIn(person, stage.portal, { prompt: 'login' });
    for (const path of [
      ...[
        `${page.url.pathname}/password`,
        `${page.url.pathname}/abort`,
        `${page.url.pathname}/consent`,
        '/locale?locale=en',
      ],
      ...[
        '/cabinet/ticket',
        '/cabinet/sessions/end-others',
        '/cabinet/portals/portal/disconnect',
        '/session/end/confirm?logout=yes',
      ],
      ...['/session/end?logout=yes', '/session/end/success', '/token/revocation?token=x'],
    ]) {
      for (const method of ['GET', 'HEAD']) await person.request(at(path), { method });
    }
    expect(await isSignedIn(person)).toBe(true);
    const still = await person.request(page.url);
    expect(still.status).toBe(200);
    expect(still.html.querySelector('html')?.getAttribute('lang')).toBe('ru');
  });
});

describe('#90 class 4 session fixation', () => {
  const preset = async (person: Visitor, cookies: Record<string, string>) => {
    for (const [key, value] of Object.entries(cookies)) {
      await person.jar.setCookie(new Cookie({ key, value, path: '/' }), stage.issuer);
    }
  };

  it('a session id that was planted is not adopted', async () => {
    const person = visitor();
    const planted = 'planted-by-somebody-who-hopes-to-use-it-later';
    await preset(person, { session: planted, 'session.sig': 'x' });
    await signIn(person, stage.portal, { identifier: addressOf(5) });
    expect(await cookieOf(person, 'session')).not.toBe(planted);
    expect(await stage.open.house.stores.storage('Session').find(planted)).toBeUndefined();
  });

  it('even a true one, of another: the owner’s account is never the victim’s', async () => {
    const { person: attacker } = await stage.arrive(6);
    const id = (await cookieOf(attacker, 'session')) ?? '';
    const victim = visitor();
    await preset(victim, { session: id, 'session.sig': (await cookieOf(attacker, 'session.sig')) ?? '' });
    const { page } = await toSignIn(victim, stage.portal, { prompt: 'login' });
    await fillIn(victim, stage.portal, page, { identifier: addressOf(5) });
    expect(await cookieOf(victim, 'session')).not.toBe(id);
    const home = await attacker.request(at('/cabinet'));
    expect(home.body).not.toContain('Номер 5');
    expect(home.status).toBe(303);
  });

  it('every sign-in makes a new id, and the old one is dead', async () => {
    const { person } = await stage.arrive(7);
    const before = (await cookieOf(person, 'session')) ?? '';
    const copy = visitor();
    await preset(copy, { session: before, 'session.sig': (await cookieOf(person, 'session.sig')) ?? '' });
    expect(await isSignedIn(copy)).toBe(true);
    const { page } = await toSignIn(person, stage.portal, { prompt: 'login' });
    await fillIn(person, stage.portal, page, { identifier: addressOf(7) });
    expect(await cookieOf(person, 'session')).not.toBe(before);
    expect(await isSignedIn(person)).toBe(true);
    expect(await isSignedIn(copy)).toBe(false);
  });

  it('signing out kills it on the server, not in the browser alone', async () => {
    const { person } = await stage.arrive(2);
    const copy = visitor();
    await preset(copy, {
      session: (await cookieOf(person, 'session')) ?? '',
      'session.sig': (await cookieOf(person, 'session.sig')) ?? '',
    });
    const question = await person.open(at('/session/end'));
    await person.submit(question, /confirm/, { logout: 'yes' });
    expect(await isSignedIn(copy)).toBe(false);
  });
});

describe('#89 #93 cookies', () => {
  it('ids are long, random and mean nothing', async () => {
    const ids = new Set<string>();
    for (let count = 0; count < 5; count += 1) {
      const { person } = await stage.arrive(3);
      ids.add((await cookieOf(person, 'session')) ?? '');
    }
    expect(ids.size).toBe(5);
    // 22 letters of 64 are 132 bits.
    for (const id of ids) expect(id).toMatch(/^[\w-]{22,}$/);
  });

  it('are HttpOnly, SameSite=Lax, of this host alone and without a word about the person', async () => {
    const set: string[] = [];
    const person = visitor({}, async (input, init) => {
      const answer = await fetch(input, init);
      set.push(...answer.headers.getSetCookie());
      return answer;
    });
    await signIn(person, stage.portal, { identifier: addressOf(1) });
    await person.request(at('/cabinet'));
    const question = await person.open(at('/session/end'));
    await person.submit(question, /confirm/, { logout: 'yes' });
    expect(new Set(set.map((line) => line.split(/[.=]/, 1)[0]))).toEqual(
      new Set(['session', 'interaction', 'resume', 'return', 'form', 'device', 'bound']),
    );
    for (const line of set) {
      expect(line).toMatch(/; httponly/i);
      expect(line).toMatch(/; samesite=lax/i);
      expect(line).toMatch(/; path=\//i);
      expect(line).not.toMatch(/; domain=/i);
      expect(line).not.toMatch(/; secure/i);
      expect(line).not.toMatch(/person|crowd|example\.test|Прохожий/);
    }
  });
});
