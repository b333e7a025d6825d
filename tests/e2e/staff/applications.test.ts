/** Applications and consents at the workplace of a chair (E-10…E-13, Q-11, Q-12), over HTTP with the register of our own. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresOverdue } from '../../../adapters/application-desk/postgres-overdue.ts';
import { postgresCalendar } from '../../../adapters/calendar-store/postgres.ts';
import { postgresOffices } from '../../../adapters/office-store/postgres.ts';
import type { RegistryApplication } from '../../../adapters/registry/registry.ts';
import { postgresTicketRanges } from '../../../adapters/ticket-ranges/postgres.ts';
import { type RemindNeeds, remind } from '../../../provider/applications/remind.ts';
import type { NewLetter } from '../../../provider/letters/post.ts';
import { applyFor } from '../../support/applicants.ts';
import { type OpenHouse, openHouse, PASSWORD } from '../../support/house.ts';
import { type Mail, openMail } from '../../support/mail.ts';
import { newcomer } from '../../support/newcomers.ts';
import { testStores } from '../../support/stores.ts';
import { type Page, visitor } from '../../support/visitor.ts';
import { type AtWorkplace, accountOf, enterWorkplace, postAs } from '../../support/workplace.ts';

const DAY = 24 * 3_600_000;
const ENROLLED = /постав|учёт/i;
const NUMBERED = /присвоен номер/;

let mail: Mail;
let open: OpenHouse;
let chair: AtWorkplace;
let above: AtWorkplace;
beforeAll(async () => {
  mail = await openMail();
  open = await openHouse({ ...(await testStores()), SMTP_URL: mail.smtpUrl, REGISTRY_POLL_SECONDS: '0.3' });
  await postgresTicketRanges(database()).add('9900000000008001', '9900000000008999', 'operator');
  const offices = postgresOffices(database());
  for (const { id } of await offices.at('T-01')) {
    await offices.undertake(id, { how: 'paper', at: new Date(), by: 'test' });
  }
  chair = await enterWorkplace(open, mail, 'vasilyeva@example.test', '/chair/P-01/applications');
  above = await enterWorkplace(open, mail, 'polyakova@example.test', '/chair/T-01/applications');
}, 120_000);
afterAll(async () => {
  await open.close();
  await mail.close();
});

const database = () => open.house.stores.database;
const get = ({ person }: AtWorkplace, path: string) => person.open(`${open.issuer}${path}`);
const post = async (who: AtWorkplace, path: string, fields: Record<string, string>): Promise<Page> =>
  who.person.follow(await postAs(who.person, who.page, path, fields));
const textOf = ({ html }: Page) => html.querySelector('main')?.structuredText ?? '';
const problemsOf = ({ html }: Page) => html.querySelectorAll('.summary a').map(({ text }) => text);
const pathOf = ({ id, organisationId }: RegistryApplication) => `/chair/${organisationId}/applications/${id}`;
const audited = (event: string) =>
  database().query<{ actor: string; detail: Record<string, unknown> }>(
    'select actor, detail from audit where event = $1 order by id',
    [event],
  );

async function applied(changes: Partial<RegistryApplication> = {}) {
  const { id, email } = await newcomer(open);
  return { email, accountId: id, application: await applyFor(database(), id, { email, ...changes }) };
}

async function signInByTicket(identifier: string): Promise<Page> {
  const person = visitor();
  const door = await person.open(`${open.issuer}/cabinet`);
  return person.follow(
    await person.submit(door, /\/password$/, { by: 'ticket', identifier, password: PASSWORD }),
  );
}

describe('«Заявления»', () => {
  it('shows what waits, the application with its documents, and audits each look', async () => {
    const { application } = await applied({ family: 'Зорина' });
    const list = await get(chair, '/chair/P-01/applications');
    expect(textOf(list)).toContain('Зорина Ольга Ивановна');
    const page = await get(chair, pathOf(application));
    expect(textOf(page)).toContain('17.05.1990');
    expect(textOf(page)).toContain('Прошу принять меня в Профсоюз.');
    expect(textOf(page)).toContain(application.documents[0]?.sha256);
    const [look] = (await audited('members_seen')).slice(-1);
    expect(look?.detail).toMatchObject({ what: 'application', organisation: 'P-01', count: 1 });
  });

  it('accepted with the next number: a letter with it, and the ticket signs in (SYS-05)', async () => {
    const { application, email, accountId } = await applied({ family: 'Принятая' });
    const page = await post(chair, `${pathOf(application)}/accept`, { number: 'next', typed: '' });
    expect(page.status).toBe(200);
    const number = /9900 0000 0000 8\d{3}/.exec(textOf(page))?.[0] ?? '';
    expect(textOf(page)).toContain('Решение принято');
    const letter = await mail.take(email, ENROLLED);
    expect(letter.text.replace(/\s/g, '')).toContain(number.replace(/\s/g, ''));
    const inside = await signInByTicket(number);
    expect(textOf(inside)).toContain('Принятая');
    const [decided] = (await audited('application_decide')).slice(-1);
    expect(decided).toEqual({
      actor: await accountOf(open, 'vasilyeva@example.test'),
      detail: { applicationId: application.id, state: 'accepted', organisation: 'P-01', above: false },
    });
    expect(accountId).toMatch(/^acc_/);
  });

  it('returned with a reason of the list and words: the applicant reads both', async () => {
    const { application, email } = await applied({ family: 'Возвратная' });
    const action = `${pathOf(application)}/decline`;
    const without = await post(chair, action, { state: 'returned', words: 'Укажите телефон' });
    expect(without.status).toBe(422);
    expect(problemsOf(without)).toEqual(['Выберите причину: её прочтёт заявитель']);
    expect(without.html.querySelector('textarea')?.text).toBe('Укажите телефон');
    const silent = await post(chair, action, { state: 'returned', reason: 'other', words: ' ' });
    expect(problemsOf(silent)).toEqual(['Напишите причину своими словами: её прочтёт заявитель']);
    const done = await post(chair, action, { state: 'returned', reason: 'data', words: 'Укажите телефон' });
    expect(textOf(done)).toContain('В данных есть ошибка. Укажите телефон');
    const letter = await mail.take(email, /./);
    expect(letter.text).toContain('В данных есть ошибка. Укажите телефон');
    // What she wrote is gone, but what to call her by when she phones.
    expect(textOf(done)).toContain('Возвратная О. И.');
    expect(textOf(done)).not.toContain('Ольга');
    expect(textOf(await get(chair, '/chair/P-01/applications'))).toContain('Возвратная О. И.');
  });

  it('of two chairs the second sees what was decided', async () => {
    const { application } = await applied();
    await post(chair, `${pathOf(application)}/decline`, { state: 'rejected', reason: 'not_here', words: '' });
    const late = await post(chair, `${pathOf(application)}/accept`, { number: 'next', typed: '' });
    expect(textOf(late)).toContain('По этому заявлению уже есть решение');
    expect(textOf(late)).toContain('Не работает и не учится в организации.');
    expect(textOf(late)).toContain('Васильева Нина Романовна');
    expect(textOf(late)).not.toContain('Ветрова');
  });

  it('a card on record is chosen, not doubled; a wrong number changes nothing', async () => {
    const person = { family: 'Тихонова', given: 'Лидия', middle: 'Марковна', birthdate: '1958-11-11' };
    const { application } = await applied({ ...person, purpose: 'enrolment' });
    expect(textOf(await get(chair, pathOf(application)))).toContain('Уже на учёте – Тихонова Лидия Марковна');
    const accept = (fields: Record<string, string>) =>
      post(chair, `${pathOf(application)}/accept`, { typed: '', ...fields });
    expect(problemsOf(await accept({ number: 'next' }))).toEqual([
      'Выберите, завести новую карточку или поставить на учёт по имеющейся',
    ]);
    expect((await accept({ card: 'M-03', number: 'next' })).status).toBe(422);
    expect(problemsOf(await accept({ card: 'M-15', number: 'typed', typed: '12' }))).toEqual([
      'Номер билета состоит из 16 цифр',
    ]);
    const taken = await accept({ card: 'new', number: 'typed', typed: '9900 0000 0000 0011' });
    expect(problemsOf(taken)[0]).toMatch(/^Этот номер уже принадлежал другому билету/);
    const before = await database().query('select count(*) from member');
    const done = await accept({ card: 'M-15', number: 'later' });
    expect(textOf(done)).toContain('будет присвоен позже');
    expect(await database().query('select count(*) from member')).toEqual(before);
  });

  it('nobody is taken off the record while his application waits: his card leads to it', async () => {
    const card = '/chair/P-01/members/M-16';
    const leads = async () =>
      (await get(chair, card)).html
        .querySelectorAll('main a')
        .find(({ text }) => text === 'Рассмотреть заявление')
        ?.getAttribute('href');
    expect(await leads()).toBe('/chair/P-01/applications');
    const person = { family: 'Новиков', given: 'Денис', middle: 'Юрьевич', birthdate: '1979-02-17' };
    await database().query(`update member set birthdate = $1 where id = 'M-16'`, [person.birthdate]);
    const { application } = await applied(person);
    expect(await leads()).toBe(pathOf(application));
    expect((await get(chair, card)).html.querySelector(`main a[href="${card}/membership"]`)).toBeNull();

    expect((await get(chair, `${card}/membership`)).url.pathname).toBe(pathOf(application));
    const [{ version } = {}] = await database().query(`select version from member where id = 'M-16'`);
    const end = { version: String(version), membership: 'ended', reason: 'по заявлению', since: '' };
    expect((await post(chair, `${card}/membership`, end)).url.pathname).toBe(pathOf(application));
    expect(await database().query(`select membership from member where id = 'M-16'`)).toEqual([
      { membership: 'under_review' },
    ]);
  });

  it('when no number is left, it says so and nothing is half-done', async () => {
    const { application } = await applied();
    await database().query('update ticket_range set next = last + 1');
    const refused = await post(chair, `${pathOf(application)}/accept`, { number: 'next', typed: '' });
    expect(problemsOf(refused)[0]).toMatch(/^Свободных номеров не осталось/);
    expect(textOf(refused)).toContain('Свободные номера кончились');
    await database().query('update ticket_range set next = first + 500');
    expect(
      textOf(await post(chair, `${pathOf(application)}/accept`, { number: 'next', typed: '' })),
    ).toContain('Решение принято');
  });

  it('reminds the chair after three working days, those above after ten; each once', async () => {
    const { application } = await applied({ family: 'Долгая' });
    const letters: NewLetter[] = [];
    const needs = (now: Date): RemindNeeds => ({
      ...{ database: database(), overdueApplications: postgresOverdue(database()) },
      ...{ offices: postgresOffices(database()), calendar: postgresCalendar(database()) },
      clock: { now: () => now },
      post: {
        async send(letter) {
          letters.push(letter);
        },
      },
      events: { applicationsOverdue: async () => {} },
    });
    const own = await accountOf(open, 'vasilyeva@example.test');
    await database().query(
      `update register_application set reminded_at = now(), escalated_at = now()
        where id <> $1 and state = 'received'`,
      [application.id],
    );
    const [row] = await database().query<{ received_at: Date }>(
      'select received_at from register_application where id = $1',
      [application.id],
    );
    const later = (days: number) => new Date((row?.received_at.getTime() ?? 0) + days * DAY);
    await remind(needs(later(1)));
    expect(letters).toEqual([]);

    const asTerritorial = await get(above, pathOf(application));
    expect(textOf(asTerritorial)).toContain('Это заявление рассматривает первичная организация');
    const early = await post(above, `${pathOf(application)}/decline`, {
      ...{ state: 'rejected', reason: 'not_here', words: '' },
    });
    expect(textOf(early)).toContain('Долгая');
    expect(textOf(await get(above, '/chair/T-01/applications'))).not.toContain('Долгая');

    await remind(needs(later(8)));
    await remind(needs(later(8)));
    expect(letters).toEqual([
      {
        template: 'applications-waiting',
        to: { accountId: own },
        facts: {
          ...{ count: 1, organisation: 'МБОУ СОШ № 15 г. Васильевска' },
          path: '/chair/P-01/applications',
        },
      },
    ]);
    letters.length = 0;
    await remind(needs(later(25)));
    await remind(needs(later(25)));
    expect(letters.map(({ template, facts }) => [template, 'path' in facts && facts.path])).toEqual([
      ['applications-escalated', '/chair/T-01/applications'],
      ['applications-escalated', '/chair/T-01/applications'],
    ]);
    expect(JSON.stringify(letters)).not.toContain('Долгая');

    expect(textOf(await get(above, '/chair/T-01/applications'))).toContain('Долгая');
    const done = await post(above, `${pathOf(application)}/decline`, {
      ...{ state: 'returned', reason: 'unit', words: '' },
    });
    expect(textOf(done)).toContain('Не то структурное подразделение.');
    expect((await audited('application_decide')).at(-1)?.detail).toMatchObject({ above: true });
  });
});

describe('«Номер присвоят позже»', () => {
  const memberOf = async ({ id }: RegistryApplication): Promise<string> => {
    const [row] = await database().query<{ member_id: string }>(
      'select member_id from register_application where id = $1',
      [id],
    );
    return row?.member_id ?? '';
  };
  const hint = async () => /Без номера билета (\d+)/.exec(textOf(await get(chair, '/chair/P-01')))?.[1];

  it('the number is assigned on her card: one ticket and one letter, however often it is pressed', async () => {
    const { application, email } = await applied({ family: 'Поздняя' });
    const page = await post(chair, `${pathOf(application)}/accept`, { number: 'later', typed: '' });
    expect((await mail.take(email, ENROLLED)).text).toContain('когда его присвоят');
    const cardPath = `/chair/P-01/members/${await memberOf(application)}`;
    expect(page.html.querySelector(`main a[href="${cardPath}/ticket"]`)?.text).toBe('Присвоить номер');

    const waiting = Number(await hint());
    const unnumbered = '/chair/P-01/members?membership=member&only=without_ticket';
    expect(textOf(await get(chair, unnumbered))).toContain('Поздняя');
    const card = await get(chair, cardPath);
    expect(textOf(card)).toContain('Электронный профсоюзный билет: номер ещё не присвоен');
    expect(card.html.querySelector(`main a[href="${pathOf(application)}"]`)).not.toBeNull();

    const assign = (fields: Record<string, string>) => post(chair, `${cardPath}/ticket/assign`, fields);
    expect(problemsOf(await assign({ typed: '' }))).toEqual(['Выберите, какой номер получит билет']);
    const short = await assign({ number: 'typed', typed: '12' });
    expect([short.status, problemsOf(short)]).toEqual([422, ['Номер билета состоит из 16 цифр']]);
    expect(short.html.querySelector('input[name=typed]')?.getAttribute('value')).toBe('12');
    expect(problemsOf(await assign({ number: 'typed', typed: '9900000000000011' }))[0]).toMatch(
      /^Этот номер уже принадлежал другому билету/,
    );

    const pressed = await Promise.all([1, 2, 3].map(() => assign({ number: 'next', typed: '' })));
    const number = /9900 0000 0000 8\d{3}/.exec(textOf(pressed[0] as Page))?.[0] ?? '';
    for (const each of pressed) expect(textOf(each)).toContain(number);
    const letter = await mail.take(email, NUMBERED);
    expect(letter.text).toContain(number);
    const inside = await signInByTicket(number);
    expect(textOf(inside)).toContain('Поздняя');
    const subjects = (await mail.all(email)).map(({ subject }) => subject);
    expect(subjects.filter((subject) => ENROLLED.test(subject))).toHaveLength(1);
    expect(subjects.filter((subject) => NUMBERED.test(subject))).toHaveLength(1);

    expect(textOf(await assign({ number: 'next', typed: '' }))).toContain('Номер уже присвоен');
    expect(textOf(await get(chair, unnumbered))).not.toContain('Поздняя');
    expect(Number((await hint()) ?? 0)).toBe(waiting - 1);
    const noted = await audited('ticket_assigned');
    expect(noted).toEqual([
      {
        actor: await accountOf(open, 'vasilyeva@example.test'),
        detail: { organisation: 'P-01', member: await memberOf(application) },
      },
    ]);
  });

  it('is not for those above, and not for a card of another organisation', async () => {
    const { application } = await applied({ family: 'Чужая' });
    await post(chair, `${pathOf(application)}/accept`, { number: 'later', typed: '' });
    const ticketPath = `/chair/P-01/members/${await memberOf(application)}/ticket`;
    expect((await get(above, ticketPath)).html.querySelector('main form[action$="/assign"]')).toBeNull();
    expect((await post(above, `${ticketPath}/assign`, { number: 'next', typed: '' })).status).toBe(404);
    const foreign = '/chair/P-01/members/M-03/ticket/assign';
    expect((await post(chair, foreign, { number: 'next', typed: '' })).status).toBe(404);
  });
});

describe('«Согласия»', () => {
  const CARD = '/chair/P-01/members/M-08/consents';
  const today = () => new Intl.DateTimeFormat('ru-RU', { timeZone: 'Europe/Moscow' }).format(new Date());

  it('a tick by paper needs its day, and the member sees who set it (SYS-10, E-13)', async () => {
    const missing = await post(chair, CARD, { union_pd: 'yes', dated: '' });
    expect(problemsOf(missing)).toEqual(['Введите дату, которая стоит на бумаге']);
    expect(missing.html.querySelector('input[name=union_pd][value=yes]')?.hasAttribute('checked')).toBe(true);
    expect(problemsOf(await post(chair, CARD, { union_pd: 'yes', dated: '01.01.2999' }))).toEqual([
      'Дата на бумаге ещё не наступила. Проверьте её',
    ]);
    const done = await post(chair, CARD, { union_pd: 'yes', finfort_pd: 'no', dated: today() });
    expect(textOf(done)).toContain('Отметки сохранены');
    expect(textOf(done)).toContain(
      'Васильева Нина Романовна, председатель первичной профсоюзной организации',
    );
    expect((await audited('paper_consents_ticked')).at(-1)?.detail).toEqual({
      ...{ member: 'M-08', organisation: 'P-01', types: 'union_pd:yes finfort_pd:no' },
    });

    const person = visitor();
    const door = await person.open(`${open.issuer}/cabinet/documents`);
    const typed = { by: 'email', identifier: 'sorokina@example.test', password: PASSWORD };
    await person.follow(await person.submit(door, /\/password$/, typed));
    const documents = () => person.open(`${open.issuer}/cabinet/documents`);
    const links = async () =>
      (await documents()).html.querySelectorAll('main a[href^="/cabinet/documents/"]');
    await expect.poll(async () => (await links()).length, { timeout: 15_000 }).toBeGreaterThan(0);
    const path = (await links())[0]?.getAttribute('href');
    const told = textOf(await person.open(`${open.issuer}${path}`));
    expect(told).toContain('Бумажное, отметку поставил: Васильева Нина Романовна, председатель');
    expect(told).toContain(`Дата на бумаге\n${today()}`);
  });

  it('after a meeting: answers of many cards on one page', async () => {
    const answers = { 'union_pd:M-18': 'yes', 'finfort_pd:M-18': 'no', 'union_pd:M-16': '' };
    const done = await post(chair, '/chair/P-01/consents', { ...answers, dated: today() });
    expect(textOf(done)).toContain('Отметки сохранены');
    const lacking = await get(chair, '/chair/P-01/consents?lacking=union_pd');
    expect(textOf(lacking)).not.toContain('Щербакова');
    expect(textOf(await get(chair, '/chair/P-01/consents?lacking=finfort_pd'))).toContain('Щербакова');
    const foreign = await post(chair, '/chair/P-01/consents', { 'union_pd:M-03': 'yes', dated: today() });
    expect(textOf(foreign)).toContain('Отметки сохранены, но не все');
    expect(await database().query(`select from member_consent where member_id = 'M-03'`)).toEqual([]);
    expect((await get(chair, '/chair/P-01/members/M-03/consents')).status).toBe(404);
  });

  it('nothing chosen is said, and the typed day stays', async () => {
    for (const path of ['/chair/P-01/consents', CARD]) {
      const before = await audited('paper_consents_ticked');
      const page = await post(chair, path, { dated: '12.03.2026' });
      expect(page.status).toBe(422);
      expect(problemsOf(page)[0]).toMatch(/^Ничего не выбрано/);
      expect(page.html.querySelector('#dated')?.getAttribute('value')).toBe('12.03.2026');
      expect(await audited('paper_consents_ticked')).toEqual(before);
    }
  });

  it('«Сохранить и показать следующих» saves and goes on with the day; on record are members alone', async () => {
    // More than a page holds, behind everybody else.
    await database().query(
      `insert into member (id, organisation_id, family_name, given_name, birthdate, membership)
       select 'paged-' || n, 'P-01', 'Ящеров', 'Пётр', '1980-01-01', 'member' from generate_series(1, 60) n`,
    );
    const first = await get(chair, '/chair/P-01/consents?lacking=any');
    const button = first.html.querySelector('button[name=next]');
    const [asked] = first.html.querySelectorAll('select[name^="finfort_pd:"]');
    const name = asked?.getAttribute('name') ?? '';
    const fields = { [name]: 'yes', next: button?.getAttribute('value') ?? '', dated: today() };
    const second = await post(chair, '/chair/P-01/consents?lacking=any', fields);
    expect(textOf(second)).toContain('Отметки сохранены');
    expect(second.url.searchParams.get('lacking')).toBe('any');
    expect(second.html.querySelector('#dated')?.getAttribute('value')).toBe(today());
    const peopleOn = ({ html }: Page) =>
      html.querySelectorAll('.consents tbody th a').map((one) => one.getAttribute('href'));
    expect(peopleOn(second).filter((one) => peopleOn(first).includes(one))).toEqual([]);
    const [row] = await database().query('select given from member_consent where member_id = $1', [
      name.slice(name.indexOf(':') + 1),
    ]);
    expect(row).toEqual({ given: true });
    const untouched = await post(chair, '/chair/P-01/consents', { next: fields.next, dated: '' });
    expect([untouched.status, untouched.url.searchParams.get('after')]).toEqual([200, fields.next]);

    const { members } = await figures();
    const everybody = first.html.querySelector('.doors a')?.text;
    expect(everybody).toBe(`Все (${members})`);
    expect(first.html.querySelector('.doors a[aria-current]')?.text).toMatch(
      /^Нет хотя бы одного согласия \(\d+\)$/,
    );
    await database().query(`delete from member where id like 'paged-%'`);
    for (const path of ['/chair/P-01/consents?lacking=any', '/chair/P-01/consents/forms']) {
      const { html } = await get(chair, path);
      expect(html.querySelector('main')?.structuredText).not.toContain('Новиков');
    }
  });

  const figures = async () => {
    const start = textOf(await get(chair, '/chair/P-01'));
    const figure = (words: RegExp) => Number(words.exec(start)?.[1] ?? 0);
    return {
      members: figure(/На учёте (\d+)/),
      unconsented: figure(/Без согласия Профсоюзу (\d+)/),
      unnumbered: figure(/Без номера билета (\d+)/),
    };
  };

  it('the start page and the lists count the same people', async () => {
    const { unconsented, unnumbered } = await figures();
    const lacking = await get(chair, '/chair/P-01/consents?lacking=union_pd');
    expect(unconsented).toBeGreaterThan(0);
    expect(lacking.html.querySelectorAll('.consents tbody tr')).toHaveLength(unconsented);
    const list = (await get(chair, '/chair/P-01')).html.querySelector('main a[href*="without_ticket"]');
    const people = await get(chair, list?.getAttribute('href') ?? '');
    expect(people.html.querySelectorAll('main tbody tr')).toHaveLength(unnumbered);
  });

  it('forms for those whom the list shows, of the consents they lack', async () => {
    const lacking = await get(chair, '/chair/P-01/consents?lacking=union_pd');
    const count = lacking.html.querySelectorAll('.consents tbody tr').length;
    const print = lacking.html.querySelector('main a[href*="/consents/forms"]');
    expect(print?.text).toBe(`Напечатать согласия для собрания (${count})`);
    const path = print?.getAttribute('href') ?? '';
    const forms = await get(chair, path);
    expect(forms.html.querySelectorAll('input[name^="member-"]')).toHaveLength(count);
    expect(forms.html.querySelector('.doors a[aria-current]')?.text).toBe(`Нет: Профсоюз (${count})`);
    expect(
      forms.html.querySelectorAll('input[name^="type_"][checked]').map((tick) => tick.getAttribute('name')),
    ).toEqual(['type_union_pd']);
    const papers = await post(chair, path, { type_union_pd: 'yes', all: 'yes' });
    // And the sheet.
    expect(papers.html.querySelectorAll('.paper')).toHaveLength(count + 1);
  });

  it('forms for a meeting: each consent a document of its own, with the name, and a sheet', async () => {
    const nobody = await post(chair, '/chair/P-01/consents/forms', { type_union_pd: 'yes' });
    expect(problemsOf(nobody)).toEqual(['Отметьте, для кого напечатать согласия']);
    const fields = {
      type_union_pd: 'yes',
      type_finfort_pd: 'yes',
      'member-M-06a': 'yes',
      'member-M-18': 'yes',
    };
    const print = await post(chair, '/chair/P-01/consents/forms', fields);
    const papers = print.html.querySelectorAll('.paper');
    // Two for M-06a, one for M-18, who has given the other; and the sheet.
    expect(papers).toHaveLength(4);
    expect(papers[0]?.structuredText).toContain('Фамилия, имя, отчество: Петров Пётр Петрович.');
    expect(papers[0]?.structuredText).not.toContain('аналогом собственноручной подписи');
    expect(papers[3]?.structuredText).toContain('Щербакова Юлия Игоревна');
    expect((await audited('members_seen')).at(-1)?.detail).toMatchObject({
      ...{ what: 'consent_forms_printed', count: 2 },
    });
  });

  it('those above look on and change nothing', async () => {
    expect(textOf(await get(above, CARD))).toContain('Обработка персональных данных Профсоюзом');
    expect((await get(above, CARD)).html.querySelector('form[action$="/consents"]')).toBeNull();
    expect((await post(above, CARD, { union_pd: 'no', dated: today() })).status).toBe(404);
  });
});
