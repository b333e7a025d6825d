/** Who may open what of ЭПОС, and as whom (D-11…D-15, SYS-15, SYS-16). */
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Federation, openFederation } from '../../support/esia/federation.ts';
import { openRegion, type Region } from '../../support/esia/region.ts';
import { leave, through } from '../../support/esia/through.ts';
import { dictation } from '../../support/portals.ts';
import type { RelyingParty, Started } from '../../support/relying-party.ts';
import { type Page, type Visitor, visitor } from '../../support/visitor.ts';
import { signIn, toSignIn } from '../../support/walks.ts';

const ORLOVA = 'orlova@example.test';
const ZAITSEV = 'zaitsev@example.test';

let scene: Federation;
let region: Region;
beforeAll(async () => {
  scene = await openFederation();
  region = await openRegion(scene);
});
afterAll(() => scene.close());

const party = (name: keyof Region['parties']): RelyingParty => region.parties[name];
const textOf = (page: Page) => page.html.querySelector('main')?.structuredText ?? '';
const rolesOn = (page: Page) => page.html.querySelectorAll('.roles button').map((button) => button.text);

async function choose(person: Visitor, portal: RelyingParty, page: Page, role: string): Promise<Page> {
  return person.follow(await person.submit(page, /\/role$/, { role }), portal.isCallback);
}
async function hop(person: Visitor, portal: RelyingParty, parameters?: Record<string, string>) {
  const started = await portal.start(parameters);
  const page = await person.follow(await person.request(started.url), portal.isCallback);
  return { started, page };
}
async function told(portal: RelyingParty, page: Page, started: Started) {
  expect(portal.isCallback(page.url), textOf(page)).toBe(true);
  const tokens = await portal.finish(page.url, started);
  const claims = tokens.claims();
  if (!claims) throw new Error('no id_token');
  const info = await client.fetchUserInfo(portal.config, tokens.access_token, claims.sub);
  return { tokens, claims, info };
}
/** In as this person, at the portal, in this role. */
async function inRole(login: string, role: string): Promise<Visitor> {
  const person = visitor();
  const { page } = await through(scene, person, party('epos-portal'), 'esia', login);
  expect(party('epos-portal').isCallback((await choose(person, party('epos-portal'), page, role)).url)).toBe(
    true,
  );
  return person;
}
const grantsOf = async (clientId: string, email: string) =>
  scene.open.house.stores.database.query(
    `select 1 from account_grant g join identifier i on i.account_id = g.account_id
      where g.client_id = $1 and i.value = $2`,
    [clientId, email],
  );

