/** What pages repeat, where they lead, and the headers of every kind of answer (security.md c1 #3, #49–51, c3 #95–98). */
import { parse } from 'node-html-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressOf } from '../../support/crowd.ts';
import { type Page, type Visitor, visitor } from '../../support/visitor.ts';
import { toSignIn } from '../../support/walks.ts';
import { asPortal, REDIRECT_URI, type Scene, scene } from './scene.ts';

let stage: Scene;
/** Somebody who is signed in and has another sign-in open. */
let person: Visitor;
let signInPage: Page;
beforeAll(async () => {
  stage = await scene({ INITIAL_ACCESS_TOKEN: 'an-initial-access-token-that-nobody-guesses' });
  ({ person } = await stage.arrive(1));
  ({ page: signInPage } = await toSignIn(person, stage.portal, { prompt: 'login' }));
});
afterAll(() => stage.close());

const at = (path: string) => `${stage.issuer}${path}`;
const csrfOf = ({ html }: Page) => html.querySelector('input[name=csrf]')?.getAttribute('value') ?? '';
const post = (path: string, fields: Record<string, string>, who = person) =>
  who.request(at(path), {
    method: 'POST',
    headers: { origin: stage.issuer },
    body: new URLSearchParams(fields),
  });

async function authorization(changes: Record<string, string> = {}): Promise<string> {
  const { url } = await stage.portal.start(changes);
  return url.pathname + url.search;
}

describe('#3 class 2 open redirects', () => {
  const PARAMETERS = [
    ...[
      'return_to',
      'returnTo',
      'return',
      'next',
      'url',
      'target',
      'redirect',
      'redirect_to',
      'redirect_url',
    ],
    ...[
      'continue',
      'dest',
      'destination',
      'rurl',
      'back',
      'goto',
      'forward',
      'callback',
      'state',
      'RelayState',
    ],
    ...['service', 'iss', 'resume', 'origin', 'post_logout_redirect_uri', 'redirect_uri'],
  ];
  const TARGETS = [
    ...[
      'https://evil.test/',
      'http://evil.test',
      '//evil.test',
      '///evil.test',
      '////evil.test/',
      '/\\evil.test',
    ],
    ...[
      '\\\\evil.test',
      '/\t/evil.test',
      '/%09/evil.test',
      '/%2f%2fevil.test',
      '//evil.test%2f..',
      'https:evil.test',
    ],
    ...[
      'https:/evil.test',
      'javascript:alert(1)//evil.test',
      'JaVaScRiPt:alert(1)//evil.test',
      ' https://evil.test',
    ],
    ...[
      'data:text/html,evil.test',
      'https://portal.example.test@evil.test',
      'https://portal.example.test.evil.test',
    ],
    ...[
      '//evil.test\\@portal.example.test',
      '/./\\evil.test',
      '/..//evil.test',
      '/\nevil.test',
      '%00//evil.test',
    ],
    ...['https://evil.test#@portal.example.test', 'evil.test', '？https://evil.test'],
  ];
  const PAGES = [
    '/',
    '/about/ways',
    '/cabinet',
    '/cabinet/enter',
    '/cabinet/sessions',
    '/session/end',
    '/session/end/success',
    '/nowhere',
  ];

  function expectStays(page: Page, what: string): void {
    const location = page.headers.get('location');
    if (location !== null) {
      const target = new URL(location, stage.issuer);
      expect([stage.issuer, new URL(REDIRECT_URI).origin], what).toContain(target.origin);
    }
    expect(page.headers.get('refresh'), what).toBeNull();
    for (const element of page.html.querySelectorAll('a[href],form[action],[src],meta[http-equiv=refresh]')) {
      const address =
        element.getAttribute('href') ?? element.getAttribute('action') ?? element.getAttribute('src');
      expect(new URL(address ?? '', page.url).hostname, `${what}: ${address}`).not.toContain('evil');
      expect(new URL(address ?? '', page.url).protocol, what).toBe('http:');
    }
  }

  it(`${PARAMETERS.length} parameters × ${TARGETS.length} targets × ${PAGES.length} pages lead nowhere else`, async () => {
    expect(PARAMETERS.length * TARGETS.length).toBeGreaterThan(600);
    for (const path of PAGES) {
      // Several at once, as an attacker would: each target under every name.
      for (const target of TARGETS) {
        const query = new URLSearchParams(PARAMETERS.map((name): [string, string] => [name, target]));
        expectStays(await person.request(at(`${path}?${query}`)), `${path} ${target}`);
      }
    }
  });

  it('each name alone', async () => {
    for (const name of PARAMETERS) {
      for (const path of PAGES) {
        const query = new URLSearchParams({ [name]: 'https://evil.test/' });
        expectStays(await person.request(at(`${path}?${query}`)), `${path}?${name}`);
      }
    }
  });

  it('neither Referer nor a choice of language leads out', async () => {
    for (const target of TARGETS) {
      const chosen = await person.request(at('/locale'), {
        method: 'POST',
        headers: { origin: stage.issuer, referer: 'https://evil.test/' },
        body: new URLSearchParams({ csrf: csrfOf(signInPage), locale: 'ru', return_to: target }),
      });
      expect([303, 400], target).toContain(chosen.status);
      expectStays(chosen, target);
    }
  });

  it('signing out leads to registered addresses alone, and to those of the same client', async () => {
    const { id_token } = await stage.tokensOf(2);
    for (const target of [
      ...TARGETS,
      'https://thief.example.test/',
      'https://portal.example.test/?x',
      'https://portal.example.test',
    ]) {
      for (const hint of [{ id_token_hint: id_token }, { client_id: 'portal' }, {}] as Record<
        string,
        string
      >[]) {
        const query = new URLSearchParams({ ...hint, post_logout_redirect_uri: target });
        const page = await visitor().request(at(`/session/end?${query}`));
        expect([200, 400], target).toContain(page.status);
        if (Object.keys(hint).length > 0) expect(page.status, target).toBe(400);
        expectStays(page, target);
      }
    }
  });
});

