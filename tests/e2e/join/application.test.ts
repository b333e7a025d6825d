/** Variant 2 over HTTP: from the form to the application on its way to the register (C-24 … C-40, SYS-05, SYS-06). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyFor, returnApplication } from '../../support/applicants.ts';
import { type OpenHouse, openHouse } from '../../support/house.ts';
import { codeIn, type Mail, openMail } from '../../support/mail.ts';
import { enterWizard, type Newcomer, newcomer, press } from '../../support/newcomers.ts';
import { freePort } from '../../support/services/free-port.ts';
import { testStores } from '../../support/stores.ts';
import { type Page, type Visitor, visitor } from '../../support/visitor.ts';

const CODE = /код подтверждения/i;
const FORM = /^\/join\/application$/;
const typed = {
  ...{ family: 'Тихонова', given: 'Лидия', middle: 'Марковна', sex: 'female', birthdate: '11.11.1958' },
  ...{ phone: '8 (900) 000-00-15', organisation_query: '0059000018', unit: '', employment: 'worker' },
  ...{ purpose: 'enrolment', union_pd: 'yes' },
};

let mail: Mail;
let open: OpenHouse;
beforeAll(async () => {
  mail = await openMail();
  open = await openHouse({ ...(await testStores()), SMTP_URL: mail.smtpUrl, REGISTRY_POLL_SECONDS: '0.3' });
});
afterAll(async () => {
  await open.close();
  await mail.close();
});

const query = (text: string, values: string[] = []) => open.house.stores.database.query(text, values);
const enter = async (who?: Newcomer, house = open) => {
  const account = who ?? (await newcomer(house));
  return { account, ...(await enterWizard(house, account, '/join/application')) };
};
const textOf = (page: Page) => page.html.querySelector('main')?.structuredText ?? '';
const problemsOn = (page: Page) => page.html.querySelectorAll('.summary a').map(({ text }) => text);
const offered = (page: Page) =>
  page.html.querySelectorAll('input[name="organisation"]').map((radio) => ({
    id: radio.getAttribute('value'),
    name: radio.getAttribute('data-name'),
    chosen: radio.hasAttribute('checked'),
    open: !radio.hasAttribute('disabled'),
  }));
const idOf = async (inn: string) =>
  String((await query('select id from organisation where inn = $1 order by id limit 1', [inn]))[0]?.id);
const search = (person: Visitor, page: Page, organisation_query: string) =>
  press(person, page, FORM, { ...typed, organisation_query, intent: 'find' });
const openAll = async (person: Visitor, page: Page): Promise<Page> => {
  let overview = page;
  for (const form of page.html.querySelectorAll('form[action$="/open"]')) {
    const action = form.getAttribute('action') ?? '';
    const text = await press(person, overview, new RegExp(`^${action}$`));
    overview = await person.open(
      new URL(text.html.querySelector('a.button')?.getAttribute('href') ?? '', text.url),
    );
  }
  return overview;
};
const toCode = async (person: Visitor, page: Page, fields: Record<string, string> = {}) => {
  const organisation = await idOf('0059000018');
  const review = await press(person, page, FORM, { ...typed, organisation, ...fields });
  return press(person, await openAll(person, review), /documents\/sign$/);
};

describe('variant 2', () => {
  it('leads from the form to the application, told as received', async () => {
    const { account, person, page } = await enter();
    expect(page.html.querySelectorAll('legend').map(({ text }) => text)).toEqual([
      ...['Что Вы хотите сделать', 'Фамилия, Имя, Отчество', 'Пол', 'Тип занятости', 'Согласия'],
    ]);
    expect(page.html.querySelectorAll('label').map(({ text }) => text)).toEqual(
      expect.arrayContaining([
        ...['Мужской', 'Женский', 'Дата рождения', 'Телефон', 'Образовательная организация'],
        ...['Структурное подразделение (при наличии)', 'Работник', 'Обучающийся'],
        ...['Неработающий пенсионер', 'Иное'],
      ]),
    );
    expect(page.html.querySelectorAll('input[type="checkbox"][checked]')).toEqual([]);

    const found = await search(person, page, '0059000018');
    expect(offered(found)).toEqual([
      { id: await idOf('0059000018'), name: 'МБОУ СОШ № 15 г. Васильевска', chosen: false, open: true },
    ]);
    expect(found.html.querySelector('#family')?.getAttribute('value')).toBe('Тихонова');

    const organisation = await idOf('0059000018');
    const review = await press(person, found, FORM, { ...typed, organisation, intent: 'join' });
    expect(review.url.pathname).toBe('/join/review');
    for (const said of [
      ...['Тихонова', 'Лидия', 'Марковна', 'Женский', '11.11.1958', '+79000000015', 'Работник'],
      ...['МБОУ СОШ № 15 г. Васильевска', 'ИНН 0059000018', 'постановка на учёт', 'не дано'],
    ]) {
      expect(textOf(review)).toContain(said);
    }
    expect(review.html.querySelectorAll('form[action$="/open"] button').map(({ text }) => text)).toEqual([
      'Заявление',
      'Согласие',
    ]);

    // «Изменить данные»: the values are kept, the ticks of the person, too.
    const again = await person.open(`${open.issuer}/join/application`);
    expect(again.html.querySelector('#phone')?.getAttribute('value')).toBe('8 (900) 000-00-15');
    expect(offered(again)).toMatchObject([{ id: organisation, chosen: true }]);
    expect(again.html.querySelector('#union_pd')?.hasAttribute('checked')).toBe(true);
    const fields = { ...typed, phone: '+7 900 000-00-16', organisation, union_messages: 'yes' };
    const second = await press(person, again, FORM, fields);
    expect(textOf(second)).toContain('+79000000016');
    expect(second.html.querySelectorAll('form[action$="/open"]')).toHaveLength(3);

    expect((await person.submit(second, /documents\/sign$/)).status).toBe(422);
    const code = await press(person, await openAll(person, second), /documents\/sign$/);
    expect(textOf(code)).toContain('На Вашу почту был выслан код подтверждения.');
    const digits = codeIn(await mail.take(account.email, CODE));
    const done = await press(person, code, /^\/join\/code$/, { code: digits });
    expect(done.url.pathname).toBe('/join/done');
    expect(done.html.querySelector('h1')?.text).toBe('Ваше заявление получено');
    expect(textOf(done)).toContain('МБОУ СОШ № 15 г. Васильевска');
    // The register is our own.
    expect(textOf(done)).not.toContain('АИС');

    const [application] = await query('select id, state, purpose from application where account_id = $1', [
      account.id,
    ]);
    expect(application?.purpose).toBe('enrolment');
    expect(await query('select family_name, phone from account where id = $1', [account.id])).toEqual([
      { family_name: 'Тихонова', phone: '+79000000016' },
    ]);
    const ticked = await query(
      `select count(*)::int as n from audit where account_id = $1 and event = 'consent_ticked'`,
      [account.id],
    );
    expect(ticked).toEqual([{ n: 2 }]);

    // One undecided application per account.
    expect((await person.open(`${open.issuer}/join/application`)).url.pathname).toBe('/join/done');
    const direct = await person.submit(again, FORM, fields);
    expect(direct.headers.get('location')).toBe('/join/done');
    const documents = await press(person, done, /done\/documents$/);
    expect(documents.url.pathname).toBe('/cabinet/documents');
  });

  it('returned: the first page tells why, and the form is as she left it', async () => {
    const { account, person, page } = await enter();
    const states = async () =>
      (
        await query('select state from application where account_id = $1 order by signed_at', [account.id])
      ).map(({ state }) => state);
    const code = await toCode(person, page, { unit: 'Детский сад № 3' });
    const digits = codeIn(await mail.take(account.email, CODE));
    await press(person, code, /^\/join\/code$/, { code: digits });
    const [{ id = '' } = {}] = await query('select id from application where account_id = $1', [account.id]);
    const [kept] = await query('select draft::text as row from draft where account_id = $1', [account.id]);
    expect(String(kept?.row)).not.toContain('Тихонова');
    await expect.poll(states, { timeout: 15_000 }).toEqual(['received']);

    const reason = 'В данных есть ошибка. Укажите другой телефон';
    expect(await returnApplication(open.house.stores.database, String(id), reason)).toBe(true);
    expect((await mail.take(account.email, /возвращено/)).text).toContain(reason);
    const home = await person.open(`${open.issuer}/cabinet`);
    expect(textOf(home)).toContain(reason);
    expect(textOf(home)).not.toContain('Вы не состоите в Профсоюзе');
    const correct = home.html.querySelector('main a.button[href="/join/application"]');
    expect(correct?.text).toBe('Исправить заявление');

    const form = await person.open(`${open.issuer}/join/application`);
    expect(textOf(form)).toContain(reason);
    const value = (name: string) => form.html.querySelector(`#${name}`)?.getAttribute('value');
    expect(['family', 'given', 'middle', 'birthdate', 'phone', 'unit'].map(value)).toEqual([
      ...['Тихонова', 'Лидия', 'Марковна', '11.11.1958', '8 (900) 000-00-15', 'Детский сад № 3'],
    ]);
    expect(offered(form)).toMatchObject([{ chosen: true }]);
    const organisation = await idOf('0059000018');
    const review = await press(person, form, FORM, { ...typed, organisation, phone: '8 (900) 000-00-16' });
    expect(review.url.pathname).toBe('/join/review');
    expect(textOf(review)).toContain('+79000000016');

    await applyFor(open.house.stores.database, account.id, { email: account.email });
    expect(textOf(await person.open(`${open.issuer}/cabinet`))).not.toContain(reason);
  });

  it('names every fault at its field, and keeps what was typed', async () => {
    const { person, page } = await enter();
    const wrong = {
      ...typed,
      family: '',
      sex: '',
      phone: '+8 900 000 00 01',
      unit: 'к\u0007',
      employment: '',
      birthdate: '01.01.2020',
    };
    const { sex: _, employment: __, union_pd: ___, ...posted } = wrong;
    const answer = await person.submit(page, FORM, { ...posted, organisation_query: '' });
    expect(answer.status).toBe(422);
    expect(problemsOn(answer)).toEqual([
      'Введите фамилию',
      'Вступить в Профсоюз можно с 14 лет',
      'Выберите пол',
      'Номер телефона начинается с +7 или с 8, но не с +8',
      'Найдите и выберите образовательную организацию',
      'В названии подразделения есть недопустимые знаки. Наберите его заново с клавиатуры',
      'Выберите тип занятости',
      'Отметьте согласие на обработку персональных данных: без него данные нельзя проверить и передать',
    ]);
    expect(answer.html.querySelector('#given')?.getAttribute('value')).toBe('Лидия');
    expect(answer.html.querySelector('#purpose-enrolment')?.hasAttribute('checked')).toBe(true);
    for (const field of ['sex', 'family', 'employment', 'union_pd']) {
      expect(answer.html.querySelector(`#${field}`), field).not.toBeNull();
    }
  });

  it.each([
    [
      'нет такой',
      'Организация не найдена. Обратитесь в первичную профсоюзную организацию Вашей образовательной организации',
    ],
    ['0059000019', 'ИНН с ошибкой: контрольная цифра не сходится'],
    ['59000018', 'ИНН состоит из 10 цифр: похоже, потерялись нули в начале'],
    ['г', 'Введите хотя бы две буквы наименования или номер организации'],
  ])('answers the search for «%s», and keeps the draft', async (organisation_query, text) => {
    const { account, person, page } = await enter();
    const found = await search(person, page, organisation_query);
    expect(problemsOn(found)).toEqual([text]);
    expect(offered(found)).toEqual([]);
    const later = await enter(account);
    expect(later.page.html.querySelector('#organisation_query')?.getAttribute('value')).toBe(
      organisation_query,
    );
    expect(later.page.html.querySelector('#family')?.getAttribute('value')).toBe('Тихонова');
    const joined = await person.submit(found, FORM, { ...typed, organisation_query });
    expect(problemsOn(joined)).toEqual([text]);
  });

  it('offers what admits nobody to nobody, even to a posted id', async () => {
    const { account, person, page } = await enter();
    for (const inn of ['0059000096', '0059000106']) {
      const found = await search(person, page, inn);
      expect(offered(found)).toMatchObject([{ open: false }]);
      expect(textOf(found)).toContain('нет первичной профсоюзной организации');
      const direct = await person.submit(page, FORM, { ...typed, organisation: await idOf(inn) });
      expect(problemsOn(direct)[0]).toMatch(/^В этой организации нет первичной профсоюзной организации/);
    }
    const invented = await person.submit(page, FORM, { ...typed, organisation: 'O-404' });
    expect(invented.status).toBe(422);
    expect(await query('select id from application where account_id = $1', [account.id])).toEqual([]);
  });

  it('shows twins with their towns, and the units of the chosen one', async () => {
    const { person, page } = await enter();
    const twins = await search(person, page, 'СОШ 1');
    expect(offered(twins).map(({ name }) => name)).toEqual(['МБОУ СОШ № 1', 'МБОУ СОШ № 1']);
    expect(textOf(twins)).toContain('г. Заречинск');
    expect(textOf(twins)).toContain('г. Камск');
    const organisation = await idOf('0059000064');
    await person.submit(page, FORM, { ...typed, phone: '', organisation });
    const chosen = await person.open(`${open.issuer}/join/application`);
    expect(chosen.html.querySelectorAll('#units option').length).toBeGreaterThan(1);
  });

  it('serves the same search to the script of the page, within limits', async () => {
    const { person } = await enter();
    const ask = async (q: string) => {
      const answer = await person.request(`${open.issuer}/join/organisations?${new URLSearchParams({ q })}`);
      return {
        status: answer.status,
        type: answer.headers.get('content-type'),
        body: JSON.parse(answer.body),
      };
    };
    const { type, body } = await ask('елочка');
    expect(type).toMatch(/^application\/json/);
    expect(body.found.map(({ shortName }: { shortName: string }) => shortName)).toEqual([
      'МБДОУ ДС № 7 «Ёлочка»',
    ]);
    expect(Object.keys(body.found[0]).sort()).toEqual([
      'admits',
      'id',
      'inn',
      'name',
      'region',
      'shortName',
      'town',
      'units',
    ]);
    expect((await ask('0059000019')).body).toEqual({
      problem: 'ИНН с ошибкой: контрольная цифра не сходится',
    });
    expect((await ask('')).status).toBe(200);
    const answers = await Promise.all(Array.from({ length: 120 }, () => ask('нет такой')));
    expect(answers.some(({ status }) => status === 429)).toBe(true);
    const stranger = await visitor().request(`${open.issuer}/join/organisations?q=15`);
    expect(stranger.status).toBe(303);
  });

  it('hands in one application when «Подписать» is pressed twenty times', async () => {
    const { account, person, page } = await enter();
    const code = await toCode(person, page);
    const digits = codeIn(await mail.take(account.email, CODE));
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => person.submit(code, /^\/join\/code$/, { code: digits })),
    );
    expect(answers.map(({ status, headers }) => `${status} ${headers.get('location')}`)).toEqual(
      Array(20).fill('303 /join/done'),
    );
    expect(await query('select id from application where account_id = $1', [account.id])).toHaveLength(1);
    const events = await query(
      `select event from audit where account_id = $1 and event = 'application_signed'`,
      [account.id],
    );
    expect(events).toHaveLength(1);
  });

  it('keeps two tabs apart: the last one counts as a whole, and its documents alone', async () => {
    const { account, person, page } = await enter();
    const organisation = await idOf('0059000018');
    const first = await press(person, page, FORM, { ...typed, organisation });
    await press(person, page, FORM, { ...typed, organisation, family: 'Орлова', phone: '9000000017' });
    const opened = await person.submit(first, /\/open$/);
    const shown = await person.follow(opened);
    const review = await person.open(`${open.issuer}/join/review`);
    expect(textOf(review)).toContain('Орлова');
    expect(textOf(review)).not.toContain('Тихонова');
    expect(shown.status).toBeLessThan(500);
    const code = await press(person, await openAll(person, review), /documents\/sign$/);
    const digits = codeIn(await mail.take(account.email, CODE));
    // A third save between the code and the signature.
    const changed = await press(person, page, FORM, { ...typed, organisation, family: 'Зуева' });
    const answer = await person.submit(code, /^\/join\/code$/, { code: digits });
    expect(answer.status).toBe(422);
    expect(await query('select id from application where account_id = $1', [account.id])).toEqual([]);
    expect(textOf(changed)).toContain('Зуева');
  });

  it('refuses what no form of ours sends', async () => {
    const { person, page } = await enter();
    for (const extra of [
      { membership: 'member' },
      { sex: 'x' },
      { purpose: 'x' },
      { intent: 'x' },
      { union_pd: 'on' },
    ]) {
      expect((await person.submit(page, FORM, { ...typed, ...extra })).status).toBe(400);
    }
  });
});

describe('while the register is away', () => {
  it('says so, and keeps the draft', async () => {
    const port = await freePort();
    const stores = await testStores();
    const away = await openHouse({
      ...{ ...stores, SMTP_URL: mail.smtpUrl },
      ...{ REGISTRY_URL: `http://localhost:${port}/`, REGISTRY_TOKEN: 'a token of some length' },
    });
    try {
      const { person, page, account } = await enter(undefined, away);
      const found = await search(person, page, 'сош 15');
      expect(found.status).toBe(200);
      expect(problemsOn(found)[0]).toMatch(/^Единый реестр сейчас не отвечает/);
      expect(found.html.querySelector('#family')?.getAttribute('value')).toBe('Тихонова');
      const posted = await person.submit(page, FORM, { ...typed, organisation: 'P-01' });
      expect(posted.status).toBe(422);
      expect((await enter(account, away)).page.html.querySelector('#family')?.getAttribute('value')).toBe(
        'Тихонова',
      );
    } finally {
      await away.close();
    }
  });
});
