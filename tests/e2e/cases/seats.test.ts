/** The desk by route and by who knocks: for whoever has no seat there is nothing, as for an address nobody knows. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresCases } from '../../../adapters/case-store/postgres.ts';
import { type CaseDesk, openCaseDesk } from '../../support/esia/case-desk.ts';
import { type Federation, openFederation } from '../../support/esia/federation.ts';
import { openRegion } from '../../support/esia/region.ts';
import { PASSWORD } from '../../support/house.ts';
import { type Page, type Visitor, visitor } from '../../support/visitor.ts';

type Who = 'visitor' | 'member' | 'admin' | 'otherAdmin' | 'operator';

let scene: Federation;
let desk: CaseDesk;
let people: Readonly<Record<Who, Visitor>>;
let school: string;
let union: string;
beforeAll(async () => {
  scene = await openFederation();
  await openRegion(scene);
  desk = await openCaseDesk(scene);
  const cases = postgresCases(scene.open.house.stores.database);
  const fresh = {
    ...{ key: { issuer: 'https://esia.test', subject: '1' }, upstream: 'esia', told: 'sealed' },
    ...{ clientId: 'epos-portal' },
  };
  const kinds = ['family_name'] as const;
  school = (await cases.open({ ...fresh, kinds, side: 'school', schoolId: 'P-08', schoolPersonId: 'K-404' }))
    .number;
  union = (await cases.open({ ...fresh, kinds, side: 'union', memberId: 'M-10' })).number;
  await scene.open.house.stores.database.query('update mismatch_case set told = null');
  const seat = async (who: keyof CaseDesk['logins']) => (await desk.enter(desk.logins[who])).person;
  people = {
    visitor: visitor(),
    member: await seat('member'),
    admin: await seat('admin'),
    otherAdmin: await seat('otherAdmin'),
    operator: await seat('operator'),
  };
});
afterAll(() => scene.close());

const ask = (who: Who, method: 'GET' | 'POST', path: string): Promise<Page> =>
  people[who].request(`${scene.open.issuer}${path}`, {
    method,
    ...(method === 'POST' && {
      headers: { origin: scene.open.issuer, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'csrf=none',
    }),
  });

/** 303: away to the sign-in, or back to the case; 403: a form that was never shown. */
const rows: readonly [method: 'GET' | 'POST', path: () => string, answers: Readonly<Record<Who, number>>][] =
  [
    ['GET', () => '/cases', { visitor: 303, member: 404, admin: 200, otherAdmin: 200, operator: 200 }],
    [
      'GET',
      () => '/cases?of=P-08&before=%00',
      { visitor: 303, member: 404, admin: 200, otherAdmin: 200, operator: 200 },
    ],
    [
      'GET',
      () => `/cases/${school}`,
      { visitor: 303, member: 404, admin: 200, otherAdmin: 404, operator: 404 },
    ],
    [
      'GET',
      () => `/cases/${school}/correction`,
      { visitor: 303, member: 404, admin: 404, otherAdmin: 404, operator: 404 },
    ],
    [
      'POST',
      () => `/cases/${school}/correction`,
      { visitor: 303, member: 404, admin: 403, otherAdmin: 404, operator: 404 },
    ],
    [
      'POST',
      () => `/cases/${school}/decision`,
      { visitor: 303, member: 404, admin: 404, otherAdmin: 404, operator: 404 },
    ],
    [
      'GET',
      () => `/cases/${union}`,
      { visitor: 303, member: 404, admin: 404, otherAdmin: 404, operator: 200 },
    ],
    [
      'GET',
      () => `/cases/${union}/correction`,
      { visitor: 303, member: 404, admin: 404, otherAdmin: 404, operator: 404 },
    ],
    [
      'POST',
      () => `/cases/${union}/correction`,
      { visitor: 303, member: 404, admin: 404, otherAdmin: 404, operator: 404 },
    ],
    [
      'POST',
      () => `/cases/${union}/decision`,
      { visitor: 303, member: 404, admin: 404, otherAdmin: 404, operator: 403 },
    ],
    [
      'GET',
      () => '/cases/2026-999999',
      { visitor: 303, member: 404, admin: 404, otherAdmin: 404, operator: 404 },
    ],
    ['GET', () => '/cases/%00', { visitor: 303, member: 404, admin: 404, otherAdmin: 404, operator: 404 }],
    ['GET', () => '/cases/a/b', { visitor: 404, member: 404, admin: 404, otherAdmin: 404, operator: 404 }],
  ];

