/** SYS-14: a mismatch between «Контингент» and Gosuslugi, from the refusal to the sign-in that works. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CaseDesk, openCaseDesk } from '../../support/esia/case-desk.ts';
import { type Federation, openFederation } from '../../support/esia/federation.ts';
import { openRegion, type Region } from '../../support/esia/region.ts';
import { through } from '../../support/esia/through.ts';
import { PASSWORD } from '../../support/house.ts';
import { type Page, type Visitor, visitor } from '../../support/visitor.ts';

const ELENA = 'belova@example.test';

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
const query = <Row extends object>(text: string, values: readonly string[] = []) =>
  scene.open.house.stores.database.query<Row>(text, values);
const stateOf = async (number: string) =>
  (await query<{ state: string }>('select state from mismatch_case where number = $1', [number]))[0]?.state;
const tryIn = async (login: string) => {
  const portal = region.parties['epos-portal'];
  const { page } = await through(scene, visitor(), portal, 'esia', login);
  return {
    isIn: portal.isCallback(page.url),
    page,
    number: page.html.querySelector('[data-case]')?.getAttribute('data-case') ?? '',
  };
};
const correct = (person: Visitor, page: Page, fields: Record<string, string>) =>
  person.submit(page, /\/correction$/, fields);
const letPass = (number: string) =>
  query(`update mismatch_case set effective_at = now() - interval '1 s' where number = $1`, [number]);

describe('M-10, whose surname differs', () => {
  let number: string;

  it('reads a number, the kind, whom to ask and when to come again – and no value (MSG-15)', async () => {
    const first = await tryIn(ELENA);
    expect(first.isIn).toBe(false);
    number = first.number;
    expect(number).toMatch(/^\d{4}-\d{6}$/);
    const text = textOf(first.page);
    expect(text).toContain('Фамилия – не совпадает');
    expect(text).toContain('Контингент');
    expect(text).toContain('на следующий рабочий день после 14:00');
    expect(first.page.body).not.toMatch(/Белова|Чернова/);
    expect((await tryIn(ELENA)).number).toBe(number);
  });

  it('is among the data held of her, without anybody’s values', async () => {
    const person = visitor();
    const door = await person.open(`${scene.open.issuer}/cabinet/data`);
    const typed = { by: 'email', identifier: ELENA, password: PASSWORD };
    const room = await person.follow(await person.submit(door, /\/password$/, typed));
    const file = await person.submit(room, /\/cabinet\/data\/file$/, { password: PASSWORD });
    const { cases } = JSON.parse(file.body) as { cases: readonly object[] };
    expect(cases).toEqual([
      { number, side: 'school', kinds: ['family_name'], state: 'open', openedAt: expect.any(String) },
    ]);
  });

  it('is seen by the administrator of her school: own values, the other side’s masked, nothing of the Union', async () => {
    const { person, page: list } = await desk.enter(desk.logins.admin);
    expect(list.url.pathname).toBe('/cases');
    expect(textOf(list)).toContain(number);
    const page = await person.open(`${scene.open.issuer}/cases/${number}`);
    expect(textOf(page)).toContain('Белова Елена Олеговна');
    expect(textOf(page)).toContain('Ч•••••а');
    for (const { body } of [list, page]) {
      expect(body).not.toContain('Чернова');
      expect(body).not.toMatch(/9900|M-10|Васильевск|href="\/cabinet/);
    }
    expect(await stateOf(number)).toBe('open');
    const [seen] = await query(`select actor, detail from audit where event = 'case_seen' order by id desc`);
    expect(seen).toMatchObject({
      actor: await desk.accountOf('fomina@example.test'),
      detail: { case: number, side: 'school' },
    });
  });

  it('is told apart: a correction that does not agree is saved, and the case stays at the desk', async () => {
    const { person, page } = await desk.enter(desk.logins.admin, `/cases/${number}/correction`);
    expect(page.url.pathname).toBe(`/cases/${number}/correction`);
    const empty = await correct(person, page, { family: '', birthdate: '1.1.90' });
    expect(empty.status).toBe(422);
    expect(textOf(empty)).toContain('Введите фамилию');
    expect(textOf(empty)).toContain('укажите год четырьмя цифрами');
    expect(await stateOf(number)).toBe('open');

    const wrong = await correct(person, page, { family: 'Чернявская' });
    expect(wrong.status).toBe(422);
    expect(wrong.html.querySelector('[data-kind]')?.getAttribute('data-kind')).toBe('family_name');
    expect(await stateOf(number)).toBe('with_admin');
    expect((await region.schools.find('K-10'))?.family).toBe('Чернявская');
    expect((await tryIn(ELENA)).number).toBe(number);
  });

  it('is changed once it agrees, waits for the next working day, and is then in', async () => {
    const { person, page } = await desk.enter(desk.logins.admin, `/cases/${number}/correction`);
    const done = await person.follow(await correct(person, page, { family: 'Чернова' }));
    expect(done.url.pathname).toBe(`/cases/${number}`);
    expect(done.html.querySelector('[data-state]')?.getAttribute('data-state')).toBe('changed');
    expect(textOf(done)).toMatch(/12:00\sМСК – в 14:00 по пермскому времени/);
    const [row] = await query<{ effective_at: Date }>(
      'select effective_at from mismatch_case where number = $1',
      [number],
    );
    expect(row?.effective_at.toISOString()).toMatch(/T09:00:00\.000Z$/);
    expect((row?.effective_at.getTime() ?? 0) - Date.now()).toBeGreaterThan(14 * 3_600_000);

    const early = await tryIn(ELENA);
    expect(early).toMatchObject({ isIn: false, number });
    expect(textOf(early.page)).toContain('Данные исправлены. Повторите вход');
    const second = await correct(person, page, { family: 'Белова' });
    expect(textOf(second)).toContain('уже принято решение');
    expect((await region.schools.find('K-10'))?.family).toBe('Чернова');

    await letPass(number);
    expect((await tryIn(ELENA)).isIn).toBe(true);
    expect(await stateOf(number)).toBe('retry_ok');
    expect((await tryIn(ELENA)).isIn).toBe(true);
  });
});

describe('M-11, whose address differs', () => {
  it('is open again under the same number, when it differs after all', async () => {
    const login = await loginOf('M-11');
    const { number, page } = await tryIn(login);
    expect(textOf(page)).toContain('E-mail – не совпадает');
    const atDesk = await desk.enter(desk.logins.admin, `/cases/${number}/correction`);
    expect(atDesk.page.body).toContain('old@example.test');
    expect(atDesk.page.body).not.toContain(login);
    await atDesk.person.follow(await correct(atDesk.person, atDesk.page, { email: login }));
    expect(await stateOf(number)).toBe('changed');

    await query(`update school_person set email = 'older@example.test' where id = 'K-11'`);
    await letPass(number);
    expect(await tryIn(login)).toMatchObject({ isIn: false, number });
    expect(await stateOf(number)).toBe('reopened');
  });

  it('is not found out by one guess after another', async () => {
    const login = await loginOf('M-11');
    const { number } = await tryIn(login);
    const { person, page } = await desk.enter(desk.logins.admin, `/cases/${number}/correction`);
    const guesses = ['a', 'b', 'c', 'd'].map((mailbox) => ({ email: `${mailbox}@example.test` }));
    for (const guess of guesses) expect((await correct(person, page, guess)).status).toBe(422);
    const more = await correct(person, page, { email: login });
    expect(more.status).toBe(429);
    expect(textOf(more)).toContain('Слишком много попыток');
    expect(await stateOf(number)).toBe('with_admin');
    expect((await region.schools.find('K-11'))?.email).toBe('d@example.test');
  });

  const loginOf = async (id: string) => {
    const person = scene.esia.simulator.scene.people.byId(id);
    if (!person?.email) throw new Error(`${id} has no address at Gosuslugi`);
    return person.email.value;
  };
});

describe('a record that somebody else has been recognised as', () => {
  it('is freed with the correction, and hers from the next sign-in on', async () => {
    const login = 'orlova@example.test';
    await query('update school_person set account_id = $1 where id = $2', [
      await desk.accountOf('kuznetsov@example.test'),
      'K-13',
    ]);
    const { number, page } = await tryIn(login);
    expect(textOf(page)).toContain('уже связана другая учётная запись');
    const { person, page: form } = await desk.enter(desk.logins.admin, `/cases/${number}/correction`);
    expect(textOf(form)).toContain('прежняя связь будет снята');
    await person.follow(await correct(person, form, {}));
    expect(await stateOf(number)).toBe('changed');
    expect((await region.schools.find('K-13'))?.accountId).toBeUndefined();
    await letPass(number);
    // She has several roles, and is asked in which she comes.
    expect((await tryIn(login)).page.url.pathname).toMatch(/^\/interaction\//);
    expect(await stateOf(number)).toBe('retry_ok');
    expect((await region.schools.find('K-13'))?.accountId).toBe(await desk.accountOf(login));
  });
});

describe('one’s own record', () => {
  it('is for a colleague to correct', async () => {
    await query(`update school_person set family_name = 'Фомичева' where id = 'K-33'`);
    const portal = region.parties['epos-portal'];
    const { page } = await through(scene, visitor(), portal, 'rsaa', desk.logins.admin);
    const number = page.html.querySelector('[data-case]')?.getAttribute('data-case') ?? '';
    const { person, page: form } = await desk.enter(desk.logins.admin, `/cases/${number}/correction`);
    const answer = await correct(person, form, { family: 'Фомина' });
    expect(answer.status).toBe(422);
    expect(textOf(answer)).toContain('Своё обращение решать нельзя');
    expect((await region.schools.find('K-33'))?.family).toBe('Фомичева');
  });
});
