/** «Работники школы»: a school's administrator takes a role away, at her own school alone (SYS-16). */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CaseDesk, openCaseDesk } from '../../support/esia/case-desk.ts';
import { type Federation, openFederation } from '../../support/esia/federation.ts';
import { openRegion, type Region } from '../../support/esia/region.ts';
import { through } from '../../support/esia/through.ts';
import { dictation } from '../../support/portals.ts';
import { type Page, type Visitor, visitor } from '../../support/visitor.ts';
import { signIn } from '../../support/walks.ts';

let scene: Federation;
let region: Region;
let desk: CaseDesk;
beforeAll(async () => {
  scene = await openFederation();
  region = await openRegion(scene);
  desk = await openCaseDesk(scene);
});
afterAll(() => scene.close());

const textOf = (page: Page) => page.html.querySelector('main')?.structuredText ?? '';
const roleQuery = (fields: object) => `/contingent/role?${new URLSearchParams({ ...fields })}`;
const open = (person: Visitor, path: string) => person.open(`${scene.open.issuer}${path}`);

it('shows the workers of her own school, nothing of the Union, and takes a role away at once', async () => {
  const school = region.parties['epos-school'];
  const worker = visitor();
  const entered = await through(scene, worker, school, 'rsaa', 'lapteva_zf');
  expect(school.isCallback(entered.page.url)).toBe(true);

  const { person, page } = await desk.enter(desk.logins.admin, '/contingent');
  expect(page.url.pathname).toBe('/contingent');
  expect(textOf(page)).toContain('Лаптева Зоя Фёдоровна');
  expect(textOf(page)).not.toContain('Зайцев');
  expect(page.body).not.toMatch(/9900\d{12}|example\.test/);
  const ways = page.html.querySelectorAll('a[href^="/contingent/role"]');
  const own = ways.find((link) => link.getAttribute('aria-label')?.includes('Фомина'));
  expect(own).toBeUndefined();
  const link = ways.find(
    (one) => one.getAttribute('aria-label') === 'Снять роль «Сотрудник»: Лаптева Зоя Фёдоровна',
  );

  const sure = await open(person, link?.getAttribute('href')?.replaceAll('&amp;', '&') ?? '');
  expect(textOf(sure)).toContain('Лаптева Зоя Фёдоровна');
  const done = await person.follow(await person.submit(sure, /\/contingent\/role$/));
  expect(done.url.pathname).toBe('/contingent');
  expect(textOf(done)).toContain('Роль снята, она больше ничего не открывает');
  expect(textOf(done)).not.toContain('Лаптева');

  const again = await school.start();
  const refused = await worker.follow(await worker.request(again.url), school.isCallback);
  expect(textOf(refused)).toContain('Ни одна из Ваших ролей');
  const [trail] = await scene.open.house.stores.database.query<{ actor: string; detail: object }>(
    `select actor, detail from audit where event = 'school_role_taken'`,
  );
  expect(trail).toEqual({
    actor: await desk.accountOf('fomina@example.test'),
    detail: { schoolPersonId: 'K-12', role: 'staff', schoolId: 'P-08' },
  });
});

it('knows no other school, no role that is not there, and does not shut her out herself', async () => {
  const { person } = await desk.enter(desk.logins.admin, '/contingent');
  const sure = await open(person, roleQuery({ school: 'P-08', person: 'K-13', role: 'staff' }));
  for (const fields of [
    { school: 'P-06', person: 'K-14', role: 'staff' },
    { school: 'P-08', person: 'K-14', role: 'staff' },
    { school: 'P-08', person: 'K-13', role: 'learner' },
    { school: 'P-08', person: 'K-33', role: 'staff' },
  ]) {
    expect((await open(person, roleQuery(fields))).status, JSON.stringify(fields)).toBe(404);
    expect((await person.submit(sure, /\/contingent\/role$/, fields)).status, JSON.stringify(fields)).toBe(
      404,
    );
  }
  expect((await open(person, '/contingent/role?school=P-08')).status).toBe(404);
  expect((await person.submit(sure, /\/contingent\/role$/, { csrf: 'forged' })).status).toBe(403);
  const roles = await scene.open.house.stores.database.query(
    `select 1 from school_role where person_id in ('K-13', 'K-14', 'K-33') and role = 'staff'`,
  );
  expect(roles).toHaveLength(3);
});

it('is not there for a union operator, for a member, nor below level 2', async () => {
  for (const login of [desk.logins.operator, desk.logins.member]) {
    expect((await desk.enter(login, '/contingent')).page.status, login).toBe(404);
  }
  const person = visitor();
  await signIn(person, await dictation(scene.open), {
    identifier: 'orlova@example.test',
  });
  expect((await open(person, '/contingent')).status).toBe(404);
});
