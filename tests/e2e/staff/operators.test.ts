/** The desk of the Union's operators: people looked for and looked at, acts, merges, an incident – and what is written down of it. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { postgresAccounts } from '../../../adapters/account-store/postgres.ts';
import { postgresAuditLog } from '../../../adapters/audit-log/postgres.ts';
import { postgresDocuments } from '../../../adapters/document-store/postgres.ts';
import { postgresStaff } from '../../../adapters/staff-store/postgres.ts';
import { comeBack } from '../../support/come-back.ts';
import { type OpenHouse, openHouse, PASSWORD } from '../../support/house.ts';
import { type Mail, openMail } from '../../support/mail.ts';
import { testStores } from '../../support/stores.ts';
import { type Page, type Visitor, visitor } from '../../support/visitor.ts';
import { type AtWorkplace, accountOf, enterOperator, postAs } from '../../support/workplace.ts';

const OPERATOR = 'ryabov@example.test';
const MEMBER = 'ivanova@example.test';

let mail: Mail;
let open: OpenHouse;
let desk: AtWorkplace;
let member: string;

const query = <Row extends object>(text: string, values: readonly (string | readonly string[])[] = []) =>
  open.house.stores.database.query<Row>(text, values);
const textOf = (page: Page) => page.html.querySelector('main')?.structuredText ?? '';
const trailOf = (event: string, accountId: string) =>
  query<{ actor: string; reason: string; outcome: string; detail: Record<string, string> }>(
    'select actor, reason, outcome, detail from audit where event = $1 and account_id = $2 order by id',
    [event, accountId],
  );
const at = (path: string): Promise<Page> => desk.person.open(`${open.issuer}${path}`);
const personPath = (id: string) => `/operator/people/${id}`;

/** Signed in with her password, in the cabinet. */
async function signIn(email: string, password = PASSWORD): Promise<{ person: Visitor; page: Page }> {
  const person = visitor();
  const door = await person.open(`${open.issuer}/cabinet`);
  const typed = { by: 'email', identifier: email, password };
  return { person, page: await person.follow(await person.submit(door, /\/password$/, typed)) };
}
const isInside = async (person: Visitor): Promise<boolean> =>
  (await person.request(`${open.issuer}/cabinet`)).status === 200;

async function give(id: string, reason = 'asked', note = ''): Promise<Page> {
  const door = await at(personPath(id));
  // Given already, it is good for half an hour.
  if (door.html.querySelector('#reason') === null) return door;
  return desk.person.follow(await desk.person.submit(door, /\/reason$/, { reason, note }));
}
/** Confirms what the page at `path` asks. */
async function confirm(path: string, note = 'звонила сама, № 14'): Promise<Page> {
  const door = await at(path);
  return desk.person.follow(await desk.person.submit(door, new RegExp(`${path}$`), { note }));
}

/** What her page offers to be done. */
const actsOn = (page: Page): string[] =>
  page.html
    .querySelectorAll('a')
    .map((link) => /\/acts\/([\w-]+)$/.exec(link.getAttribute('href') ?? '')?.[1])
    .filter((act) => act !== undefined);

async function newAccount(email: string): Promise<string> {
  const id = randomUUID();
  const passwordHash = await open.house.hasher.hash(PASSWORD);
  await postgresAccounts(open.house.stores.database).create({
    ...{ id, locale: 'ru', passwordHash },
    email: { key: email, original: email },
  });
  return id;
}

beforeAll(async () => {
  mail = await openMail();
  open = await openHouse({ ...(await testStores()), SMTP_URL: mail.smtpUrl });
  const staff = postgresStaff(open.house.stores.database);
  await staff.grant(await accountOf(open, OPERATOR), 'union_operator', 'test');
  member = await accountOf(open, MEMBER);
  desk = await enterOperator(open, OPERATOR, '/operator/people');
}, 120_000);
afterAll(async () => {
  await open.close();
  await mail.close();
});