describe('class 12 scripts in parameters', () => {
  const PAYLOADS = [
    '<script>evil()</script>',
    '"><img src=x onerror=evil()>',
    "'><svg/onload=evil()>",
    '</title><script>evil()</script>',
    '" autofocus onfocus=evil() x="',
    'javascript:evil()',
    'JAVASCRIPT:evil()//https://portal.example.test',
    '<a href="javascript:evil()">x</a>',
    '{{constructor.constructor("evil()")()}}',
    '#{evil()}',
    '!{evil()}',
    '<!--<img src="--><img src=x onerror=evil()//">',
    '\u003cscript\u003eevil()\u003c/script\u003e',
    '%3Cscript%3Eevil()%3C/script%3E',
  ];

  /** Nothing of what was sent has become an element, an attribute or an address. */
  function expectInert({ body, headers }: Page, what: string): void {
    if (!headers.get('content-type')?.startsWith('text/html')) return;
    const html = parse(body);
    for (const script of html.querySelectorAll('script')) {
      expect(script.getAttribute('src'), what).toMatch(/^\/assets\//);
      expect(script.text, what).toBe('');
    }
    for (const element of html.querySelectorAll('*')) {
      for (const [name, value] of Object.entries(element.attributes)) {
        expect(name, what).not.toMatch(/^on/i);
        if (['href', 'src', 'action', 'formaction'].includes(name))
          expect(value, what).not.toMatch(/^\s*(javascript|data):/i);
      }
      expect(['IFRAME', 'OBJECT', 'EMBED', 'BASE'], what).not.toContain(element.tagName);
    }
    expect(body, what).not.toMatch(/<img src=x|<svg\/onload|<script>evil/i);
  }

  it('of an authorization request', async () => {
    const honest = new URL(at(await authorization()));
    const names = [
      ...honest.searchParams.keys(),
      'login_hint',
      'ui_locales',
      'id_token_hint',
      'claims',
      'error',
      'display',
    ];
    for (const payload of PAYLOADS) {
      for (const name of names) {
        const url = new URL(honest);
        url.searchParams.set(name, payload);
        const guest = visitor();
        const page = await guest.request(url);
        expectInert(page, `${name}=${payload}`);
        const next = page.headers.get('location') ?? '';
        if (next.startsWith('/interaction/'))
          expectInert(await guest.request(at(next)), `${name}=${payload}`);
      }
    }
  });

  it('in every mode an answer may come in', async () => {
    for (const payload of PAYLOADS) {
      for (const response_mode of ['query', 'fragment', 'form_post', 'web_message', payload]) {
        for (const change of [
          { scope: payload },
          { state: payload, prompt: 'none' },
          { prompt: payload, state: payload },
        ]) {
          const page = await visitor().request(at(await authorization({ response_mode, ...change })));
          if (page.body.includes('document.forms[0].submit()')) {
            // The page that posts itself; it may hold the state, as text.
            expect(page.html.querySelector('form')?.getAttribute('action')).toBe(REDIRECT_URI);
            expect(page.headers.get('content-security-policy')).toContain(
              "form-action 'self' https://portal.example.test",
            );
            expect(page.html.querySelectorAll('img,svg,a')).toEqual([]);
            expect(
              page.html
                .querySelectorAll('input')
                .every((input) => Object.keys(input.attributes).length === 3),
            ).toBe(true);
          } else expectInert(page, `${response_mode} ${JSON.stringify(change)}`);
        }
      }
    }
  });

  it('of signing out, of the sign-in form, of unknown pages', async () => {
    const form = signInPage.url.pathname;
    for (const payload of PAYLOADS) {
      for (const name of [
        'state',
        'id_token_hint',
        'post_logout_redirect_uri',
        'client_id',
        'ui_locales',
        'logout_hint',
      ]) {
        expectInert(
          await person.request(at(`/session/end?${new URLSearchParams({ [name]: payload })}`)),
          name,
        );
        expectInert(
          await person.request(at(`/session/end/success?${new URLSearchParams({ [name]: payload })}`)),
          name,
        );
      }
      expectInert(
        await person.request(at(`${form}?${new URLSearchParams({ by: payload, error: payload })}`)),
        payload,
      );
      expectInert(await person.request(at(`/${encodeURIComponent(payload)}`)), payload);
      expectInert(await person.request(at(`/interaction/${encodeURIComponent(payload)}`)), payload);
      const typed = await post(`${form}/password`, {
        csrf: csrfOf(signInPage),
        by: 'email',
        identifier: payload,
        password: payload,
      });
      expect(typed.status).toBe(422);
      expect(typed.html.querySelector('input[name=identifier]')?.getAttribute('value')).toBe(payload);
      expectInert(typed, payload);
    }
  });

  it('of a client’s own name and address', async () => {
    for (const [index, payload] of PAYLOADS.entries()) {
      await stage.open.house.clients.save(
        {
          client_id: `loud-${index}`,
          client_name: payload,
          owner: payload,
          client_uri: 'javascript:evil()',
          token_endpoint_auth_method: 'none',
          redirect_uris: ['https://loud.example.test/callback'],
          scope: 'openid profile email',
        },
        'test',
      );
      const change = {
        client_id: `loud-${index}`,
        redirect_uri: 'https://loud.example.test/callback',
        scope: 'openid profile email',
      };
      const signIn = await visitor().open(at(await authorization(change)));
      expectInert(signIn, payload);
      const consent = await person.open(at(await authorization(change)));
      expectInert(consent, payload);
    }
  });
});

describe('#96 #97 the headers of every kind of answer', () => {
  type Answer = { readonly what: string; readonly get: () => Promise<Page> };
  const answers = (): Answer[] => [
    { what: 'front page', get: () => person.request(at('/')) },
    { what: 'sign-in', get: () => person.request(signInPage.url) },
    {
      what: 'wrong password',
      get: () =>
        post(`${signInPage.url.pathname}/password`, {
          csrf: csrfOf(signInPage),
          by: 'email',
          identifier: addressOf(8),
          password: 'x',
        }),
    },
    { what: 'cabinet', get: () => person.request(at('/cabinet')) },
    { what: 'cabinet, sent to sign in', get: () => visitor().request(at('/cabinet')) },
    { what: 'sign-out question', get: () => person.request(at('/session/end')) },
    { what: 'sign-out done', get: () => visitor().request(at('/session/end/success')) },
    { what: 'authorization redirect', get: async () => visitor().request(at(await authorization())) },
    { what: 'authorization error page', get: () => visitor().request(at('/auth?client_id=nobody')) },
    { what: 'code redirect', get: async () => person.request(at(await authorization())) },
    {
      what: 'form_post',
      get: async () => person.request(at(await authorization({ response_mode: 'form_post' }))),
    },
    { what: 'expired page', get: () => visitor().request(signInPage.url) },
    { what: 'unknown page', get: () => person.request(at('/nowhere')) },
    { what: 'refused form', get: () => post('/locale', { csrf: 'x' }) },
    { what: 'refused method', get: () => person.request(at('/'), { method: 'PATCH' }) },
    { what: 'discovery', get: () => visitor().request(at('/.well-known/openid-configuration')) },
    { what: 'keys', get: () => visitor().request(at('/jwks')) },
    { what: 'token error', get: () => visitor().request(at('/token'), { method: 'POST' }) },
    { what: 'userinfo error', get: () => visitor().request(at('/me')) },
    { what: 'registration error', get: () => visitor().request(at('/reg'), { method: 'POST' }) },
    {
      what: 'style sheet',
      get: async () =>
        visitor().request(
          new URL(
            signInPage.html.querySelector('link[rel=stylesheet]')?.getAttribute('href') ?? '',
            stage.issuer,
          ),
        ),
    },
    { what: 'unknown file', get: () => visitor().request(at('/assets/x/y.css')) },
    { what: 'robots.txt', get: () => visitor().request(at('/robots.txt')) },
    {
      what: 'preflight',
      get: () =>
        visitor().request(at('/token'), {
          method: 'OPTIONS',
          headers: { origin: 'https://evil.test', 'access-control-request-method': 'POST' },
        }),
    },
  ];

  it('nosniff, no framing, no referrer, a strict policy', async () => {
    for (const { what, get } of answers()) {
      const { headers } = await get();
      expect(headers.get('x-content-type-options'), what).toBe('nosniff');
      expect(headers.get('x-frame-options'), what).toBe('DENY');
      expect(headers.get('referrer-policy'), what).toBe('no-referrer');
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy, what).toContain("default-src 'none'");
      expect(policy, what).toContain("frame-ancestors 'none'");
      expect(policy, what).toContain("base-uri 'none'");
      expect(policy, what).toMatch(/form-action 'self'/);
      expect(policy, what).not.toMatch(/unsafe-|\*|data:|http:(?!\/\/)/);
      expect(headers.get('x-powered-by'), what).toBeNull();
      expect(headers.get('server'), what).toBeNull();
      expect(headers.get('strict-transport-security'), what).toBeNull();
    }
  });

  it('pages are UTF-8, whole, and kept by nobody', async () => {
    for (const { what, get } of answers()) {
      const { headers, html, status } = await get();
      const type = headers.get('content-type') ?? '';
      if (!/style sheet|robots/.test(what)) {
        expect(headers.get('cache-control') ?? '', what).toMatch(/no-store|max-age/);
      }
      if (!type.startsWith('text/html')) continue;
      expect(type, what).toBe('text/html; charset=utf-8');
      expect(headers.get('cache-control'), what).toMatch(/no-store/);
      if (status !== 303 && what !== 'form_post')
        expect(html.querySelector('html[lang] h1'), what).not.toBeNull();
    }
  });

  it('#98 nothing is fetched from another host, nothing is written inline', async () => {
    for (const { what, get } of answers()) {
      const { html, url, headers } = await get();
      if (!headers.get('content-type')?.startsWith('text/html')) continue;
      for (const element of html.querySelectorAll('[src],link[href]')) {
        const address = element.getAttribute('src') ?? element.getAttribute('href') ?? '';
        expect(new URL(address, url).origin, what).toBe(stage.issuer);
      }
      expect(html.querySelectorAll('style,[style]').length, what).toBe(0);
      if (what !== 'form_post') expect(html.querySelectorAll('script:not([src])').length, what).toBe(0);
    }
  });
});