describe.each(rows)('%s, route no. %#', (method, path, answers) => {
  it.each(Object.entries(answers) as [Who, number][])('%s: %i', async (who, status) => {
    const page = await ask(who, method, path());
    expect(page.status).toBe(status);
    if (status === 303) expect(page.headers.get('location')).toMatch(/\/auth\?client_id=cases&/);
    if (status !== 404) return;
    // Whoever has a seat is told the way back to it, by a case that does not exist as by one that is not hers.
    const isSeated = !['visitor', 'member'].includes(who) && path() !== '/cases/a/b';
    const unknown = await ask(who, 'GET', isSeated ? '/cases/2099-000001' : '/no-such-page');
    expect(plain(page)).toBe(plain(unknown));
    expect(unknown.html.querySelector('.actions a:last-child')?.getAttribute('href')).toBe(
      isSeated ? '/cases' : '/',
    );
  });
});

it('a school’s list holds its own cases, the Union’s those of the Union, a stranger’s none', async () => {
  const listed = async (who: Who) => (await ask(who, 'GET', '/cases')).body;
  expect(await listed('admin')).toContain(school);
  expect(await listed('admin')).not.toContain(union);
  expect(await listed('otherAdmin')).not.toMatch(new RegExp(`${school}|${union}`));
  expect(await listed('operator')).toContain(union);
  expect(await listed('operator')).not.toContain(school);
  const foreign = (await ask('otherAdmin', 'GET', '/cases?of=P-08&before=2099-000001')).body;
  expect(foreign).not.toContain(school);
});

it('leads on to the other sections of whoever sits there', async () => {
  const sections = async (who: Who) => {
    const { html } = await ask(who, 'GET', '/cases');
    const links = html.querySelectorAll('.sections a');
    expect(html.querySelector('.sections [aria-current=page]')?.getAttribute('href')).toBe('/cases');
    const isAtWorkplace = html.querySelector('header a[href="/staff"]') !== null;
    return { isAtWorkplace, paths: links.map((link) => link.getAttribute('href')) };
  };
  expect(await sections('admin')).toEqual({ isAtWorkplace: false, paths: ['/cases', '/contingent'] });
  const { isAtWorkplace, paths } = await sections('operator');
  expect(isAtWorkplace).toBe(true);
  expect(paths).toEqual(expect.arrayContaining(['/operator/people', '/guides/operator']));
  const desk = await people.operator.open(`${scene.open.issuer}/operator/people`);
  expect(desk.html.querySelectorAll('.sections a').map((link) => link.getAttribute('href'))).toEqual(paths);
});

it('a password is not enough: she is asked for more, and no second account comes of it', async () => {
  const person = visitor();
  const home = await person.open(`${scene.open.issuer}/cabinet`);
  const password = { by: 'email', identifier: 'fomina@example.test', password: PASSWORD };
  await person.follow(await person.submit(home, /\/password$/, password));
  const refused = await person.request(`${scene.open.issuer}/cases/${school}`);
  expect(refused.status).toBe(303);
  const page = await person.follow(refused);
  expect(page.url.pathname).toMatch(/^\/interaction\//);
  expect(page.html.querySelector('a[data-upstream="rsaa"]')).not.toBeNull();
  expect(page.html.querySelector('form[action$="/password"]')).toBeNull();
  const { page: inside } = await desk.enter(desk.logins.admin, `/cases/${school}`, person);
  expect(inside).toMatchObject({ status: 200, url: { pathname: `/cases/${school}` } });
});

it('leads nowhere but to its own rooms', async () => {
  for (const state of ['https://evil.test/', '//evil.test', '/cabinet', '/cases/../auth', 'javascript:1']) {
    const page = await people.admin.request(
      `${scene.open.issuer}/cases/enter?state=${encodeURIComponent(state)}`,
    );
    expect(page.headers.get('location')).toMatch(/^(http:\/\/localhost:\d+)?\/cases$/);
  }
});

it('a seat that is taken away is gone with the next page', async () => {
  const { database } = scene.open.house.stores;
  const { person } = await desk.enter(desk.logins.operator);
  await database.query('delete from staff_role');
  expect((await person.request(`${scene.open.issuer}/cases`)).status).toBe(404);
  await database.query(`update school_role set duty = null where person_id = 'K-33'`);
  expect((await ask('admin', 'GET', `/cases/${school}`)).status).toBe(404);
});

/** Without what differs on any page: the request's own id, and the address it shows for the language switch. */
function plain({ html }: Page): string {
  return html.querySelector('main')?.structuredText.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '') ?? '';
}