describe('the search of people', () => {
  const search = async (fields: Record<string, string>): Promise<Page> =>
    desk.person.submit(await at('/operator/people'), /\/operator\/people$/, {
      ...{ clue: '', family: '', given: '', middle: '', birthdate: '', organisation: '' },
      ...fields,
    });

  it('keeps what was typed out of the address and the log', async () => {
    const answer = await search({ clue: MEMBER });
    expect(answer.headers.get('location')).toMatch(/^\/operator\/people\/found\/[\da-f]{32}$/);
    const found = await desk.person.follow(answer);
    expect(textOf(found)).toContain('Иванова Мария Петровна');
    expect(textOf(found)).toContain('1984 г. р.');
    expect(found.html.querySelector('ul.list')?.structuredText).not.toContain('14.03');
    expect(open.logged()).not.toContain(MEMBER);
    const [seen] = await query<{ detail: object }>(
      `select detail from audit where event = 'members_seen' order by id desc limit 1`,
    );
    expect(seen?.detail).toEqual({ what: 'search', count: 1 });
  });

  it('finds by a ticket, by a SNILS that nobody sees, and by the beginning of a name', async () => {
    const ticket = await desk.person.follow(await search({ clue: '9900 0000 0000 0011' }));
    expect(textOf(ticket)).toContain('Иванова');
    const born = await desk.person.follow(await search({ birthdate: '14.03.1984', given: 'мар' }));
    expect(textOf(born)).toContain('Иванова');
    const named = await desk.person.follow(await search({ family: 'римск' }));
    expect(textOf(named)).toContain('Римская-Корсакова');
    const nobody = await desk.person.follow(await search({ clue: 'nobody-at-all@example.test' }));
    expect(textOf(nobody)).toContain('с таким номером или адресом');
    expect(textOf(nobody)).not.toContain('дата рождения');
    const unnamed = await desk.person.follow(await search({ family: 'Абвгдежз' }));
    expect(textOf(unnamed)).toContain('Никого не нашлось. Проверьте написание; у тех');
  });

  it('says what is wrong, and keeps what was typed', async () => {
    const short = await search({ family: 'Ив' });
    expect(short.status).toBe(422);
    expect(textOf(short)).toContain('не меньше трёх букв');
    expect(short.html.querySelector('#family')?.getAttribute('value')).toBe('Ив');
    expect((await search({ clue: 'что-то' })).status).toBe(422);
    expect((await search({ family: 'Ива', organisation: 'а' })).status).toBe(303);
  });
});

