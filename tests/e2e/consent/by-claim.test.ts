import { fetchUserInfo, refreshTokenGrant, tokenIntrospection } from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenHouse, openHouse, PASSWORD } from '../../support/house.ts';
import { ACME_SECRET, thirdParty } from '../../support/portals.ts';
import { type RelyingParty, relyingParty } from '../../support/relying-party.ts';
import { testStores } from '../../support/stores.ts';
import { type Page, type Visitor, visitor } from '../../support/visitor.ts';
import { fillIn, toSignIn } from '../../support/walks.ts';

let open: OpenHouse;
let acme: RelyingParty;
beforeAll(async () => {
  open = await openHouse({ ...(await testStores()), THROTTLE: 'off' });
  acme = await thirdParty(open);
  await register({});
});
afterAll(() => open.close());

const register = (changes: object) =>
  open.house.clients.save(
    {
      client_id: 'acme-quiz',
      client_name: 'Викторина «Акме»',
      owner: 'ООО «Акме»',
      client_secret: ACME_SECRET,
      redirect_uris: [acme.redirectUri],
      scope: 'openid profile email phone offline_access',
      optional_claims: ['email', 'phone_number'],
      ...changes,
    },
    'test',
  );
/** Clients are kept for five seconds; the test does not wait for them. */
const registerAs = async (clientId: string, changes: object): Promise<RelyingParty> => {
  await open.house.clients.save(
    {
      client_id: clientId,
      client_name: clientId,
      client_secret: ACME_SECRET,
      redirect_uris: [acme.redirectUri],
      scope: 'openid profile email phone',
      ...changes,
    },
    'test',
  );
  const { issuer } = open;
  return relyingParty({ issuer, clientId, secret: ACME_SECRET, redirectUri: acme.redirectUri });
};

/** Signed in, and in front of whatever comes next. */
async function arrive(portal: RelyingParty, identifier: string, parameters: Record<string, string>) {
  const person = visitor();
  const { started, page } = await toSignIn(person, portal, parameters);
  return { person, started, page: await fillIn(person, portal, page, { identifier }) };
}

const CONSENT = /\/consent$/;
const offered = ({ html }: Page) =>
  html.querySelectorAll('input[type="checkbox"]').map((input) => input.getAttribute('name'));
const preset = ({ html }: Page) =>
  html.querySelectorAll('input[type="checkbox"][checked]').map((input) => input.getAttribute('name'));
const isConsent = ({ body }: Page) => body.includes('Разрешить');

async function allow(
  portal: RelyingParty,
  person: Visitor,
  page: Page,
  started: Awaited<ReturnType<RelyingParty['start']>>,
  ticks: Record<string, string>,
) {
  const arrived = await person.follow(await person.submit(page, CONSENT, ticks), portal.isCallback);
  const tokens = await portal.finish(arrived.url, started);
  const told = () => fetchUserInfo(portal.config, tokens.access_token, tokens.claims()?.sub ?? '');
  return { tokens, told };
}

async function again(portal: RelyingParty, person: Visitor, parameters: Record<string, string>) {
  const started = await portal.start(parameters);
  return { started, page: await person.follow(await person.request(started.url), portal.isCallback) };
}