describe('the role', () => {
  it('is asked of somebody who has two, and decides what the portal lists (M-13)', async () => {
    const person = visitor();
    const portal = party('epos-portal');
    const { started, page } = await through(scene, person, portal, 'esia', ORLOVA);
    expect(rolesOn(page)).toEqual(['Сотрудник', 'Родитель']);
    const staff = await told(portal, await choose(person, portal, page, 'staff'), started);
    expect(staff.claims).toMatchObject({ edu_role: 'staff', school: { id: 'P-08' } });
    expect(staff.info).toMatchObject({
      name: 'Орлова Ирина Сергеевна',
      edu_role: 'staff',
      subsystems: [
        { client_id: 'epos-school', name: 'ЭПОС.Школа', url: expect.stringContaining('epos-school') },
      ],
    });

    const again = await hop(person, portal, { prompt: 'role' });
    expect(rolesOn(again.page)).toEqual(['Сотрудник', 'Родитель']);
    const parent = await told(portal, await choose(person, portal, again.page, 'parent'), again.started);
    expect(parent.info).toMatchObject({
      edu_role: 'parent',
      subsystems: [{ client_id: 'epos-diary', name: 'Дневник', url: expect.any(String) }],
    });
    expect(parent.claims.sub).toBe(staff.claims.sub);
  });

  it('is asked of somebody who has three (M-14)', async () => {
    const { page } = await through(scene, visitor(), party('epos-portal'), 'esia', ZAITSEV);
    expect(rolesOn(page)).toEqual(['Сотрудник', 'Родитель', 'Обучающийся']);
  });

  it('is not asked of somebody who has one, even when the portal wants it asked (M-12, РСАА)', async () => {
    const person = visitor();
    const portal = party('epos-portal');
    const { started, page } = await through(scene, person, portal, 'rsaa', 'lapteva_zf');
    const first = await told(portal, page, started);
    expect(first.claims).toMatchObject({ edu_role: 'staff', acr: 'urn:opo:loa:2' });
    const again = await hop(person, portal, { prompt: 'role' });
    expect((await told(portal, again.page, again.started)).claims.edu_role).toBe('staff');
  });

  it('holds in every subsystem, which opens without a page (D-15)', async () => {
    const person = await inRole(ORLOVA, 'staff');
    const { started, page } = await hop(person, party('epos-school'));
    const { claims, info } = await told(party('epos-school'), page, started);
    expect(claims).toMatchObject({ edu_role: 'staff', school: { id: 'P-08' } });
    expect(info).not.toHaveProperty('subsystems');
  });

  it('is offered anew where it opens nothing and another does', async () => {
    const person = await inRole(ORLOVA, 'staff');
    const diary = party('epos-diary');
    const { started, page } = await hop(person, diary);
    expect(textOf(page)).toContain('В роли «Сотрудник» эта подсистема не открывается');
    expect(rolesOn(page)).toEqual(['Родитель']);
    const { claims } = await told(diary, await choose(person, diary, page, 'parent'), started);
    expect(claims.edu_role).toBe('parent');
  });

  it('is hers: one that was not offered is refused, and so is the form without its token', async () => {
    const person = visitor();
    const { page } = await through(scene, person, party('epos-portal'), 'esia', ORLOVA);
    expect((await person.submit(page, /\/role$/, { role: 'learner' })).status).toBe(400);
    expect((await person.submit(page, /\/role$/, { role: 'director' })).status).toBe(400);
    expect((await person.submit(page, /\/role$/, { role: 'staff', csrf: 'forged' })).status).toBe(403);
  });

  it('in a refresh is the role of the session, and never one that was left for it', async () => {
    const person = await inRole(ORLOVA, 'staff');
    const school = party('epos-school');
    const first = await hop(person, school);
    const { tokens } = await told(school, first.page, first.started);
    const refreshed = await client.refreshTokenGrant(school.config, tokens.refresh_token ?? '');
    expect(refreshed.claims()?.edu_role).toBe('staff');

    const portal = party('epos-portal');
    const { page } = await hop(person, portal, { prompt: 'role' });
    await choose(person, portal, page, 'parent');
    await expect(
      client.refreshTokenGrant(school.config, refreshed.refresh_token ?? ''),
    ).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    await expect(
      client.fetchUserInfo(school.config, refreshed.access_token, client.skipSubjectCheck),
    ).rejects.toThrow();
  });

  it('is not asked without a page', async () => {
    const person = visitor();
    const portal = party('epos-portal');
    await through(scene, person, portal, 'esia', ORLOVA);
    const { page } = await hop(person, portal, { prompt: 'none' });
    expect(page.url.searchParams.get('error')).toBe('interaction_required');
  });
});

describe('a subsystem that is not permitted', () => {
  it('opened by address is refused with a way back, and nothing is granted', async () => {
    const person = await inRole(ORLOVA, 'staff');
    const kontingent = party('epos-kontingent');
    const { page } = await hop(person, kontingent);
    expect(page.status).toBe(200);
    expect(textOf(page)).toContain('Ни одна из Ваших ролей в ЭПОС не открывает «epos-kontingent»');
    expect(await grantsOf('epos-kontingent', ORLOVA)).toEqual([]);
    const back = await person.follow(await person.submit(page, /\/abort$/), kontingent.isCallback);
    expect(back.url.searchParams.get('error')).toBe('access_denied');
    expect(back.url.searchParams.get('code')).toBeNull();
    const silent = await hop(person, kontingent, { prompt: 'none' });
    expect(silent.page.url.searchParams.get('error')).toBe('access_denied');
    expect(await grantsOf('epos-kontingent', ORLOVA)).toEqual([]);
  });

  it('is one of all to somebody of whom «Контингент» knows nothing (M-01)', async () => {
    const { page } = await through(scene, visitor(), party('epos-portal'), 'esia', 'ivanova@example.test');
    expect(textOf(page)).toContain('В ЭПОС не нашлось записи с Вашими данными');
    expect(await grantsOf('epos-portal', 'ivanova@example.test')).toEqual([]);
  });
});