describe('a person’s page', () => {
  it('asks for a reason before it says anything', async () => {
    const door = await at(personPath(member));
    expect(textOf(door)).toContain('Зачем Вам эта страница');
    expect(door.body).not.toContain('Иванова');
    const none = await desk.person.submit(door, /\/reason$/, { note: '' });
    expect(none.status).toBe(422);
    const other = await desk.person.submit(door, /\/reason$/, { reason: 'other', note: '' });
    expect(other.status).toBe(422);
    expect(other.html.querySelector('#reason-other')?.hasAttribute('checked')).toBe(true);
    const long = 'Ж'.repeat(2_500);
    const tooLong = await desk.person.submit(door, /\/reason$/, { reason: 'case', note: long });
    expect(tooLong.status).toBe(422);
    expect(tooLong.html.querySelector('#note')?.text).toBe(long);
    expect(tooLong.html.querySelector('#note')?.getAttribute('maxlength')).toBe('500');
    for (const path of ['/trail', '/merge', '/acts/lock']) {
      const away = await desk.person.request(`${open.issuer}${personPath(member)}${path}`);
      expect(away.headers.get('location')).toBe(personPath(member));
    }
    expect(await trailOf('person_seen', member)).toEqual([]);
  });

  it('masks identifiers, shows one at a time, and writes each look down – kinds, no values', async () => {
    const page = await give(member, 'asked', 'по телефону');
    expect(textOf(page)).toContain('Иванова Мария Петровна');
    expect(page.body).not.toContain(MEMBER);
    expect(page.body).not.toContain('9900 0000 0000 0011');
    const shown = await postAs(desk.person, page, `${personPath(member)}/show`, { what: 'email' });
    expect(textOf(shown)).toContain(MEMBER);
    expect(shown.body).not.toContain('9900 0000 0000 0011');
    await at(`${personPath(member)}/trail`);

    const seen = await trailOf('person_seen', member);
    expect(seen.map(({ detail }) => detail.fields)).toEqual([
      expect.stringContaining('ways'),
      'email',
      'trail',
    ]);
    const operator = await accountOf(open, OPERATOR);
    expect(new Set(seen.map(({ actor }) => actor))).toEqual(new Set([operator]));
    expect(new Set(seen.map(({ reason }) => reason))).toEqual(new Set(['asked']));
    expect(JSON.stringify(seen)).not.toMatch(/ivanova|телефону/);
  });

  it('is told to her: when, for whom, what and why – and no name', async () => {
    const { person } = await signIn(MEMBER);
    const page = await person.open(`${open.issuer}/cabinet/who-looked`);
    expect(textOf(page)).toContain('Сотрудник Профсоюза');
    expect(textOf(page)).toContain('Обращение самого человека');
    expect(page.body).not.toContain('Рябов');
    // Opened, the page has shown a masked date and a masked number; the address was shown by itself.
    expect(textOf(page)).toContain('номер билета скрыты');
    expect(textOf(page)).not.toMatch(/дата рождения/i);
    const shown = page.html.querySelectorAll('main dd').map((one) => one.text);
    expect(shown).toContain('E‑mail');
    for (const one of shown) expect(one).not.toMatch(/, [А-Я][а-я]/);
  });

  it('knows nobody else’s documents, and no account that is not there', async () => {
    expect((await at(`${personPath(member)}/documents/${randomUUID()}`)).status).toBe(404);
    expect((await at(personPath(randomUUID()))).status).toBe(404);
    expect((await at(`/operator/members/${randomUUID()}`)).status).toBe(404);
  });

  it('opens for a member without an account, too', async () => {
    const [row] = await query<{ id: string }>(
      'select id from member m where not exists (select from account where member_id = m.id) order by id limit 1',
    );
    const path = `/operator/members/${row?.id}`;
    const page = await desk.person.follow(
      await desk.person.submit(await at(path), /\/reason$/, { reason: 'register', note: '' }),
    );
    expect(textOf(page)).toContain('личного кабинета ещё нет');
    const [seen] = await query<{ found: number }>(
      `select count(*)::int as found from audit where event = 'person_seen' and detail ->> 'member' = $1`,
      [row?.id ?? ''],
    );
    expect(seen?.found).toBe(1);
  });
});

