/** The records of a primary organisation, as its chair keeps them: passport, structure, members, lists in and out. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LISTS_PER_ORGANISATION } from '../../../provider/staff/kept-lists.ts';
import { type OpenHouse, openHouse, PASSWORD } from '../../support/house.ts';
import { type Mail, openMail } from '../../support/mail.ts';
import { testStores } from '../../support/stores.ts';
import { type Page, type Visitor, visitor } from '../../support/visitor.ts';
import { enterWorkplace, postAs } from '../../support/workplace.ts';

const HOME = '/chair/P-01';
const CARD = {
  ...{ family: 'Щеглова', given: 'Вера', middle: 'Андреевна', birthdate: '02.03.1991', snils: '' },
  ...{ phone: '8 900 000 77 01', email: 'sheglova@example.test', unit: '', position: 'учитель' },
  ...{ joinedOn: '', onRecordSince: '', ticket: '' },
};

let mail: Mail;
let open: OpenHouse;
let person: Visitor;
let page: Page;
beforeAll(async () => {
  mail = await openMail();
  open = await openHouse({ ...(await testStores()), SMTP_URL: mail.smtpUrl });
  ({ person, page } = await enterWorkplace(open, mail, 'vasilyeva@example.test', `${HOME}/passport`));
}, 120_000);
afterAll(async () => {
  await open.close();
  await mail.close();
});

const database = () => open.house.stores.database;
const get = (path: string) => person.open(`${open.issuer}${path}`);
const post = (from: Page, path: string, fields: Record<string, string> = {}) =>
  postAs(person, from, path, fields);
const textOf = ({ html }: Page) => html.querySelector('main')?.structuredText ?? '';
const hidden = ({ html }: Page, name: string) =>
  html.querySelector(`.desk input[name="${name}"]`)?.getAttribute('value') ?? '';
const problemsOf = ({ html }: Page) => html.querySelectorAll('.summary a').map(({ text }) => text);

async function upload(path: string, file: File): Promise<Page> {
  const from = await get(path);
  const body = new FormData();
  body.set('csrf', hidden(from, 'csrf'));
  body.set('file', file);
  const headers = { origin: open.issuer, 'sec-fetch-site': 'same-origin' };
  return person.follow(await person.request(`${open.issuer}${path}`, { method: 'POST', headers, body }));
}
const csv = (...lines: string[]) =>
  new File([`\uFEFF${lines.join('\r\n')}\r\n`], 'Список.csv', { type: 'text/csv' });

describe('«Паспорт»', () => {
  it('has its four tabs, of which each says what it wants', async () => {
    expect(page.html.querySelectorAll('nav.tabs a').map(({ firstChild }) => firstChild?.text.trim())).toEqual(
      [...['ИНПО', 'Регистрация', 'Организация', 'Адреса и телефоны']],
    );
    const empty = await post(page, `${HOME}/passport/inpo`, {
      version: '0',
      inpo: '',
      inpoAssignedOn: '31.02.2020',
    });
    expect(empty.status).toBe(422);
    expect(problemsOf(empty)).toEqual([
      'Заполните поле «Индивидуальный номер первичной организации (ИНПО)»',
      'В поле «Дата присвоения ИНПО» введите дату в виде дд.мм.гггг, например 01.09.2003',
    ]);
    expect(empty.html.querySelector('#inpoAssignedOn')?.getAttribute('value')).toBe('31.02.2020');
  });

  it('is filled in, tab by tab, and then the organisation is found by what is new', async () => {
    const tabs: Record<string, Record<string, string>> = {
      inpo: { inpo: '59-01-0015', inpoAssignedOn: '01.02.2004' },
      registration: {
        ...{ createdOn: '01.09.2003', creationDocument: 'протокол № 1', registeredOn: '' },
        ...{ registrationDocument: '', ogrn: '' },
      },
      organisation: {
        ...{
          name: 'Гимназия «Лазурная»',
          shortName: 'Лазурная',
          inn: '0059000018',
          institutionType: 'школа',
        },
        ...{ workers: '60', learners: '', chair: 'Васильева', board: '', auditCommission: '' },
      },
      contacts: {
        ...{
          town: 'Васильевск',
          postalAddress: 'ул. Мира, 1',
          legalAddress: 'ул. Мира, 1',
          site: 'school15.test',
        },
        ...{ phone: '8 900 000 00 01', morePhones: '', email: 'p01@example.test' },
      },
    };
    for (const [tab, fields] of Object.entries(tabs)) {
      const before = await get(`${HOME}/passport/${tab}`);
      const saved = await post(before, `${HOME}/passport/${tab}`, {
        version: hidden(before, 'version'),
        ...fields,
      });
      expect([tab, saved.status]).toEqual([tab, 303]);
    }
    expect(textOf(await get(`${HOME}/passport`))).toContain('Паспорт заполнен.');
    const [found] = await database().query(
      `select phone from organisation where id = 'P-01' and search_vector @@ '''лазурная'''::tsquery`,
    );
    expect(found).toEqual({ phone: '+79000000001' });
    const [row] = await database().query(
      `select count(*)::int as n from audit where event = 'passport_saved'`,
    );
    expect(row).toEqual({ n: 4 });
  });

  it('is not overwritten by whoever has not seen what is stored', async () => {
    const before = await get(`${HOME}/passport/inpo`);
    const fields = { version: hidden(before, 'version'), inpoAssignedOn: '' };
    expect((await post(before, `${HOME}/passport/inpo`, { ...fields, inpo: '59-02' })).status).toBe(303);
    const second = await post(before, `${HOME}/passport/inpo`, { ...fields, inpo: '59-03' });
    expect(second.status).toBe(422);
    expect(textOf(second)).toContain('Сейчас записано: 59-02');
    expect(second.html.querySelector('#inpo')?.getAttribute('value')).toBe('59-03');
    const again = { ...fields, version: hidden(second, 'version'), inpo: '59-03' };
    expect((await post(second, `${HOME}/passport/inpo`, again)).status).toBe(303);
  });

  it('takes no field that is none of the tab', async () => {
    const fields = { version: '1', inpo: '59-04', inpoAssignedOn: '', kind: 'regional' };
    expect((await post(page, `${HOME}/passport/inpo`, fields)).status).toBe(400);
    expect((await get(`${HOME}/passport/secrets`)).status).toBe(404);
  });
});

describe('«Структура»', () => {
  it('grows, is moved and closed, and applicants choose among its names', async () => {
    const structure = `${HOME}/structure`;
    const from = await get(structure);
    const unit = { kind: 'bureau', name: 'Начальная школа', parent: '' };
    expect((await post(from, structure, unit)).status).toBe(303);
    expect(problemsOf(await post(from, structure, unit))).toEqual([
      'Подразделение с таким названием уже есть. Введите другое название',
    ]);
    const shown = await get(structure);
    const path = shown.html.querySelector('.list a')?.getAttribute('href') ?? '';
    expect((await post(shown, path, { ...unit, name: 'Младшая школа' })).status).toBe(303);
    const [row] = await database().query(`select units from organisation where id = 'P-01'`);
    expect(row).toEqual({ units: ['Младшая школа'] });
    expect((await person.request(`${open.issuer}${path.replace('P-01', 'P-02')}`)).status).toBe(404);
    expect((await post(shown, `${path}/closing`)).status).toBe(303);
    expect(textOf(await get(structure))).toContain('Подразделений пока нет');
  });
});

describe('«Члены Профсоюза»', () => {
  it('lists those of the organisation, and says so in the audit', async () => {
    const list = await get(`${HOME}/members`);
    expect(list.status).toBe(200);
    expect(textOf(list)).toContain('Иванова Мария Петровна');
    expect(textOf(list)).not.toContain('9900000000000011');
    const [seen] = await database().query<{ n: number }>(
      `select count(*)::int as n from audit where event = 'members_seen' and detail->>'organisation' = 'P-01'`,
    );
    expect(seen?.n).toBeGreaterThan(0);
  });

  it('finds by the beginning of a name, which stands in no address', async () => {
    const from = await get(`${HOME}/members`);
    const answer = await post(from, `${HOME}/members`, { name: 'иван', membership: '', unit: '' });
    expect(answer.headers.get('location')).toMatch(/^\/chair\/P-01\/members\?words=[\w-]+$/);
    const names = (await person.follow(answer)).html.querySelectorAll('tbody th').map(({ text }) => text);
    expect(names).toContain('Иванова Мария Петровна');
    expect(names.every((name) => name.startsWith('Иван'))).toBe(true);
    expect(open.logged()).not.toContain('иван"');
  });

  it('puts somebody on record once, however often the form is sent', async () => {
    const form = await get(`${HOME}/members/new`);
    const fields = { ...CARD, card: hidden(form, 'card') };
    const wrong = await post(form, `${HOME}/members/new`, {
      ...fields,
      snils: '112-233-445 96',
      phone: '12',
    });
    expect(problemsOf(wrong)).toHaveLength(2);
    expect(wrong.html.querySelector('#position')?.getAttribute('value')).toBe('учитель');
    const [first, second] = await Promise.all([
      post(form, `${HOME}/members/new`, fields),
      post(form, `${HOME}/members/new`, fields),
    ]);
    expect([first.status, second.status]).toEqual([303, 303]);
    const rows = await database().query<{ id: string }>(
      `select id from member where family_name = 'Щеглова'`,
    );
    expect(rows).toHaveLength(1);
    const [told] = await database().query(
      `select count(*)::int as n from register_change where member_id = $1`,
      [rows[0]?.id ?? ''],
    );
    expect(told).toEqual({ n: 1 });
    expect(textOf(await person.follow(first))).toContain('+79000007701');
  });

  it('warns of a person known already, here or elsewhere, and never says where', async () => {
    const form = await get(`${HOME}/members/new`);
    const twin = { ...CARD, card: hidden(form, 'card') };
    const here = await post(form, `${HOME}/members/new`, twin);
    expect(here.status).toBe(422);
    expect(textOf(here)).toContain('В Вашей организации на учёте стоит');
    await database().query(
      `insert into member (id, organisation_id, family_name, given_name, middle_name, birthdate, membership)
       values ('elsewhere', 'P-08', 'Дальняя', 'Вера', 'Андреевна', '1991-03-02', 'member')`,
    );
    const elsewhere = await post(form, `${HOME}/members/new`, { ...twin, family: 'Дальняя' });
    expect(textOf(elsewhere)).toContain('уже стоит на учёте в другой организации');
    expect(elsewhere.body).not.toContain('P-08');
    const sure = { ...twin, family: 'Дальняя', another: 'yes' };
    expect((await post(form, `${HOME}/members/new`, sure)).status).toBe(303);
  });

  it('corrects and ends a card, by whoever has seen it last', async () => {
    const [row] = await database().query<{ id: string }>(
      `select id from member where family_name = 'Щеглова'`,
    );
    const card = `${HOME}/members/${row?.id}`;
    const form = await get(`${card}/data`);
    const { ticket: _, ...fields } = { ...CARD, version: hidden(form, 'version'), given: 'Вероника' };
    expect((await post(form, `${card}/data`, fields)).status).toBe(303);
    expect((await post(form, `${card}/data`, fields)).status).toBe(422);
    const standing = await get(`${card}/membership`);
    const end = { version: hidden(standing, 'version'), membership: 'ended', reason: '', since: '' };
    expect((await post(standing, `${card}/membership`, end)).status).toBe(422);
    expect((await post(standing, `${card}/membership`, { ...end, reason: 'по заявлению' })).status).toBe(303);
    expect(textOf(await get(card))).toContain('Снят с учёта');
  });

  it('does not change what no field of the form is (class 17)', async () => {
    const [row] = await database().query<{ id: string }>(
      `select id from member where family_name = 'Щеглова'`,
    );
    const card = `${HOME}/members/${row?.id}`;
    const form = await get(`${card}/data`);
    const { ticket: _, ...fields } = { ...CARD, version: hidden(form, 'version') };
    const snapshot = () => database().query(`select * from member where id = $1`, [row?.id ?? '']);
    const before = await snapshot();
    const extra = [
      ...[
        'id',
        'organisation',
        'organisation_id',
        'organisationId',
        'membership',
        'membership_reason',
        'snils_sealed',
      ],
      ...[
        'snils_hmac',
        'tickets',
        'ticket',
        'unit_id',
        'updated_at',
        'name_key',
        'role',
        'account_id',
        'parent_id',
      ],
      ...['path', 'version_', 'staff'],
    ];
    expect(extra).toHaveLength(19);
    for (const name of extra) {
      expect([name, (await post(form, `${card}/data`, { ...fields, [name]: 'x' })).status]).toEqual([
        name,
        400,
      ]);
    }
    expect(await snapshot()).toEqual(before);
  });

  it('keeps other organisations’ members to them', async () => {
    for (const path of ['', '/data', '/membership']) {
      expect((await person.request(`${open.issuer}${HOME}/members/elsewhere${path}`)).status).toBe(404);
      if (path !== '') {
        const fields = { version: '1', membership: 'ended', reason: 'x', since: '', ...CARD };
        const { ticket: _, ...given } = fields;
        const answer = await post(page, `${HOME}/members/elsewhere${path}`, given);
        expect([400, 404]).toContain(answer.status);
      }
    }
  });

  it('reads filters and cursors as words of its own (class 26)', async () => {
    const payloads = [
      ...[
        "' or '1'='1",
        "'; drop table member; --",
        '1); select pg_sleep(3); --',
        '{{7*7}}',
        '../../etc/passwd',
      ],
      ...[
        "' union select id, given_name from member --",
        '%00',
        '{"$gt":""}',
        'name_key desc',
        "member' and 1=1 --",
      ],
    ];
    for (const payload of payloads) {
      for (const name of ['membership', 'unit', 'only', 'words', 'after', 'sort', 'order', 'limit']) {
        const started = performance.now();
        const answer = await person.request(
          `${open.issuer}${HOME}/members?${new URLSearchParams({ [name]: payload })}`,
        );
        expect([name, payload, answer.status]).toEqual([name, payload, 200]);
        expect(answer.body).not.toContain('Nguyen');
        expect(performance.now() - started).toBeLessThan(2_500);
      }
    }
    const from = await get(`${HOME}/members`);
    for (const name of payloads) {
      const answer = await post(from, `${HOME}/members`, { name, membership: name.slice(0, 20), unit: '' });
      expect(textOf(await person.follow(answer))).not.toContain('Иванова');
    }
  });
});

describe('a list', () => {
  const HEAD = 'Фамилия;Имя;Отчество;Дата рождения;СНИЛС;Телефон;Номер билета';

  it('has a template to begin with', async () => {
    const template = await person.request(`${open.issuer}${HOME}/members/template/csv`);
    expect(template.headers.get('content-disposition')).toMatch(/^attachment/);
    expect(template.body).toContain('Фамилия;Имя;Отчество;');
    expect((await person.request(`${open.issuer}${HOME}/members/template/exe`)).status).toBe(404);
  });

  it('without a column or without rows is said to be so', async () => {
    expect(problemsOf(await upload(`${HOME}/members/list`, csv('Имя;Отчество', 'Вера;Андреевна')))).toEqual([
      'В первой строке файла не хватает столбцов: «Фамилия», «Дата рождения». Возьмите шаблон и перенесите список в него',
    ]);
    expect(problemsOf(await upload(`${HOME}/members/list`, csv(HEAD)))).toHaveLength(1);
    expect(problemsOf(await upload(`${HOME}/members/list`, new File([], '')))).toEqual([
      'Выберите файл со списком',
    ]);
  });

  it('shows every fault by its line and puts nothing in before it is confirmed, and then once', async () => {
    const shown = await upload(
      `${HOME}/members/list`,
      csv(
        HEAD,
        'Первая;Анна;Ивановна;01.02.1990;112-233-445 95;89000007702;',
        'Вторая;Анна;Ивановна;31.02.1990;112-233-445 96;;',
        'Первая;Анна;Ивановна;01.02.1990;;;',
        'Третья;Анна;;05.06.1985;;;9900000000000011',
        'Щеглова;Вероника;Андреевна;02.03.1991;;;',
        'Четвёртая9;Анна;;05.06.1985;;;',
        '=Пятая;Анна;;05.06.1985;;;',
      ),
    );
    const rows = Object.fromEntries(
      shown.html
        .querySelectorAll('section:first-of-type tbody tr')
        .map((row) => [row.querySelector('th')?.text, row.querySelectorAll('p').map(({ text }) => text)]),
    );
    expect(Object.keys(rows)).toEqual(['3', '4', '5', '6', '7', '8']);
    expect(rows['3']).toHaveLength(2);
    expect(rows['4']).toEqual(['Повторяет строку 2. Оставьте одну из них']);
    expect(rows['5']).toEqual(['Этот номер билета уже у другого человека. Проверьте его по билету']);
    expect(rows['6']).toEqual(['Этот человек снят с учёта. Чтобы восстановить его, откройте его карточку']);
    const known = () => database().query(`select id from member where family_name = 'Первая'`);
    expect(await known()).toEqual([]);

    const file = await person.request(`${shown.url.href}/faults`);
    expect(file.headers.get('x-content-type-options')).toBe('nosniff');
    expect(file.body).toContain("'=Пятая");
    await Promise.all([post(shown, shown.url.pathname), post(shown, shown.url.pathname)]);
    await expect
      .poll(async () => textOf(await person.open(shown.url)), { timeout: 20_000 })
      .toContain('Список записан');
    expect(await known()).toHaveLength(1);
    const [jobs] = await database().query(
      `select count(*)::int as n from audit where event = 'member_list_confirmed'`,
    );
    expect(jobs).toEqual({ n: 1 });
  });

  it('uploaded again changes what is new in it and nothing else', async () => {
    const shown = await upload(
      `${HOME}/members/list`,
      csv(HEAD, 'ПЕРВАЯ;Анна;Ивановна;1990-02-01;;89000007703;', 'Иванова;Мария;Петровна;14.03.1984;;;'),
    );
    expect(shown.html.querySelectorAll('dd').map(({ text }) => text)).toEqual(['0', '1', '1', '0']);
    await post(shown, shown.url.pathname);
    await expect
      .poll(async () => textOf(await person.open(shown.url)), { timeout: 20_000 })
      .toContain('Список записан');
    const [row] = await database().query(
      `select family_name, phone, version, snils_sealed is not null as known from member where family_name = 'Первая'`,
    );
    expect(row).toEqual({ family_name: 'Первая', phone: '+79000007703', version: 2, known: true });
  });

  it('of another organisation is not there', async () => {
    await database().query(
      `insert into member_list (id, organisation_id, uploaded_by, uploaded_at, rows) values ('foreign', 'P-08', 'x', now(), 0)`,
    );
    for (const path of ['', '/faults']) {
      expect((await person.request(`${open.issuer}${HOME}/members/list/foreign${path}`)).status).toBe(404);
    }
    expect((await post(page, `${HOME}/members/list/foreign`)).status).toBe(404);
  });
});

describe('a long list', () => {
  const HEAD = 'Фамилия;Имя;Отчество;Дата рождения';
  const LETTERS = 'абвгдежзиклмнопрстуфхцчшщыэюя';
  const nameOf = (at: number) => `Тысячная${LETTERS.charAt(Math.floor(at / 26))}${LETTERS.charAt(at % 26)}`;
  /** By turns with a fault and without: line 2 has one. */
  const lines = Array.from(
    { length: 240 },
    (_, at) => `${nameOf(at)};Анна;;${at % 2 === 0 ? '31.02.1990' : '01.02.1990'}`,
  );
  const linesIn = ({ html }: Page, part: string) =>
    html.querySelectorAll(`#${part} tbody th`).map(({ text }) => Number(text));
  const lookedAt = async () => {
    const [row] = await database().query<{ count: number }>(
      `select (detail->>'count')::int as count from audit
        where event = 'members_seen' and detail->>'what' = 'member_list' order by id desc limit 1`,
    );
    return row?.count;
  };
  let shown: Page;

  it('is shown from its faults on, page by page, and each look is on record with what it has opened', async () => {
    shown = await upload(`${HOME}/members/list`, csv(HEAD, ...lines));
    expect(shown.html.querySelectorAll('dd').map(({ text }) => text)).toEqual(['120', '0', '0', '120']);
    expect([linesIn(shown, 'faults').length, linesIn(shown, 'changes').length]).toEqual([100, 100]);
    expect([linesIn(shown, 'faults')[0], linesIn(shown, 'changes')[0]]).toEqual([2, 3]);
    expect(await lookedAt()).toBe(200);

    const nextOf = (part: string) => shown.html.querySelector(`#${part} > p a`)?.getAttribute('href') ?? '';
    const faults = await get(nextOf('faults'));
    expect(linesIn(faults, 'faults')).toEqual(Array.from({ length: 20 }, (_, at) => 202 + 2 * at));
    expect(linesIn(faults, 'changes')).toEqual([]);
    expect(await lookedAt()).toBe(20);
    const changes = await get(nextOf('changes'));
    expect(linesIn(changes, 'changes').at(-1)).toBe(241);
    expect(linesIn(changes, 'faults')).toEqual([]);
    expect(changes.html.querySelector('#changes > p a')).toBeNull();
    expect(changes.html.querySelector(`.actions a[href="${shown.url.pathname}"]`)).not.toBeNull();
    const strange = await get(`${shown.url.pathname}?part=faults&after=-1`);
    expect(linesIn(strange, 'faults')[0]).toBe(2);

    const file = await person.request(`${shown.url.href}/faults`);
    expect(file.body.trim().split('\r\n')).toHaveLength(121);
  });

  it('is refused after many others, by a word that says when; those that are kept stay', async () => {
    const key = createHash('sha256').update('P-01').digest('base64url');
    const limiter = open.house.stores.limiters('kept-list', LISTS_PER_ORGANISATION);
    while ((await limiter.take(key)).allowed);
    const refused = await upload(`${HOME}/members/list`, csv(HEAD, lines[1] ?? ''));
    expect(refused.status).toBe(422);
    expect(problemsOf(refused).join()).toMatch(/^За час .* 30 списков.* загрузите через \d+ минут/);
    expect(linesIn(await person.open(shown.url), 'faults')).toHaveLength(100);
    await limiter.reset(key);
    expect((await upload(`${HOME}/members/list`, csv(HEAD, lines[1] ?? ''))).status).toBe(200);
  });
});

