/** A browser without a screen: cookies as a browser keeps them, forms as it would send them, redirects one by one. */
import { type HTMLElement, parse } from 'node-html-parser';
import { CookieJar } from 'tough-cookie';
import type { Fetch } from './reach.ts';
import { keepSecrets } from './run-log.ts';

export type Page = {
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  readonly html: HTMLElement;
};

export type Visitor = {
  readonly jar: CookieJar;
  /** One request, redirects not followed. */
  request(url: string | URL, init?: RequestInit): Promise<Page>;
  /** Follows redirects while `stopAt` does not recognise the next address; that address is then `url` of the result. */
  follow(page: Page, stopAt?: (next: URL) => boolean): Promise<Page>;
  open(url: string | URL): Promise<Page>;
  /** Submits the page's form whose action matches, with its hidden fields and `fields` over them. */
  submit(page: Page, action: RegExp, fields?: Record<string, string>): Promise<Page>;
};

const USER_AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';
const REDIRECTS_AT_MOST = 12;

/** What a redirect carries that nobody else may see. */
function secretsIn(location: string | null, base: URL): readonly (string | null)[] {
  const { searchParams } = new URL(location ?? '', base);
  return ['code', 'state', 'id_token_hint', 'access_token', 'response'].map((name) => searchParams.get(name));
}

/** `reach`: how her requests get to the gateway. */
export function visitor(headers: Record<string, string> = {}, reach: Fetch = fetch): Visitor {
  const jar = new CookieJar();

  const request: Visitor['request'] = async (target, init = {}) => {
    const url = new URL(target);
    const response = await reach(url, {
      redirect: 'manual',
      ...init,
      headers: {
        'user-agent': USER_AGENT,
        accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8',
        'accept-language': 'ru',
        ...headers,
        cookie: await jar.getCookieString(url.href),
        ...(init.headers as Record<string, string> | undefined),
      },
    });
    for (const cookie of response.headers.getSetCookie()) await jar.setCookie(cookie, url.href);
    keepSecrets(...secretsIn(response.headers.get('location'), url));
    const body = await response.text();
    return { url, status: response.status, headers: response.headers, body, html: parse(body) };
  };

  const follow: Visitor['follow'] = async (page, stopAt = () => false) => {
    let current = page;
    for (let hop = 0; hop < REDIRECTS_AT_MOST; hop += 1) {
      const location = current.headers.get('location');
      if (current.status < 300 || current.status > 399 || location === null) return current;
      const next = new URL(location, current.url);
      if (stopAt(next)) return { ...current, url: next };
      current = await request(next);
    }
    throw new Error(`more than ${REDIRECTS_AT_MOST} redirects, the last from ${current.url.href}`);
  };

  return {
    jar,
    request,
    follow,
    open: async (url) => follow(await request(url)),
    async submit(page, action, fields = {}) {
      const form = page.html
        .querySelectorAll('form')
        .find((one) => action.test(one.getAttribute('action') ?? ''));
      if (!form) throw new Error(`no form for ${action} on ${page.url.href} (${page.status})`);
      const values: Record<string, string> = {};
      for (const input of form.querySelectorAll('input')) {
        const { name, value = '', type } = input.attributes;
        if (name !== undefined && !['checkbox', 'radio', 'submit'].includes(type ?? '')) values[name] = value;
      }
      return request(new URL(form.getAttribute('action') ?? '', page.url), {
        method: 'POST',
        headers: { origin: page.url.origin, 'sec-fetch-site': 'same-origin' },
        body: new URLSearchParams({ ...values, ...fields }),
      });
    },
  };
}
