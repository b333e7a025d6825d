/** SYS-14: the data of ЭПОС and Gosuslugi differ; the school's administrator corrects, and the sign-in works the next working day. */

import pg from 'pg';
import type { Page } from 'playwright-core';
import { describe, expect, inject, it } from 'vitest';
import { useBrowser } from './support/browsing.ts';
import { enterThroughEsia, epos, passRsaa, proveCabinet, subsystemsOn, wayIn } from './support/epos.ts';
import { playgroundOn } from './support/joining.ts';
import { expectHeading, expectText, fillIn, press } from './support/walks.ts';

const { browse } = useBrowser();
const playground = playgroundOn('servers');
const { issuer } = playground.federation;

/** Six visits by three people. */
const LONG = { timeout: 180_000 };
const ELENA = 'belova@example.test';
const RAISA = { login: 'fomina_rk', email: 'fomina@example.test' };
const ILYA = { login: 'morozov_il', email: 'morozov@example.test' };

/** The administrators come in by РСАА, through «Контингент» itself. */
async function toDesk(page: Page, { login, email }: { login: string; email: string }): Promise<void> {
  await page.goto(epos(playground, '/enter'));
  await press(page, wayIn(page, 'Вход для сотрудников'));
  await press(page, page.getByRole('link', { name: 'Войти через РСАА' }));
  await passRsaa(page, login);
  if (page.url().endsWith('/link')) await proveCabinet(page, email);
  await expectHeading(page, 'Подсистемы');
  await page.goto(`${issuer}/cases`);
}

async function mismatchOf(page: Page): Promise<string> {
  await expectHeading(page, 'Данные не совпадают');
  await expectText(page, 'Данные в ЭПОС и на Госуслугах не совпадают');
  await expectText(page, /обратитесь к администратору подсистемы «Контингент»/i);
  return /\d{4}-\d{6}/.exec((await page.locator('main').textContent()) ?? '')?.[0] ?? '';
}

/** What no test can wait for: Monday, 14:00. */
async function letTheDayCome(number: string): Promise<void> {
  const client = new pg.Client(inject('serversDatabase'));
  await client.connect();
  const { rowCount } = await client.query(
    `update mismatch_case set effective_at = now() - interval '1 minute' where number = $1 and state = 'changed'`,
    [number],
  );
  await client.end();
  expect(rowCount).toBe(1);
}

describe('«Контингент» (SYS-14)', () => {
  it(
    'a changed surname: kinds and a number, a correction by her school alone, and the next working day',
    LONG,
    async () => {
      const elena = await browse();
      await enterThroughEsia(elena.page, playground, ELENA);
      const number = await mismatchOf(elena.page);
      await expectText(elena.page, 'Фамилия – не совпадает');
      await expectText(elena.page, 'на следующий рабочий день после 14:00');
      expect(await elena.page.locator('main').textContent()).not.toMatch(/Белова|Чернова/);
      await elena.look('mismatch-school');

      const other = await browse();
      await toDesk(other.page, ILYA);
      await expectHeading(other.page, 'Обращения о несовпадении данных');
      expect(await other.page.locator('main').textContent()).not.toContain(number);
      await other.page.goto(`${issuer}/cases/${number}`);
      await expectText(other.page, 'Такой страницы нет');

      const raisa = await browse();
      await toDesk(raisa.page, RAISA);
      await raisa.look('cases-list');
      await press(raisa.page, raisa.page.getByRole('link', { name: number }));
      await expectHeading(raisa.page, `Обращение ${number}`);
      await raisa.look('cases-case');
      const compared = (await raisa.page.locator('table').textContent()) ?? '';
      expect(compared).toContain('Белова');
      expect(compared).not.toContain('Чернова');
      expect(await raisa.page.locator('main').textContent()).not.toMatch(/Профсоюз|990000/);
      await press(raisa.page, raisa.page.getByRole('link', { name: 'Исправить запись' }));
      await raisa.look('cases-correction');
      const family = raisa.page.getByRole('textbox', { name: 'Фамилия' });
      await family.fill('Чернов');
      await press(raisa.page, raisa.page.getByRole('button', { name: 'Сохранить' }));
      await expectText(raisa.page, 'данные всё ещё не совпадают');
      await raisa.look('cases-correction-still');
      await family.fill('Чернова');
      await press(raisa.page, raisa.page.getByRole('button', { name: 'Сохранить' }));
      await expectText(raisa.page, /Вход заработает .+ 14:00/);
      await raisa.look('cases-changed');

      const again = await browse();
      await enterThroughEsia(again.page, playground, ELENA);
      expect(await mismatchOf(again.page)).toBe(number);
      await expectText(again.page, /вступят в силу .+ в 12:00\sМСК/);
      await again.look('mismatch-school-changed');

      await letTheDayCome(number);
      // Still signed in at the gateway: no form between her and the portal.
      await elena.page.goto(epos(playground, '/enter'));
      await press(elena.page, wayIn(elena.page, 'Вход через ЕСИА'));
      expect(await subsystemsOn(elena.page)).toContain('ЭПОС.Школа');
      const later = await browse();
      await enterThroughEsia(later.page, playground, ELENA);
      expect(await subsystemsOn(later.page)).toContain('ЭПОС.Школа');
      await raisa.page.reload();
      await expectText(raisa.page, 'Решено');
    },
  );

  it('another e-mail: its own kind; its moment is told once the record is corrected', async () => {
    const { page } = await browse();
    await enterThroughEsia(page, playground, 'grishin@example.test');
    await mismatchOf(page);
    await expectText(page, 'E-mail – не совпадает');
    await expectText(page, 'на следующий рабочий день после 14:00');
  });

  it('nobody else finds a desk there', async () => {
    const { page } = await browse();
    await page.goto(`${issuer}/cabinet`);
    await fillIn(page, { email: 'ivanova@example.test' });
    await expectHeading(page, 'Иванова Мария Петровна');
    await page.goto(`${issuer}/cases`);
    await expect.poll(async () => (await page.locator('h1').textContent()) ?? '').not.toContain('Обращения');
  });
});
