/** A browser reduced to what a load needs: cookies by path, and the headers that servers look at. */
import type { Answer, Connection, Request } from './connection.ts';

export type Browser = { send(request: Request): Promise<Answer> };

type Cookie = { readonly name: string; readonly value: string; readonly path: string };

const HEADERS = {
  accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8',
  'accept-language': 'ru',
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
};

export function openBrowser(connection: Connection, origin: string): Browser {
  const jar = new Map<string, Cookie>();
  return {
    async send({ method, path, form }) {
      const answer = await connection.request({
        method,
        path,
        headers: {
          ...HEADERS,
          cookie: cookiesFor(jar.values(), path),
          ...(method === 'POST' && { origin, 'sec-fetch-site': 'same-origin' }),
        },
        ...(form && { form }),
      });
      for (const line of [answer.headers['set-cookie'] ?? []].flat()) keep(jar, line);
      return answer;
    },
  };
}

function cookiesFor(cookies: Iterable<Cookie>, target: string): string {
  const [path = ''] = target.split('?', 1);
  const fitting: string[] = [];
  for (const cookie of cookies) {
    // RFC 6265 §5.1.4.
    const fits = path === cookie.path || path.startsWith(cookie.path === '/' ? '/' : `${cookie.path}/`);
    if (fits) fitting.push(`${cookie.name}=${cookie.value}`);
  }
  return fitting.join('; ');
}

function keep(jar: Map<string, Cookie>, line: string): void {
  const [pair = '', ...attributes] = line.split('; ');
  const equals = pair.indexOf('=');
  const [name, value] = [pair.slice(0, equals), pair.slice(equals + 1)];
  const attribute = (wanted: string) =>
    attributes.find((one) => one.toLowerCase().startsWith(`${wanted}=`))?.slice(wanted.length + 1);
  const path = attribute('path') ?? '/';
  const expires = attribute('expires');
  if (value === '' || (expires !== undefined && Date.parse(expires) <= Date.now()))
    jar.delete(`${name} ${path}`);
  else jar.set(`${name} ${path}`, { name, value, path });
}