describe('a session by password', () => {
  it('is asked for ЕСИА or РСАА, and raised: the same subject, and the role page', async () => {
    const person = visitor();
    const quiz = await dictation(scene.open);
    const low = await signIn(person, quiz, { identifier: ORLOVA });
    const school = party('epos-school');
    const { started, page } = await toSignIn(person, school);
    expect(page.html.querySelector('input[type=password]')).toBeNull();
    const callback = await scene.signInAt('rsaa', await leave(person, page, 'rsaa'), 'orlova_is');
    const arrived = await person.follow(await person.request(callback), school.isCallback);
    const { claims } = await told(school, arrived, started);
    expect(claims).toMatchObject({ acr: 'urn:opo:loa:2', edu_role: 'staff' });

    const back = await hop(person, quiz);
    const raised = await quiz.finish(back.page.url, back.started);
    expect(raised.claims()).toMatchObject({ sub: low.tokens.claims()?.sub, acr: 'urn:opo:loa:2' });
  });

  it('cannot be raised by the password that is not offered: the page says what is left, and does not loop', async () => {
    const person = visitor();
    const { page } = await toSignIn(person, party('epos-portal'));
    const [, uid = ''] = page.url.pathname.split('/interaction/');
    const csrf = page.html.querySelector('input[name=csrf]')?.getAttribute('value') ?? '';
    const answer = await person.request(new URL(`/interaction/${uid}/password`, page.url), {
      method: 'POST',
      headers: { origin: page.url.origin, 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams({ csrf, by: 'email', identifier: ORLOVA, password: 'ласточка над озером' }),
    });
    const end = await person.follow(answer, party('epos-portal').isCallback);
    expect(party('epos-portal').isCallback(end.url)).toBe(false);
    expect(end.html.querySelectorAll('a[data-upstream]')).toHaveLength(2);
  });
});

describe('a wish for a higher level', () => {
  it('raises a session that is below it, once', async () => {
    const person = visitor();
    const portal = party('epos-portal');
    const first = await through(scene, person, portal, 'rsaa', 'lapteva_zf');
    await told(portal, first.page, first.started);
    const { page } = await hop(person, portal, { acr_values: 'urn:opo:loa:3' });
    expect(page.html.querySelectorAll('a[data-upstream]')).toHaveLength(2);
    const callback = await scene.signInAt('rsaa', await leave(person, page, 'rsaa'), 'lapteva_zf');
    const end = await person.follow(await person.request(callback), portal.isCallback);
    expect(end.url.searchParams.get('code')).not.toBeNull();
  });
});

describe('a record that differs', () => {
  it('is no prey of whoever calls herself so at РСАА', async () => {
    const { database } = scene.open.house.stores;
    const birthdate = '1979-09-09';
    await database.query(
      `insert into school_person (id, family_name, given_name, birthdate, email)
       values ('K-900', 'Шубина', 'Вера', $1, 'shubina@example.test')`,
      [birthdate],
    );
    await database.query(
      `insert into school_role (person_id, role, school_id) values ('K-900', 'staff', 'P-08')`,
    );
    for (const email of ['no address', 'thief@example.test']) {
      const { people, password } = scene.rsaa;
      const thief = people.register({
        family: 'Шубина',
        given: 'Вера',
        birthdate,
        email,
        organisation: 'СОШ № 1',
      });
      people.setPassword(thief.sub, password);
      const person = visitor();
      const { page } = await through(scene, person, party('epos-school'), 'rsaa', thief.login);
      const refused = await person.follow(
        await person.submit(page, /\/link\/create$/),
        party('epos-school').isCallback,
      );
      expect(textOf(refused)).toMatch(/E-mail – не совпадает/);
      expect(refused.body).not.toContain('shubina');
    }
  });

  it('is a case with a number and kinds, and nothing is granted (M-10)', async () => {
    const person = visitor();
    const { page } = await through(scene, person, party('epos-portal'), 'esia', 'belova@example.test');
    expect(textOf(page)).toContain('Данные в ЭПОС и на Госуслугах не совпадают');
    expect(textOf(page)).toContain('Фамилия – не совпадает');
    const number = page.html.querySelector('[data-case]')?.getAttribute('data-case');
    const again = await hop(person, party('epos-portal'));
    expect(again.page.html.querySelector('[data-case]')?.getAttribute('data-case')).toBe(number);
    expect(await grantsOf('epos-portal', 'belova@example.test')).toEqual([]);
    const [record] = await scene.open.house.stores.database.query<{ account_id: string | null }>(
      `select account_id from school_person where id = 'K-10'`,
    );
    expect(record?.account_id).toBeNull();
  });
});
