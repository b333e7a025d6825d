/**
 * What a developer copies from the developer pages works as it stands: signs in, refreshes, is told of a sign-out
 * elsewhere and signs out itself. Each stack is its own program, on a gateway with people.
 */
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stacks } from '../../../clients/developers/snippets/snippets.ts';
import { addressOf, gather } from '../../support/crowd.ts';
import { type OpenHouse, openHouse, PASSWORD } from '../../support/house.ts';
import { fetchPages } from '../../support/reach.ts';
import { freePort } from '../../support/services/free-port.ts';
import type { Server } from '../../support/services/server.ts';
import { startApache } from '../../support/stacks/apache.ts';
import { startStack } from '../../support/stacks/workbench.ts';
import { testStores } from '../../support/stores.ts';
import { type Page, type Visitor, visitor } from '../../support/visitor.ts';

const SCOPE = 'openid profile';
const SECRET = 'a secret of an integration, forty-three long';
/** A refresh, a delivery: by jobs and by other programs. */
const PATIENCE = { timeout: 20_000, interval: 100 };

/** How a person's browser gets about in each of the applications. */
type Ways = {
  readonly signIn: string;
  readonly signOut: readonly [method: 'GET' | 'POST', path: string];
  readonly refresh: readonly [method: 'GET' | 'POST', path: string];
  readonly arrival?: string;
};
const OWN: Ways = { signIn: '/login', signOut: ['POST', '/logout'], refresh: ['POST', '/refresh'] };
const WAYS: Readonly<Record<string, Ways>> = {
  'node-express': { ...OWN, signOut: ['GET', '/logout'] },
  apache: {
    signIn: '/',
    signOut: ['GET', '/redirect_uri?logout='],
    refresh: ['GET', '/refreshing.shtml'],
    arrival: '/signed-out.html',
  },
};

let open: OpenHouse;
beforeAll(async () => {
  open = await openHouse(await testStores(), false);
  await gather(open.house.stores.database, open.house.hasher, 9);
});
afterAll(() => open.close());

const refreshes = (clientId: string): number =>
  open
    .logged()
    .split('\n')
    .filter((line) => line.includes('"grantType":"refresh_token"') && line.includes(`"${clientId}"`)).length;

const CHECKS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  php: ['/usr/bin/php', '-l'],
  python: ['/usr/bin/python3', '-c', 'import ast, sys; ast.parse(open(sys.argv[1]).read())'],
};
const judged = new Map(stacks.flatMap(({ files }) => files).map(({ path, language }) => [path, language]));
it.each([...judged].filter(([, language]) => language in CHECKS))('%s is well-formed', (path, language) => {
  const [program, ...options] = CHECKS[language] ?? ['false'];
  execFileSync(program, [...options, `clients/developers/snippets/${path}`]);
});

const servers = stacks.filter(({ executed, kinds }) => executed && kinds.includes('web'));

describe.each(servers.map((stack, at) => [stack.id, stack, at + 1] as const))('%s', (id, stack, number) => {
  const ways = WAYS[id] ?? OWN;
  let origin: string;
  let arrival: string;
  let server: Server;
  beforeAll(async () => {
    const port = await freePort();
    origin = `http://localhost:${port}`;
    arrival = `${origin}${ways.arrival ?? '/'}`;
    const redirectUri = `${origin}${stack.callback}`;
    await open.house.clients.save(
      {
        client_id: id,
        client_name: stack.title.ru,
        client_secret: SECRET,
        redirect_uris: [redirectUri],
        post_logout_redirect_uris: [arrival],
        backchannel_logout_uri: `${origin}${stack.backchannel_logout}`,
        backchannel_logout_session_required: true,
        scope: SCOPE,
      },
      'test',
    );
    const values = {
      issuer: open.issuer,
      client_id: id,
      client_secret: SECRET,
      redirect_uri: redirectUri,
      post_logout_redirect_uri: arrival,
      scope: SCOPE,
    };
    server = await (id === 'apache' ? startApache : startStack)(stack, values, port);
  });
  afterAll(() => server?.stop());

  /** From the application's door to its page: what that says of her. */
  const enter = async (person: Visitor): Promise<Record<string, unknown>> => {
    let page = await person.open(`${origin}${ways.signIn}`);
    if (page.html.querySelector('input[name=password]')) {
      const fields = { by: 'email', identifier: addressOf(number), password: PASSWORD };
      page = await person.follow(await person.submit(page, /\/password$/, fields));
    }
    if (page.html.querySelector('form[action$=consent]')) {
      page = await person.follow(await person.submit(page, /\/consent$/));
    }
    expect([page.url.origin, page.status], page.body).toEqual([origin, 200]);
    return JSON.parse(page.body) as Record<string, unknown>;
  };
  const isIn = async (person: Visitor): Promise<boolean> =>
    (await person.request(origin)).body.includes('"sub"');
  const go = (person: Visitor, [method, path]: Ways['refresh'], rest = ''): Promise<Page> =>
    person.request(`${origin}${path}${rest}`, { method });

  it('signs in, refreshes, and signs out', async () => {
    const person = visitor({}, fetchPages());
    expect(await enter(person)).toMatchObject({
      iss: open.issuer,
      sub: expect.stringMatching(/./),
      name: `Прохожий Номер ${number}`,
    });
    const before = refreshes(id);
    expect((await go(person, ways.refresh)).status).toBeLessThan(300);
    expect(refreshes(id)).toBeGreaterThan(before);
    expect(await isIn(person)).toBe(true);

    const rest = ways.arrival === undefined ? '' : encodeURIComponent(arrival);
    const question = await person.follow(await go(person, ways.signOut, rest));
    expect(question.url.origin, question.body).toBe(open.issuer);
    const left = await person.submit(question, /confirm/, { logout: 'yes' });
    const arrived = await person.follow(left, (url) => url.href.startsWith(arrival));
    expect(arrived.url.href).toMatch(new RegExp(`^${arrival}(\\?|$)`));
    expect(await isIn(person)).toBe(false);
    expect((await person.request(`${open.issuer}/cabinet`)).status).toBe(303);
  });

  it('ends her session when she signs out elsewhere', async () => {
    const person = visitor({}, fetchPages());
    await enter(person);
    const question = await person.open(`${open.issuer}/session/end`);
    await person.submit(question, /confirm/, { logout: 'yes' });
    await expect.poll(() => isIn(person), PATIENCE).toBe(false);
  });
});
