/** Chairs of primary and territorial organisations at their workplaces (SYS-06, SYS-07), with the register kept by ourselves. */
import { text } from 'node:stream/consumers';
import * as client from 'openid-client';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { relyingParty } from '../../support/relying-party.ts';
import { useBrowser } from '../support/browsing.ts';
import { apply, newcomer, openDocuments, register, sign } from '../support/joining.ts';
import { codeIn, mailboxOf } from '../support/letters.ts';
import { startOwnSandbox } from '../support/own-sandbox.ts';
import type { Playground } from '../support/sandbox.ts';
import { expectAfterReload, expectHeading, expectText, fillIn, press } from '../support/walks.ts';
import { enterDesk } from '../support/workplace.ts';

const { browse } = useBrowser();

let playground: Playground;
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ playground, stop } = await startOwnSandbox({ register: 'own' }));
}, 120_000);
afterAll(() => stop?.());

const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name });

describe('the records of a primary organisation', () => {
  const HEAD = 'Фамилия;Имя;Отчество;Дата рождения;СНИЛС;Структурное подразделение';
  const listOf = (...rows: string[]) => ({
    ...{ name: 'Список.csv', mimeType: 'text/csv' },
    buffer: Buffer.from([HEAD, ...rows].join('\r\n')),
  });
  const open = (page: Page, path: string) => page.goto(`${playground.federation.issuer}/chair/P-01${path}`);
  const fill = async (page: Page, values: Readonly<Record<string, string>>) => {
    for (const [label, value] of Object.entries(values)) await page.getByLabel(label).fill(value);
  };

  it('«Паспорт» is filled in, tab by tab, and a unit and a member come after it', async () => {
    const { page, look } = await browse();
    await enterDesk(page, playground, 'vasilyeva@example.test', '/chair/P-01/passport');
    await expectHeading(page, 'Паспорт');
    await look('passport');
    await press(page, button(page, 'Сохранить вкладку'));
    await expectText(page, 'Заполните поле «Индивидуальный номер первичной организации (ИНПО)»');
    await look('passport-wrong');
    await fill(page, { 'Индивидуальный номер': '59-01-0015' });
    await press(page, button(page, 'Сохранить вкладку'));
    const tabs: Readonly<Record<string, Readonly<Record<string, string>>>> = {
      Регистрация: { 'Дата создания': '01.09.2003', 'Документ о создании': 'протокол № 1' },
      Организация: {
        'Тип образовательной': 'школа',
        'Число работников': '60',
        Председатель: 'Васильева Н. Р.',
      },
      'Адреса и телефоны': { 'Почтовый адрес': 'ул. Мира, 1', 'Юридический адрес': 'ул. Мира, 1' },
    };
    for (const [tab, values] of Object.entries(tabs)) {
      await press(page, page.locator('.tabs').getByRole('link', { name: tab }));
      await fill(page, values);
      await press(page, button(page, 'Сохранить вкладку'));
      await expectText(page, 'Вкладка паспорта сохранена');
    }
    await expectText(page, 'Паспорт заполнен.');

    await open(page, '/structure');
    await page.getByLabel('Название').fill('Начальная школа');
    await press(page, button(page, 'Добавить'));
    await expectText(page, 'Структура сохранена');
    await look('structure');

    await open(page, '/members/new');
    await fill(page, {
      Фамилия: 'Щеглова',
      Имя: 'Вера',
      Отчество: 'Андреевна',
      'Дата рождения': '31.02.1991',
    });
    await press(page, button(page, 'Поставить на учёт'));
    await look('member-wrong');
    await fill(page, { 'Дата рождения': '02.03.1991' });
    await page.getByLabel('Структурное подразделение').selectOption({ label: 'Начальная школа' });
    await press(page, button(page, 'Поставить на учёт'));
    await expectHeading(page, 'Щеглова Вера Андреевна');
    await expectText(page, 'Член Профсоюза поставлен на учёт');
    await look('member-card');

    await page.getByRole('link', { name: 'Присвоить номер' }).click();
    await page.getByLabel('Ввести номер').check();
    await page.getByLabel('Номер билета').fill('9900');
    await press(page, button(page, 'Присвоить номер'));
    await look('ticket-number-wrong');
    await page.getByLabel('Следующий свободный').check();
    await press(page, button(page, 'Присвоить номер'));
    await expectText(page, 'Номер присвоен и показан ниже');
    await expectText(page, /\d{4} \d{4} \d{4} \d{4}/);
    await look('member-card-numbered');
  });

  it('a list with faults is corrected and put in, and leaves in a file without a formula', async () => {
    const { page, look } = await browse();
    await enterDesk(page, playground, 'vasilyeva@example.test', '/chair/P-01/members');
    await expectHeading(page, 'Члены Профсоюза');
    await look('members');

    const check = async (...rows: string[]) => {
      await open(page, '/members/list');
      await page.setInputFiles('#file', listOf(...rows));
      await press(page, button(page, 'Проверить файл'));
      await expectHeading(page, 'Список проверен');
    };
    const good = 'Первая;Анна;Ивановна;01.02.1990;112-233-445 95;';
    await check(
      good,
      'Вторая;Анна;Ивановна;31.02.1990;112-233-445 96;',
      good,
      'Иванова;Мария;Петровна;14.03.1984;;Физфак',
    );
    const faults = page.locator('section').filter({ hasText: 'Ошибки' });
    expect(await faults.locator('tbody th').allTextContents()).toEqual(['3', '4', '5']);
    await expectText(page, 'СНИЛС с ошибкой');
    await expectText(page, 'Повторяет строку 2');
    await look('list-with-faults');

    await check(good, 'Вторая;Анна;Ивановна;28.02.1990;;');
    await press(page, button(page, 'Записать 2 строки'));
    await expectHeading(page, 'Список записан');
    await look('list-put-in');

    await open(page, '/members/export');
    await look('export');
    await press(page, button(page, 'Взять файл'));
    await expectText(page, 'Напишите, для чего нужен список');
    await page.getByLabel('Для чего нужен список').fill('сверка перед собранием');
    await page.getByLabel('CSV').check();
    const [download, answer] = await Promise.all([
      page.waitForEvent('download'),
      page.waitForResponse((response) => response.headers()['content-disposition'] !== undefined),
      button(page, 'Взять файл').click(),
    ]);
    // What a browser calls it before it has read the whole header is not always this.
    expect(answer.headers()['content-disposition']).toContain(encodeURIComponent('Члены Профсоюза.csv'));
    const sheet = await text(await download.createReadStream());
    expect(sheet).toContain('Вторая;Анна;Ивановна');
    expect(sheet).not.toMatch(/(^|[;\n])"?[=+\-@\t]/);
  });
});

describe('applications and consents', () => {
  const FAMILY = 'Заречная';
  const open = (page: Page, path: string) => page.goto(`${playground.federation.issuer}/chair/P-01${path}`);
  const asChair = async (path: string) => {
    const browsing = await browse();
    await enterDesk(browsing.page, playground, 'vasilyeva@example.test', `/chair/P-01${path}`);
    return browsing;
  };

  it('the chair accepts a teacher, whose number signs in, and ticks a paper that a member sees (SYS-05, SYS-10)', async () => {
    const person = newcomer(playground);
    const applicant = await browse();
    await register(applicant.page, playground, person);
    await applicant.page.getByRole('button', { name: 'НЕТ' }).click();
    await apply(applicant.page, {
      ...{ family: FAMILY, given: 'Нина', middle: 'Михайловна', sex: 'Женский', birthdate: '05.06.1991' },
      ...{ phone: '8 900 000-00-57', search: '0059000018', employment: 'Работник' },
      organisation: /МБОУ СОШ № 15 г. Васильевска/,
    });
    await openDocuments(applicant.page);
    await sign(applicant.page, person);
    await expectHeading(applicant.page, 'Ваше заявление получено');

    const { page, look } = await asChair('/applications');
    await expectHeading(page, 'Заявления');
    await expectAfterReload(page, FAMILY);
    await look('applications');
    await page.getByRole('link', { name: new RegExp(FAMILY) }).click();
    await expectText(page, 'Подписанные документы');
    await page.locator('summary').first().click();
    await look('application');
    await page.getByLabel('Ввести номер').check();
    await press(page, button(page, 'Принять'));
    await expectText(page, 'Введите номер билета – 16 цифр');
    await look('application-wrong');
    await page.getByLabel('Следующий свободный').check();
    await press(page, button(page, 'Принять'));
    await expectText(page, 'Решение принято. Заявитель получит письмо.');
    await look('application-accepted');

    const letter = await person.mailbox.take('ЛК ОПО. Вы поставлены на учёт.');
    const ticket = /\d{4} ?\d{4} ?\d{4} ?\d{4}/.exec(letter.text)?.[0] ?? '';
    const later = await browse();
    await later.page.goto(`${playground.federation.issuer}/cabinet`);
    await fillIn(later.page, { ticket, password: person.password });
    await expectText(later.page, /ВЫ ЯВЛЯЕТЕСЬ ЧЛЕНОМ/);

    // A tick by paper, and what the member sees of it.
    await open(page, '/members/M-06a/consents');
    await expectHeading(page, 'Согласия: Петров Пётр Петрович');
    await page
      .getByRole('group', { name: 'Передача персональных данных ООО «ФИНФОРТ»' })
      .getByLabel('да, согласие дано')
      .check();
    await press(page, button(page, 'Сохранить отметки'));
    await expectText(page, 'Введите дату, которая стоит на бумаге');
    await look('consents-wrong');
    await page.getByLabel('Дата на бумаге').fill('12.03.2026');
    await press(page, button(page, 'Сохранить отметки'));
    await expectText(page, 'Отметки сохранены');
    await look('consents-card');

    await open(page, '/consents?lacking=any');
    await look('consents');
    await press(page, page.getByRole('link', { name: 'Напечатать согласия для собрания' }));
    await page.getByLabel('Для всех из этого списка').check();
    await look('consent-forms');
    await press(page, button(page, 'Подготовить к печати'));
    await expectText(page, 'Лист подписей');
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('navigation').first().isVisible()).toBe(false);
    await page.emulateMedia({ media: 'screen' });

    const member = await browse();
    await member.page.goto(`${playground.federation.issuer}/cabinet/documents`);
    await fillIn(member.page, { email: 'petrov1@example.test' });
    await expectAfterReload(member.page, /Бумажное, отметку поставил: Васильева Нина Романовна/);
  });
});