describe('consent by claim', () => {
  const scope = 'openid profile email phone';

  it('names the client, its owner and each claim with its value, and what may be declined', async () => {
    const { page } = await arrive(acme, 'ivanova@example.test', { scope });
    for (const text of ['Викторина «Акме»', 'ООО «Акме»', 'Иванова Мария Петровна', 'ivanova@example.test']) {
      expect(page.body).toContain(text);
    }
    expect(offered(page)).toEqual(['tell_email', 'tell_phone_number']);
    expect(preset(page)).toEqual(['tell_email', 'tell_phone_number']);
  });

  it('tells an unticked claim nowhere: userinfo, id_token, refresh, introspection', async () => {
    const claims = JSON.stringify({ id_token: { email: null, name: null }, userinfo: { email: null } });
    const { person, started, page } = await arrive(acme, 'kuznetsov@example.test', {
      ...{ scope: `${scope} offline_access`, claims, prompt: 'login consent' },
    });
    expect(page.body).toContain('до 90 дней');
    const { tokens, told } = await allow(acme, person, page, started, { tell_phone_number: 'yes' });
    expect(await told()).toMatchObject({ name: 'Кузнецов Иван Иванович' });
    expect(tokens.claims()).toMatchObject({ name: 'Кузнецов Иван Иванович' });
    const refreshed = await refreshTokenGrant(acme.config, tokens.refresh_token ?? '');
    const introspected = await tokenIntrospection(acme.config, refreshed.access_token);
    const later = await fetchUserInfo(acme.config, refreshed.access_token, tokens.claims()?.sub ?? '');
    for (const answer of [await told(), tokens.claims(), refreshed.claims(), introspected, later]) {
      expect(JSON.stringify(answer)).not.toContain('kuznetsov@');
      expect(answer).not.toHaveProperty('email_verified');
    }

    // Another session of the same person: remembered, and not asked again.
    const elsewhere = await arrive(acme, 'kuznetsov@example.test', { scope, claims });
    expect(elsewhere.page.url.href).toContain(acme.redirectUri);
    const silent = await acme.finish(elsewhere.page.url, elsewhere.started);
    const known = await fetchUserInfo(acme.config, silent.access_token, silent.claims()?.sub ?? '');
    expect(known).not.toHaveProperty('email');
    expect(silent.claims()).not.toHaveProperty('email');
  });

  it('asks again only for what is new, and with prompt=consent for everything as it was chosen', async () => {
    const { person, started, page } = await arrive(acme, 'sorokina@example.test', { scope: 'openid email' });
    expect(offered(page)).toEqual(['tell_email']);
    await allow(acme, person, page, started, {});
    const wider = await again(acme, person, { scope });
    expect(offered(wider.page)).toEqual(['tell_phone_number']);
    expect(wider.page.body).not.toContain('sorokina@example.test');
    const { told } = await allow(acme, person, wider.page, wider.started, { tell_phone_number: 'yes' });
    expect(await told()).not.toHaveProperty('email');
    expect((await again(acme, person, { scope })).page.url.href).toContain(acme.redirectUri);

    const whole = await again(acme, person, { scope, prompt: 'consent' });
    expect(offered(whole.page)).toEqual(['tell_email', 'tell_phone_number']);
    expect(preset(whole.page)).toEqual(['tell_phone_number']);
    const changed = await allow(acme, person, whole.page, whole.started, { tell_email: 'yes' });
    expect(await changed.told()).toMatchObject({ email: 'sorokina@example.test' });
    expect(await changed.told()).not.toHaveProperty('phone_number');
  });

  it('asks for claims named one by one, and gives none beyond the approved scopes', async () => {
    const named = await registerAs('by-name', { scope: 'openid email', optional_claims: ['email'] });
    const wish = (...names: string[]) =>
      JSON.stringify({ userinfo: Object.fromEntries(names.map((name) => [name, null])) });
    const parameters = { scope: 'openid', claims: wish('email') };
    const { person, started, page } = await arrive(named, 'ivanova@example.test', parameters);
    expect(offered(page)).toEqual(['tell_email']);
    const { told } = await allow(named, person, page, started, { tell_email: 'yes' });
    expect(Object.keys(await told()).sort()).toEqual(['email', 'sub']);
    const beyond = await again(named, person, { scope: 'openid', claims: wish('ticket_number') });
    expect(beyond.page.url.searchParams.get('error')).toBe('invalid_scope');
  });

  it('is taken back in the cabinet, claim by claim or whole, within one request', async () => {
    const cards = await registerAs('taken-back', { optional_claims: ['email'] });
    const { person, started, page } = await arrive(cards, 'petrov1@example.test', { scope });
    const { tokens, told } = await allow(cards, person, page, started, { tell_email: 'yes' });
    expect(await told()).toHaveProperty('email');
    const cabinet = await person.follow(await person.request(`${open.issuer}/cabinet/portals`));
    await person.submit(cabinet, /taken-back\/claims$/);
    expect(await told()).not.toHaveProperty('email');
    expect(await told()).toHaveProperty('phone_number');
    const list = await person.open(`${open.issuer}/cabinet/portals`);
    expect(list.body).toContain('Не получает');
    const held = await person.open(`${open.issuer}/cabinet/data`);
    const file = await person.submit(held, /\/data\/file$/, { password: PASSWORD });
    const { portals } = JSON.parse(file.body) as { portals: { clientId?: string; consent?: object }[] };
    expect(portals.find(({ clientId }) => clientId === 'taken-back')).toMatchObject({
      consent: { declined: ['email', 'email_verified'] },
    });
    await person.submit(list, /taken-back\/claims$/);
    expect(await told()).toHaveProperty('email');
    // What is not hers to decline.
    const forged = await person.submit(list, /taken-back\/claims$/, { claim: 'phone_number', told: 'no' });
    expect(forged.status).toBe(400);

    await person.submit(list, /taken-back\/disconnect$/);
    await expect(told()).rejects.toThrow();
    await expect(refreshTokenGrant(cards.config, tokens.refresh_token ?? '')).rejects.toThrow();
    expect(isConsent((await again(cards, person, { scope })).page)).toBe(true);
  });

  it('keeps to herself what she refuses altogether', async () => {
    const { person, page } = await arrive(acme, 'anna@example.test', { scope });
    const refused = await person.follow(await person.submit(page, /\/abort$/), acme.isCallback);
    expect(refused.url.searchParams.get('error')).toBe('access_denied');
    expect(isConsent((await again(acme, person, { scope })).page)).toBe(true);
  });
});

