/** Who gets into an application that is still being tried out, whichever way it asks. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenHouse, openHouse, PASSWORD } from '../../support/house.ts';
import { type Api, accountOf, apiWith, registerDevelopers, tokenFor } from '../../support/management-api.ts';
import { type RelyingParty, relyingParty } from '../../support/relying-party.ts';
import { testStores } from '../../support/stores.ts';
import { type Page, type Visitor, visitor } from '../../support/visitor.ts';

const SITE = 'http://127.0.0.1:8124';
const CALLBACK = `${SITE}/callback`;
const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const MARK = 'Тестовое приложение';
const NOT_YET = 'Приложение ещё проверяется';
const ADDRESSES = {
  owner: 'anna@example.test',
  tester: 'petrov1@example.test',
  stranger: 'ivanova@example.test',
} as const;
type Who = keyof typeof ADDRESSES;

/** One request of the application: the page it leads the person to, and how the application hears the end of it. */
type Asked = { readonly page: Page; answerAfter(page: Page): Promise<string | null> };
type Way = (person: Visitor) => Promise<Asked>;

let open: OpenHouse;
let owner: Api;
let reviewer: Api;
let web: { readonly client_id: string; readonly client_secret: string };
let device: { readonly client_id: string };
let party: RelyingParty;
const people = {} as Record<Who, Visitor>;

beforeAll(async () => {
  open = await openHouse({ ...(await testStores()), THROTTLE: 'off' });
  await registerDevelopers(open);
  owner = apiWith(open, await tokenFor(open, await accountOf(open, ADDRESSES.owner)));
  const administrator = await accountOf(open, 'ryabov@example.test');
  await open.house.stores.database.query(
    "insert into staff_role (account_id, role, granted_by) values ($1, 'administrator', 'test')",
    [administrator],
  );
  const reviewing = 'integrations:read integrations:write integrations:review';
  reviewer = apiWith(open, await tokenFor(open, administrator, reviewing));
  web = await created({
    name: 'Викторина',
    kind: 'web',
    authentication: 'secret',
    redirect_uris: [CALLBACK],
  });
  device = await created({ name: 'Табло', kind: 'device', authentication: 'none', redirect_uris: [] });
  party = await relyingParty({
    ...{ issuer: open.issuer, clientId: web.client_id, secret: web.client_secret, redirectUri: CALLBACK },
    scope: 'openid email',
  });
  for (const [who, identifier] of Object.entries(ADDRESSES)) people[who as Who] = await signedIn(identifier);
});
afterAll(() => open?.close());

async function created(fields: Record<string, unknown>) {
  const made = await owner('POST', '/integrations', { body: { site: SITE, ...fields } });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  const { client_id } = made.body;
  const seen = await owner('GET', `/integrations/${client_id}`);
  const named = await owner('PATCH', `/integrations/${client_id}`, {
    body: { testers: [ADDRESSES.tester] },
    ifMatch: String(seen.headers.get('etag')),
  });
  expect(named.status).toBe(200);
  return made.body;
}

/** At the gateway already, so that only the application's own questions are left. */
async function signedIn(identifier: string): Promise<Visitor> {
  const person = visitor();
  const page = await person.open(`${open.issuer}/cabinet`);
  await person.follow(
    await person.submit(page, /\/password$/, { by: 'email', identifier, password: PASSWORD }),
  );
  return person;
}

const post = (where: string, fields: Record<string, string> | URLSearchParams, headers = {}) =>
  fetch(`${open.issuer}${where}`, { method: 'POST', headers, body: new URLSearchParams(fields) });

async function atApplication(person: Visitor, address: string | URL): Promise<Asked> {
  const page = await person.follow(await person.request(address), party.isCallback);
  return {
    page,
    async answerAfter(last) {
      const { url } = await person.follow(last, party.isCallback);
      expect(party.isCallback(url), url.href).toBe(true);
      return url.searchParams.get('error');
    },
  };
}

const WAYS: Readonly<Record<string, Way>> = {
  async 'by an address'(person) {
    return atApplication(person, (await party.start({ prompt: 'consent' })).url);
  },
  async 'by a pushed request'(person) {
    const { url } = await party.start({ prompt: 'consent' });
    const authorization = `Basic ${btoa(`${web.client_id}:${web.client_secret}`)}`;
    const pushed = await post('/request', url.searchParams, { authorization });
    expect(pushed.status).toBe(201);
    const { request_uri } = (await pushed.json()) as { request_uri: string };
    const parameters = new URLSearchParams({ client_id: web.client_id, request_uri });
    return atApplication(person, `${open.issuer}/auth?${parameters}`);
  },
  async 'from a device'(person) {
    const { client_id } = device;
    const begun = await post('/device/auth', { client_id, scope: 'openid email', prompt: 'consent' });
    const codes = (await begun.json()) as Record<'device_code' | 'verification_uri_complete', string>;
    const confirm = await person.open(codes.verification_uri_complete);
    return {
      page: await person.follow(await person.submit(confirm, /\/device$/, { confirm: 'yes' })),
      async answerAfter(last) {
        await person.follow(last);
        const { device_code } = codes;
        const polled = await post('/token', { grant_type: DEVICE_GRANT, device_code, client_id });
        return ((await polled.json()) as { error?: string }).error ?? null;
      },
    };
  },
};

const title = ({ html }: Page) => html.querySelector('h1')?.text;

/** What the application hears when nobody may be asked anything. */
const inSilence = async (who: Who) =>
  (await atApplication(people[who], (await party.start({ prompt: 'none' })).url)).page.url.searchParams;

describe.each(Object.entries(WAYS))('an application in test that asks %s', (_way, ask) => {
  it.each(['owner', 'tester'] as const)(
    'lets in its %s, who reads that it is being tried out',
    async (who) => {
      const { page, answerAfter } = await ask(people[who]);
      expect(title(page)).toBe('Доступ к Вашим данным');
      expect(page.html.text).toContain(MARK);
      expect(await answerAfter(await people[who].submit(page, /\/consent$/))).toBeNull();
    },
  );

  it('shows anybody else that it is not open yet, and hears that she went back', async () => {
    const { page, answerAfter } = await ask(people.stranger);
    expect(title(page)).toBe(NOT_YET);
    expect(await answerAfter(await people.stranger.submit(page, /\/abort$/))).toBe('access_denied');
  });
});

it('in test, and with nobody to be asked: whom it may let in it gets, of others it hears a refusal', async () => {
  for (const who of ['owner', 'tester'] as const) {
    expect((await inSilence(who)).get('code'), who).toBeTruthy();
  }
  expect(Object.fromEntries(await inSilence('stranger'))).toMatchObject({ error: 'access_denied' });
});

describe('once it is approved', () => {
  beforeAll(async () => {
    for (const { client_id } of [web, device]) {
      const asked = await owner('POST', `/integrations/${client_id}/requests`, {
        body: { wanted: 'production', scopes: [], purpose: 'Викторина для всех', contact: ADDRESSES.owner },
      });
      const approved = await reviewer('POST', `/requests/${asked.body.id}/approval`, { body: {} });
      expect(approved.status, JSON.stringify(approved.body)).toBe(201);
    }
  });

  it.each(Object.entries(WAYS))('everybody may enter, asked %s', async (_way, ask) => {
    const { page, answerAfter } = await ask(people.stranger);
    expect(title(page)).toBe('Доступ к Вашим данным');
    expect(page.html.text).not.toContain(MARK);
    expect(await answerAfter(await people.stranger.submit(page, /\/consent$/))).toBeNull();
    expect((await inSilence('stranger')).get('error') ?? 'let in').toBe('let in');
  });
});