describe('an export', () => {
  it('wants a reason, is on record, and no cell of it is a formula (class 27)', async () => {
    await database().query(
      `insert into member (id, organisation_id, family_name, given_name, birthdate, membership, position)
       values ('formula', 'P-01', '=HYPERLINK("http://evil.test")', '+1', '1990-01-01', 'member', E'@SUM(A1)\\t-2')`,
    );
    const form = await get(`${HOME}/members/export`);
    const asked = { reason: 'да', format: 'csv', membership: '', unit: '' };
    const refused = await post(form, `${HOME}/members/export`, asked);
    expect(problemsOf(refused)).toEqual(['Напишите, для чего нужен список: хотя бы несколько слов']);
    const file = await post(form, `${HOME}/members/export`, { ...asked, reason: 'сверка перед собранием' });
    expect(file.headers.get('content-disposition')).toMatch(/^attachment/);
    expect(file.headers.get('x-content-type-options')).toBe('nosniff');
    const cells = file.body.split(/\r\n|;/).map((cell) => cell.replace(/^"/, ''));
    expect(cells.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
    expect(file.body).toContain('Иванова;Мария;Петровна');
    const [noted] = await database().query<{ reason: string; members: number }>(
      `select reason, members from member_export where organisation_id = 'P-01'`,
    );
    expect(noted?.members).toBeGreaterThan(1);
    expect(noted?.reason).not.toContain('сверка');
    const [seen] = await database().query(
      `select count(*)::int as n from audit where event = 'members_seen' and detail->>'what' = 'member_export'`,
    );
    expect(seen).toEqual({ n: 1 });
  });

  const whoLookedAt = async (email: string): Promise<Page> => {
    const person = visitor();
    const door = await person.open(`${open.issuer}/cabinet/who-looked`);
    const typed = { by: 'email', identifier: email, password: PASSWORD };
    return person.follow(await person.submit(door, /\/password$/, typed));
  };

  it('is told to the members who are on record there, with what it was for', async () => {
    const looked = await whoLookedAt('ivanova@example.test');
    expect(looked.url.pathname).toBe('/cabinet/who-looked');
    expect(textOf(looked)).toMatch(/Список организации .+ взят в файл/);
    expect(textOf(looked)).toContain('сверка перед собранием');
    expect(textOf(await whoLookedAt('timur@example.test'))).not.toContain('сверка');
  });

  it('is no list of a member who came on record there after it', async () => {
    const comesOnRecord = (day: string | null) =>
      database().query(`update member set on_record_since = $1 where id = 'M-01'`, [day]);
    await comesOnRecord('2100-01-01');
    expect(textOf(await whoLookedAt('ivanova@example.test'))).not.toContain('сверка');
    await comesOnRecord(null);
    expect(textOf(await whoLookedAt('ivanova@example.test'))).toContain('сверка');
  });
});

describe('from above', () => {
  it('the territorial chair reads, and changes nothing', async () => {
    const above = await enterWorkplace(open, mail, 'polyakova@example.test', `${HOME}/members`);
    expect(textOf(above.page)).toContain('Иванова Мария Петровна');
    expect(above.page.html.querySelector('a[href$="/members/new"]')).toBeNull();
    expect((await above.person.request(`${open.issuer}${HOME}/members/new`)).status).toBe(404);
    const passport = await above.person.request(`${open.issuer}${HOME}/passport/organisation`);
    expect(textOf(passport)).toContain('Лазурная');
    expect(passport.html.querySelector('.desk form')).toBeNull();
  });
});