describe('#49 CORS', () => {
  const FOREIGN = [
    'https://evil.test',
    'null',
    'https://portal.example.test.evil.test',
    'http://portal.example.test',
  ];
  const allowed = (headers: Headers) => headers.get('access-control-allow-origin');

  it('pages and the authorization endpoint are for nobody’s scripts', async () => {
    for (const origin of [...FOREIGN, 'https://portal.example.test']) {
      for (const path of [
        '/',
        '/cabinet',
        await authorization(),
        '/session/end',
        signInPage.url.pathname,
        '/nowhere',
      ]) {
        const { headers } = await person.request(at(path), { headers: { origin } });
        expect(allowed(headers), `${path} ${origin}`).toBeNull();
        expect(headers.get('access-control-allow-credentials')).toBeNull();
      }
    }
  });

  it('tokens are for the scripts of their own client, and never with cookies', async () => {
    const arrival = await stage.arrive(3);
    for (const origin of FOREIGN) {
      const { headers } = await stage.redeem(arrival, {}, { ...asPortal, origin });
      expect([null, '*'].includes(allowed(headers)), origin).toBe(true);
      expect(allowed(headers), origin).not.toBe('*');
    }
    const fresh = await stage.arrive(3);
    const own = await stage.redeem(fresh, {}, { ...asPortal, origin: 'https://portal.example.test' });
    expect(own.status).toBe(200);
    expect(allowed(own.headers)).toBe('https://portal.example.test');
    expect(own.headers.get('access-control-allow-credentials')).toBeNull();
    expect(own.headers.get('vary')).toMatch(/origin/i);
  });

  it('userinfo likewise', async () => {
    const { access_token } = await stage.tokensOf(3);
    const ask = (origin: string) =>
      fetch(at('/me'), { headers: { authorization: `Bearer ${access_token}`, origin } });
    for (const origin of FOREIGN) expect(allowed((await ask(origin)).headers), origin).toBeNull();
    expect(allowed((await ask('https://portal.example.test')).headers)).toBe('https://portal.example.test');
  });

  it('discovery and keys are for everybody', async () => {
    for (const path of ['/.well-known/openid-configuration', '/jwks']) {
      const { headers } = await fetch(at(path), { headers: { origin: 'https://anybody.test' } });
      expect([allowed(headers), headers.get('access-control-allow-credentials')], path).toEqual([
        expect.stringMatching(/^(\*|https:\/\/anybody\.test)$/),
        null,
      ]);
    }
  });
});