describe('credentials, the undertaking and the АИС (SYS-07)', () => {
  const OWN_PASSWORD = 'синий кит поёт в апреле';

  it('a sheet is issued, and its one-time password is changed at the first sign-in', async () => {
    const above = await browse();
    await enterDesk(above.page, playground, 'polyakova@example.test', '/chair/P-01/officers');
    await expectHeading(above.page, 'Кто отвечает за организацию');
    await above.look('officers');
    const email = 'novikova@example.test';
    await press(above.page, button(above.page, 'Выдать доступ'));
    await expectText(above.page, 'Не получилось');
    await above.look('officers-wrong');
    await above.page.getByLabel('Фамилия').fill('Новикова');
    await above.page.getByLabel('Имя', { exact: true }).fill('Алла');
    await above.page.getByRole('textbox', { name: 'E-mail' }).fill(email);
    await press(above.page, button(above.page, 'Выдать доступ'));
    await expectText(above.page, 'Выдано 1 из 1');
    await press(above.page, button(above.page, 'Открыть листы'));
    await above.look('sheet');
    const password = (await above.page.locator('.sheet-password').textContent()) ?? '';

    const { page, look } = await browse();
    await page.goto(`${playground.federation.issuer}/staff`);
    await fillIn(page, { email, password });
    await expectHeading(page, 'Придумайте пароль');
    await look('first-password');
    await page.getByLabel('Новый пароль', { exact: true }).fill(OWN_PASSWORD);
    await page.getByLabel('Новый пароль ещё раз').fill(OWN_PASSWORD);
    await press(page, button(page, 'Дальше'));
    const letter = await mailboxOf(playground, email).take('ЛК ОПО. Код для нового пароля.');
    await page.getByLabel('Код подтверждения').fill(codeIn(letter));
    await press(page, button(page, 'Сохранить пароль и войти'));
    await expectHeading(page, 'Рабочее место');
  });

  it('the register opens with the undertaking, and closes when access is withdrawn', async () => {
    const chair = 'ershov@example.test';
    const { issuer, clients } = playground.federation;
    const known = clients.find(({ client_id: id }) => id === 'ais');
    const ais = await relyingParty({
      ...{ issuer, clientId: 'ais', secret: known?.client_secret ?? '' },
      ...{ redirectUri: known?.redirect_uris?.[0] ?? '', scope: 'openid staff registry' },
    });
    const { page, look } = await browse();
    await enterDesk(page, playground, chair, '/chair/P-02');
    await look('home');
    const started = await ais.start();
    await page.goto(started.url.href);
    await expectHeading(page, 'Сначала – обязательство о неразглашении');
    await page.getByRole('link', { name: 'Принять обязательство' }).click();
    await expectHeading(page, 'Обязательство о неразглашении персональных данных');
    await look('undertaking');
    const terms = page.getByRole('checkbox');
    if ((await terms.count()) > 0) await terms.check();
    await press(page, button(page, 'Подписать обязательство'));
    const letter = await mailboxOf(playground, chair).take('ЛК ОПО. Код подтверждения заявки.');
    await page.getByLabel('Код').fill(codeIn(letter));
    const back = page.waitForRequest((request) => ais.isCallback(new URL(request.url())));
    await page.getByRole('button', { name: 'Подписать', exact: false }).click();
    const tokens = await ais.finish(new URL((await back).url()), started);

    const above = await browse();
    await enterDesk(above.page, playground, 'polyakova@example.test', '/chair/P-02/officers');
    await above.page.getByText('Отозвать доступ', { exact: true }).click();
    await press(above.page, button(above.page, 'Отозвать доступ этого человека'));
    await expectText(above.page, 'Доступ отозван');

    await expect(client.refreshTokenGrant(ais.config, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    const closed = await page.goto(`${issuer}/chair/P-02`);
    expect(closed?.status()).toBe(404);
    const own = await page.goto(`${issuer}/cabinet`);
    expect(own?.status()).toBe(200);
  });
});