describe('a form that was tampered with', () => {
  const scope = 'openid profile email';
  const post = async (fields: Record<string, string>) => {
    const { person, started, page } = await arrive(acme, 'alla@example.test', {
      scope,
      prompt: 'login consent',
    });
    return { person, started, page, answer: await person.submit(page, CONSENT, fields) };
  };

  it.each([
    ['an unknown claim', { tell_password: 'yes' }],
    ['a claim nobody offered to decline', { tell_name: 'yes' }],
    ['a claim nobody asked for', { tell_phone_number: 'yes' }],
    ['another value of a tick', { tell_email: 'no' }],
  ])('%s: 400, and nothing is granted', async (_what, fields) => {
    const { person, answer } = await post(fields as unknown as Record<string, string>);
    expect(answer.status).toBe(400);
    expect(isConsent((await again(acme, person, { scope })).page)).toBe(true);
  });

  it('says that the list has changed when the form offers to decline something else', async () => {
    const { answer } = await post({ optional: '' });
    expect(answer.status).toBe(422);
    expect(answer.body).toContain('Портал изменил список данных');
    expect(offered(answer)).toEqual(['tell_email']);
  });

  it('for another interaction, or another browser, counts nowhere', async () => {
    const mine = await post({ tell_password: 'yes' });
    const hers = await arrive(acme, 'timur@example.test', { scope });
    const stolen = hers.page.html.querySelector('form[action$="/consent"]')?.getAttribute('action') ?? '';
    const csrf = mine.page.html.querySelector('input[name="csrf"]')?.getAttribute('value') ?? '';
    const answer = await mine.person.request(new URL(stolen, open.issuer), {
      method: 'POST',
      headers: { origin: open.issuer, 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams({ csrf, optional: 'email', tell_email: 'yes' }),
    });
    expect(answer.status).toBe(410);
    const foreign = await hers.person.submit(hers.page, CONSENT, { csrf });
    expect(foreign.status).toBe(403);
  });
});
