/** What a developer copies for an application in the browser, in a real one: sign-in, refresh and sign-out. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { filesOf, stacks, type Values } from '../../clients/developers/snippets/snippets.ts';
import { freePort } from '../support/services/free-port.ts';
import { useBrowser } from './support/browsing.ts';
import { expectHeading, fillIn } from './support/walks.ts';

const { browse } = useBrowser();
const { federation } = inject('playground');

const PACKAGES = new URL('../../node_modules/', import.meta.url);
/** As a bundler would find them. */
const IMPORTS = {
  'oidc-client-ts': 'oidc-client-ts/dist/esm/oidc-client-ts.js',
  'jwt-decode': 'jwt-decode/build/esm/index.js',
};

let server: Server;
let origin: string;
beforeAll(async () => {
  const port = await freePort();
  origin = `http://localhost:${port}`;
  const values = {
    issuer: federation.issuer,
    redirect_uri: `${origin}/callback`,
    post_logout_redirect_uri: `${origin}/`,
    scope: 'openid profile',
  };
  const registered = await fetch(`${federation.issuer}/reg`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${federation.initial_access_token}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      client_name: 'Приложение в браузере',
      token_endpoint_auth_method: 'none',
      redirect_uris: [values.redirect_uri],
      post_logout_redirect_uris: [values.post_logout_redirect_uri],
      scope: values.scope,
    }),
  });
  const { client_id } = (await registered.json()) as { client_id: string };
  server = serve({ ...values, client_id }).listen(port, 'localhost');
  await once(server, 'listening');
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

function serve(values: Values): Server {
  const stack = stacks.find(({ id }) => id === 'browser-spa');
  if (!stack) throw new Error('there is no such stack');
  const texts = new Map(filesOf(stack, values).map(({ name, text }) => [name, text]));
  const map = Object.fromEntries(Object.keys(IMPORTS).map((name) => [name, `/packages/${name}`]));
  const page = texts
    .get('index.html')
    ?.replace('</head>', `<script type="importmap">${JSON.stringify({ imports: map })}</script></head>`);
  return createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', origin);
    const [, name = ''] = /^\/packages\/(.*)$/.exec(pathname) ?? [];
    const file = IMPORTS[name as keyof typeof IMPORTS];
    const script = file ? readFileSync(new URL(file, PACKAGES), 'utf8') : texts.get(pathname.slice(1));
    const isPage = pathname === '/' || pathname === '/callback';
    if (isPage) response.setHeader('content-type', 'text/html').end(page);
    else if (script) response.setHeader('content-type', 'text/javascript').end(script);
    else response.writeHead(204).end();
  });
}

it('the snippet of oidc-client-ts signs in with tokens bound to its key, refreshes and signs out', async () => {
  const { page } = await browse();
  const granted: string[] = [];
  page.on('response', (answer) => {
    const { pathname } = new URL(answer.url());
    const sent = new URLSearchParams(answer.request().postData() ?? '');
    if (pathname === '/token' && answer.ok()) granted.push(sent.get('grant_type') ?? '');
  });
  const person = page.locator('#person');
  await page.goto(origin);
  await page.getByRole('button', { name: 'Войти' }).click();
  await expectHeading(page, 'Вход');
  await fillIn(page, { email: 'sofia@example.test' });
  await expectHeading(page, 'Доступ к Вашим данным');
  await page.getByRole('button', { name: 'Разрешить' }).click();

  await person.getByText('"sub"').waitFor();
  const seen = JSON.parse((await person.textContent()) ?? '') as Record<string, unknown>;
  expect(seen).toMatchObject({ iss: federation.issuer, sub: expect.any(String), name: expect.any(String) });
  expect(page.url()).toBe(`${origin}/`);

  await page.getByRole('button', { name: 'Обновить токены' }).click();
  await expect.poll(() => granted).toEqual(['authorization_code', 'refresh_token']);
  await person.getByText('"sub"').waitFor();

  await page.getByRole('button', { name: 'Выйти' }).click();
  await expectHeading(page, /Выйти/);
  await page.getByRole('button', { name: 'Выйти везде' }).click();
  await page.waitForURL((url) => url.origin === origin);
  await page.getByRole('button', { name: 'Войти' }).waitFor();
  expect(await person.textContent()).toBe('');
});
