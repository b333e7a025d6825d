/** Chairs of primary and territorial organisations at their workplaces, with the register kept by ourselves. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useBrowser } from '../support/browsing.ts';
import { type Playground, startSandbox } from '../support/sandbox.ts';
import { expectHeading, expectText, press } from '../support/walks.ts';
import { enterDesk } from '../support/workplace.ts';

const { browse } = useBrowser();

let playground: Playground;
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ playground, stop } = await startSandbox({ SANDBOX_REGISTER: 'own' }));
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
    const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Взять файл').click()]);
    expect(download.suggestedFilename()).toBe('Члены Профсоюза.csv');
    const text = await readFile(await download.path(), 'utf8');
    expect(text).toContain('Вторая;Анна;Ивановна');
    expect(text).not.toMatch(/(^|[;\n])"?[=+\-@\t]/);
  });
});