describe('acts', () => {
  it('want a word on why', async () => {
    const path = `${personPath(member)}/acts/sign-out`;
    const refused = await desk.person.submit(await at(path), /\/acts\/sign-out$/, { note: ' ' });
    expect(refused.status).toBe(422);
    expect(await trailOf('staff_signed_out', member)).toEqual([]);
  });

  it('end one session, and leave the other', async () => {
    const [one, other] = [await signIn(MEMBER), await signIn(MEMBER)];
    const sessions = await query<{ uid: string }>(
      `select uid from account_session where account_id = $1 and ended_at is null order by signed_in_at desc`,
      [member],
    );
    await confirm(`${personPath(member)}/sessions/${sessions[0]?.uid}`);
    expect(await isInside(other.person)).toBe(false);
    expect(await isInside(one.person)).toBe(true);
    expect(await trailOf('staff_session_ended', member)).toHaveLength(1);
  });

  it('lock and unlock, and write to the person', async () => {
    const email = 'fedorov@example.test';
    const id = await accountOf(open, email);
    const inside = await signIn(email);
    await give(id, 'incident');
    expect(textOf(await confirm(`${personPath(id)}/acts/lock`))).toContain('заблокирован');
    await mail.take(email, /заблокирован/);
    expect(await isInside(inside.person)).toBe(false);
    expect((await signIn(email)).page.url.pathname).not.toBe('/cabinet');
    // Once more changes nothing, and says why.
    const page = await at(personPath(id));
    expect(actsOn(page)).toEqual(['unlock']);
    const again = await postAs(desk.person, page, `${personPath(id)}/acts/lock`, { note: 'ещё раз' });
    expect(again.status).toBe(422);
    expect(textOf(again)).toContain('Кабинет заблокирован. Сначала разблокируйте');
    await confirm(`${personPath(id)}/acts/unlock`);
    await mail.take(email, /разблокирован/);
    expect((await signIn(email)).page.url.pathname).toBe('/cabinet');
    const trail = [
      ...(await trailOf('staff_account_locked', id)),
      ...(await trailOf('staff_account_unlocked', id)),
    ];
    expect(trail.map(({ outcome }) => outcome)).toEqual(['success', 'failure', 'success']);
    expect(JSON.stringify(trail)).not.toContain('звонила');
  });

  it('forget wrong guesses', async () => {
    const email = 'zhukov@example.test';
    const id = await accountOf(open, email);
    const throttled = vi.fn();
    for (let tries = 0; tries < 7; tries += 1) {
      if ((await signIn(email, 'не тот пароль')).page.body.includes('Слишком много')) throttled();
    }
    expect(throttled).toHaveBeenCalled();
    expect((await signIn(email)).page.url.pathname).not.toBe('/cabinet');
    const held = await give(id);
    expect(textOf(held)).toContain('Вход по паролю задержан до');
    // Looking is no guess.
    await at(personPath(id));
    await confirm(`${personPath(id)}/acts/unlock`);
    expect((await signIn(email)).page.url.pathname).toBe('/cabinet');
    const free = await at(personPath(id));
    expect(textOf(free)).not.toContain('задержан');
    expect(actsOn(free)).not.toContain('unlock');
    expect(textOf(await at(`${personPath(id)}/acts/unlock`))).toContain('вход не задержан');
    const refused = await postAs(desk.person, free, `${personPath(id)}/acts/unlock`, { note: 'звонит' });
    expect(refused.status).toBe(422);
    expect(textOf(refused)).not.toContain('снова может войти');
  });

  it('start a reset: the link goes to the person, and the operator sees none', async () => {
    await give(member);
    const page = await confirm(`${personPath(member)}/acts/reset-password`);
    expect(page.body).not.toMatch(/\/recovery\//);
    const twice = await postAs(desk.person, page, `${personPath(member)}/acts/reset-password`, {
      note: 'звонила сама, № 14',
    });
    expect(twice.status).toBe(303);
    expect(await trailOf('staff_reset_begun', member)).toHaveLength(1);
    const letter = await mail.take(MEMBER, /Восстановление пароля/);
    expect(JSON.stringify(letter)).toContain('/recovery/');
    const operator = await accountOf(open, OPERATOR);
    expect(await trailOf('password_reset_letter', member)).toMatchObject([{ actor: operator }]);
    const trail = await at(`${personPath(member)}/trail`);
    const told = (part: string) =>
      trail.html.querySelectorAll('table.trail tbody tr').find((row) => row.text.includes(part));
    const row = told('Отправлено письмо для смены пароля');
    expect(row?.querySelectorAll('td')[2]?.text).toMatch(/^оператор Рябов/);
    expect(told('Оператор начал смену пароля')?.text).toContain('«звонила сама, № 14»');
    expect(told('Вход')?.querySelectorAll('td')[2]?.text).toBe('сам человек');
    // Codes and ids are for whoever opens them.
    for (const one of trail.html.querySelectorAll('details')) one.remove();
    const words = trail.html.querySelector('table.trail')?.text ?? '';
    expect(words).not.toMatch(/[\da-f]{8}-[\da-f]{4}-|person_seen|password_reset/);
  });

  it('send no letter to where letters come back from, and say what else there is', async () => {
    const email = 'returns@example.test';
    const id = await newAccount(email);
    const door = await give(id);
    await confirm(`${personPath(id)}/acts/sign-out`);
    await comeBack(open.house.stores.database, await mail.take(email, /./));
    const path = `${personPath(id)}/acts/reset-password`;
    const page = await at(path);
    expect(textOf(page)).toContain('Письма на адрес кабинета не доходят');
    expect(page.html.querySelector('#note')).toBeNull();
    expect((await postAs(desk.person, door, path, { note: 'звонила' })).status).toBe(422);
    expect((await trailOf('staff_reset_begun', id)).map(({ outcome }) => outcome)).toEqual(['failure']);
  });

  it('say whose account it is', async () => {
    for (const path of ['/acts/lock', '/merge', '/trail', '/second-factor']) {
      const page = await at(`${personPath(member)}${path}`);
      expect(page.html.querySelector('h1')?.text, path).toContain('Иванова Мария Петровна');
    }
    const id = await newAccount('nameless@example.test');
    await give(id);
    const heading = (await at(`${personPath(id)}/acts/lock`)).html.querySelector('h1')?.text;
    expect(heading).toContain('n•••@example.test');
  });

  it('part an account from a member it was bound to by mistake', async () => {
    const email = 'timur@example.test';
    const id = await accountOf(open, email);
    await give(id);
    await confirm(`${personPath(id)}/acts/release-member`);
    const [row] = await query<{ member_id: string | null; family_name: string | null; tickets: number }>(
      `select member_id, family_name,
              (select count(*)::int from identifier where account_id = a.id and kind = 'ticket') as tickets
         from account a where id = $1`,
      [id],
    );
    expect(row).toEqual({ member_id: null, family_name: null, tickets: 0 });
    await mail.take(email, /отвязан/);
    const after = await at(personPath(id));
    const again = await postAs(desk.person, after, `${personPath(id)}/acts/release-member`, {
      note: 'ещё раз',
    });
    expect(again.status).toBe(422);
  });

  it('serve neither oneself nor, without an administrator, the staff', async () => {
    const own = await accountOf(open, OPERATOR);
    const hers = await give(own);
    expect(actsOn(hers)).toEqual([]);
    expect(textOf(hers)).toContain('Это Ваш собственный кабинет');
    const typed = { note: 'звонила' };
    expect((await postAs(desk.person, hers, `${personPath(own)}/acts/sign-out`, typed)).status).toBe(422);
    const other = await accountOf(open, 'polyakova@example.test');
    await postgresStaff(open.house.stores.database).grant(other, 'administrator', 'test');
    const theirs = await give(other);
    const refused = await postAs(desk.person, theirs, `${personPath(other)}/acts/lock`, typed);
    expect(refused.status).toBe(422);
    expect(textOf(refused)).toContain('администратор');
    await postgresStaff(open.house.stores.database).revoke(other, 'administrator');
  });
});

describe('two accounts of one person', () => {
  const other = 'ivanova-home@example.test';
  let closed: string;
  let merge: string;

  const choose = async (typed: string): Promise<Page> => {
    await give(member);
    const door = await at(`${personPath(member)}/merge`);
    return desk.person.follow(await desk.person.submit(door, /\/merge$/, { other: typed }));
  };
  const ownerOf = async (email: string) => accountOf(open, email);

  it('are shown before anything happens', async () => {
    closed = await newAccount(other);
    expect((await choose('nobody@example.test')).status).toBe(422);
    expect((await choose(MEMBER)).status).toBe(422);
    const preview = await choose(other);
    expect(preview.url.pathname).toMatch(/^\/operator\/merges\/new\/[\da-f]{32}$/);
    expect(textOf(preview)).toContain('Адресом закрываемого кабинета можно будет входить');
    expect(await ownerOf(other)).toBe(closed);
    expect(preview.body).not.toContain(other);
    expect(preview.body).not.toContain(MEMBER);
    expect(textOf(preview)).toContain('i•••@example.test');
  });

  it('are shown by the reason of one, which opens no page of the other’s', async () => {
    expect(textOf(await at(personPath(closed)))).toContain('Зачем Вам эта страница');
    const seen = await trailOf('person_seen', closed);
    expect(seen.map(({ reason }) => reason)).toEqual(['merge']);
    const { person } = await signIn(other);
    const page = await person.open(`${open.issuer}/cabinet/who-looked`);
    expect(textOf(page)).toContain('не Ваш ли это второй кабинет');
    expect(textOf(page)).not.toContain('Обращение самого человека');
  });

  it('are not merged when they are two members', async () => {
    const preview = await choose('fedorov@example.test');
    expect(textOf(preview)).toContain('двумя разными карточками');
    expect(preview.html.querySelector('input[name=digest]')).toBeNull();
  });

  it('become one, once, however often and at the same time it is confirmed', async () => {
    const [before] = [await signIn(MEMBER)];
    const preview = await choose(other);
    const note = 'паспорт проверен, № 15';
    const digest = preview.html.querySelector('input[name=digest]')?.getAttribute('value') ?? '';
    const stale = await postAs(desk.person, preview, preview.url.pathname, { note, digest: 'x' });
    expect(stale.status).toBe(422);
    const answers = await Promise.all(
      [1, 2, 3].map(() => postAs(desk.person, preview, preview.url.pathname, { note, digest })),
    );
    const places = new Set(answers.map(({ headers }) => headers.get('location')));
    expect(places.size).toBe(1);
    merge = [...places][0] ?? '';
    expect(merge).toMatch(/^\/operator\/merges\/[\da-f]{32}$/);
    expect(await query('select id from account_merge')).toHaveLength(1);
    await mail.take(MEMBER, /объединены/);
    await mail.take(other, /объединены/);

    expect(await isInside(before.person)).toBe(false);
    const { person, page } = await signIn(other);
    expect(page.url.pathname).toBe('/cabinet');
    expect(textOf(page)).toContain('Иванова');
    const gone = await give(closed);
    expect(actsOn(gone)).toEqual([]);
    expect(gone.html.querySelectorAll('ul.acts a').map((link) => link.getAttribute('href'))).toEqual([merge]);
    expect(textOf(gone)).toContain('Вошёл в другой кабинет');
    const unlocked = await postAs(desk.person, preview, `${personPath(closed)}/acts/unlock`, { note });
    expect(unlocked.status).toBe(422);
    expect(textOf(unlocked)).toContain('Кабинет закрыт');
    expect((await person.open(`${open.issuer}/cabinet/email`)).body).toContain(MEMBER);
    for (const id of [member, closed]) expect(await trailOf('staff_accounts_merged', id)).toHaveLength(1);
  });

  it('are two again when it is undone, and that once', async () => {
    await give(member);
    const done = await at(merge);
    const note = 'разные люди, № 16';
    await Promise.all([1, 2].map(() => postAs(desk.person, done, `${merge}/undo`, { note })));
    expect(await ownerOf(other)).toBe(closed);
    expect(await ownerOf(MEMBER)).toBe(member);
    await mail.take(other, /отменено/);
    const { page } = await signIn(other);
    expect(page.url.pathname).toBe('/cabinet');
    expect(textOf(page)).not.toContain('Иванова');
    expect((await signIn(MEMBER)).page.url.pathname).toBe('/cabinet');
    for (const id of [member, closed]) expect(await trailOf('staff_accounts_parted', id)).toHaveLength(1);
    const [row] = await query<{ before: string | null }>('select before from account_merge');
    expect(row?.before).toBeNull();
  });

  it('are merged, when they look like two people, by whoever says that she has seen the papers', async () => {
    const stranger = 'olga@example.test';
    const id = await newAccount(stranger);
    const documents = postgresDocuments(open.house.stores.database);
    await query(
      `insert into identifier (kind, value, original, account_id, confirmed_at)
                 values ('https://doors.test', 'o-1', 'o-1', $1, now())`,
      [id],
    );
    await query(
      `insert into linked_identity (issuer, subject, account_id, upstream, family_name, given_name, birthdate, confirmed)
       values ('https://doors.test', 'o-1', $1, 'esia', 'Белова', 'Ольга', '1990-01-02', true)`,
      [id],
    );
    const paper = { at: new Date(), by: 'председатель' };
    await open.house.stores.database.transaction((tx) =>
      documents.recordPaper(id, 'finfort_pd', true, paper, tx),
    );
    const preview = await choose(stranger);
    expect(textOf(preview)).toContain('Похоже, это разные люди');
    const outcomeOf = (page: Page) =>
      page.html.querySelectorAll('table tr').map((row) => row.childNodes.at(-1)?.text);
    const swapped = await desk.person.follow(
      await postAs(desk.person, preview, `${preview.url.pathname}/survivor`, {}),
    );
    expect(outcomeOf(swapped)).toEqual(outcomeOf(preview));
    expect(outcomeOf(preview)).toContain('дано');

    const digest = preview.html.querySelector('input[name=digest]')?.getAttribute('value') ?? '';
    const typed = { note: 'паспорт проверен, № 17', digest };
    const refused = await postAs(desk.person, preview, preview.url.pathname, typed);
    expect(refused.status).toBe(422);
    expect(refused.html.querySelector('#note')?.text).toBe(typed.note);
    expect(await ownerOf(stranger)).toBe(id);

    const done = await desk.person.follow(
      await postAs(desk.person, preview, preview.url.pathname, { ...typed, same_person: 'yes' }),
    );
    expect(textOf(done)).toContain('Иванова Мария Петровна');
    const [merged] = await trailOf('staff_accounts_merged', id);
    expect(merged?.detail.differs).toBe('family given birthdate');
    expect(await documents.consent(member, 'finfort_pd')).toBeDefined();
    await postAs(desk.person, done, `${done.url.pathname}/undo`, { note: 'ошибка, № 17' });
    expect(await documents.consent(member, 'finfort_pd')).toBeUndefined();
    expect(await documents.consent(id, 'finfort_pd')).toBeDefined();
  });
});

describe('an incident', () => {
  const email = 'sorokina@example.test';
  const span = () => {
    const moscow = (shift: number) => new Date(Date.now() + 3 * 3_600_000 + shift).toISOString().slice(0, 16);
    return { from: moscow(-3_600_000), until: moscow(120_000), network: '', client: '' };
  };

  it('gives a list of ids and kinds of data, neither names nor addresses, and writes it down', async () => {
    await signIn(email);
    const home = await at('/operator/incident');
    const empty = await postAs(desk.person, home, '/operator/incident/affected', { ...span(), until: '' });
    expect(empty.status).toBe(422);
    const nowhere = await postAs(desk.person, home, '/operator/incident/affected', {
      ...{ ...span(), client: 'no-such-portal' },
    });
    expect(nowhere.status).toBe(422);
    expect(nowhere.html.querySelector('#client-problem')?.structuredText).toContain('нет');
    const found = await desk.person.follow(
      await postAs(desk.person, home, '/operator/incident/affected', span()),
    );
    expect(textOf(found)).toMatch(/Кабинетов: \d+/);
    expect(textOf(found)).toMatch(/Входы с \d+ [а-я]+ \d{4}/);
    expect((await postAs(desk.person, found, `${found.url.pathname}/file`, { note: '' })).status).toBe(422);
    const file = await postAs(desk.person, found, `${found.url.pathname}/file`, { note: 'уведомление РКН' });
    expect(file.headers.get('content-disposition')).toContain('affected.csv');
    expect(file.body).toContain(await accountOf(open, email));
    expect(file.body).not.toMatch(/@|Сорокина/);
    expect(await query(`select id from audit where event = 'affected_exported'`)).toHaveLength(1);
  });

  it('takes passwords away from those affected, and writes to them', async () => {
    const id = await newAccount('affected@example.test');
    await signIn('affected@example.test');
    const home = await at('/operator/incident');
    const found = await desk.person.follow(
      await postAs(desk.person, home, '/operator/incident/affected', span()),
    );
    expect(textOf(found)).toContain('Ваш кабинет не тронут: смените пароль сами');
    const typed = { note: 'утечка', word: 'пароль' };
    expect((await postAs(desk.person, found, `${found.url.pathname}/reset`, typed)).status).toBe(422);
    await postAs(desk.person, found, `${found.url.pathname}/reset`, { ...typed, word: 'пароли' });
    const operator = await accountOf(open, OPERATOR);
    await mail.take('affected@example.test', /Придумайте новый пароль/);
    expect(await query('select from password where account_id = $1', [id])).toEqual([]);
    expect(await trailOf('reset_forced', id)).toHaveLength(1);
    await vi.waitFor(
      async () => expect(textOf(await at('/operator/incident'))).toMatch(/сделано (\d+) из \1,/),
      { timeout: 20_000, interval: 100 },
    );
    expect(await trailOf('reset_forced', operator)).toEqual([]);
    expect(await query('select from password where account_id = $1', [operator])).toHaveLength(1);
  });

  it('changes the signing keys; after a leak none of the former ones is left', async () => {
    const keys = async () =>
      (await query<{ kid: string }>(`select kid from signing_key`)).map(({ kid }) => kid);
    const press = (fields: Record<string, string>) =>
      postAs(desk.person, home, '/operator/incident/keys', fields);
    const home = await at('/operator/incident');
    expect(textOf(home)).toContain('перечитать /jwks');
    const early = await press({ keys_word: 'ключи' });
    expect(textOf(early)).toContain('Рано');

    await query(`update signing_key set state_since = now() - interval '2 hours'`);
    const before = await keys();
    const done = await desk.person.follow(await press({ keys_word: 'КЛЮЧИ', leaked: 'yes' }));
    expect(textOf(done)).toContain('Все ключи подписи новые');
    const after = await keys();
    expect(after.filter((kid) => before.includes(kid))).toEqual([]);

    const twice = await press({ keys_word: 'КЛЮЧИ', leaked: 'yes' });
    expect(twice.status).toBe(422);
    expect(textOf(twice)).toContain('нынешнему ключу 0 минут');
    expect(await keys()).toEqual(after);
    await press({ keys_word: 'КЛЮЧИ', leaked: 'yes', again: 'yes' });
    expect(await keys()).not.toEqual(after);
    await open.house.gateway.refresh();
  });

  it('signs everybody out by one word, the operator as well', async () => {
    const fresh = await newAccount('bystander@example.test');
    const inside = await signIn('bystander@example.test');
    const home = await at('/operator/incident');
    const wrong = await postAs(desk.person, home, '/operator/incident/sign-out', { sign_out_word: 'да' });
    expect(wrong.status).toBe(422);
    expect(await isInside(inside.person)).toBe(true);
    // A sign-in of the very second of the act may be the new one.
    const second = () => Math.floor(Date.now() / 1_000);
    const signedInAt = second();
    await vi.waitFor(() => expect(second()).toBeGreaterThan(signedInAt), { timeout: 5_000, interval: 20 });
    const said = await postAs(desk.person, home, '/operator/incident/sign-out', { sign_out_word: 'выйти' });
    expect(textOf(said)).toContain('Сеансы завершены у всех, и Ваш тоже');
    expect(said.html.querySelector('main a')?.getAttribute('href')).toBe('/operator/incident');
    expect(await isInside(inside.person)).toBe(false);
    expect((await desk.person.request(`${open.issuer}/operator/people`)).status).toBe(303);
    expect((await signIn('bystander@example.test')).page.url.pathname).toBe('/cabinet');
    await vi.waitFor(
      async () =>
        expect(
          await query(`select uid from account_session where account_id = $1 and ended_at is null`, [fresh]),
        ).toHaveLength(1),
      { timeout: 20_000, interval: 100 },
    );
    const { page: back } = await enterOperator(open, OPERATOR, '/operator/incident', desk.person);
    expect(back.url.pathname).toBe('/operator/incident');
    expect(textOf(back)).toContain('В последний раз');
  });

  it('is told by what was changed; views of data are a link away, page by page', async () => {
    const home = await at('/operator/incident');
    const rows = (page: Page) =>
      page.html.querySelectorAll('table.trail tbody tr').map((row) => row.structuredText);
    expect(textOf(home)).not.toContain('Открыты данные человека');
    expect(rows(home).length).toBeGreaterThan(3);
    const audit = postgresAuditLog(open.house.stores.database);
    const lookedAt = { event: 'person_seen', outcome: 'success', actor: 'a-1', reason: 'asked' } as const;
    for (let each = 0; each < 60; each += 1) await audit.append(lookedAt);
    const all = await at('/operator/incident/trail?all=yes');
    expect(textOf(all)).toContain('Открыты данные человека');
    const older = all.html.querySelectorAll('main a').find((link) => link.text === 'Раньше');
    const next = await at(older?.getAttribute('href') ?? '');
    expect(next.url.search).toMatch(/^\?all=yes&before=\d+$/);
    expect(rows(next).length).toBeGreaterThan(0);
    expect(textOf(await at('/operator/incident'))).not.toContain('Открыты данные человека');
  });
});
