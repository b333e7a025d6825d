/** Tickets from the order to the member's hand (SYS-18), and the guides that explain the way (SYS-19). */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useBrowser } from '../support/browsing.ts';
import { startOwnSandbox } from '../support/own-sandbox.ts';
import type { Playground } from '../support/sandbox.ts';
import { expectHeading, expectText, fillIn, press } from '../support/walks.ts';
import { enterDesk } from '../support/workplace.ts';

const CHAIR = 'vasilyeva@example.test';
/** «республиканский комитет». */
const REGIONAL = 'solovyeva@example.test';
/** The ticket of M-02 before it was lost. */
const LOST = '9900000000000029';

const { browse } = useBrowser();

let playground: Playground;
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ playground, stop } = await startOwnSandbox({ register: 'own' }));
}, 120_000);
afterAll(() => stop?.());

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const address = (path: string) => `${playground.federation.issuer}${path}`;
const enterCabinet = async (page: Page, email: string) => {
  await page.goto(address('/cabinet'));
  await fillIn(page, { email });
  await page.getByRole('navigation', { name: 'Разделы кабинета' }).waitFor();
};

describe('ticket production', () => {
  it('orders for 28 members, leaves out whoever has not consented, and names her', async () => {
    const { page, look } = await browse();
    await enterDesk(page, playground, CHAIR, '/chair/P-01/orders');
    await expectHeading(page, 'Заявки на билеты');
    await look('orders');
    await press(page, page.getByRole('link', { name: 'Новая заявка' }));
    await expectText(page, /28 билетов на 476\s₽/);
    await expectText(page, 'Не войдут в заявку: нет согласия');
    await look('order-new');
    const without = (title: string) =>
      page.locator('section', { has: page.getByRole('heading', { name: title }) }).locator('ul.names li');
    expect(await without('Не войдут в заявку: нет согласия').count()).toBe(1);
    expect(await without('Не войдут в заявку: нет номера билета').count()).toBe(1);
    const left = await without('Не войдут в заявку: нет согласия').textContent();
    await press(page, button(page, 'Составить заявку'));
    await expectText(page, 'Черновик заявки составлен');
    expect(await page.locator('.ticket-lines li').count()).toBe(28);
    expect(await page.locator('.ticket-lines').textContent()).not.toContain(left);
    await look('order-draft');
    await press(page, button(page, 'Отправить заявку'));
    await expectText(page, 'Заявка отправлена в центральный аппарат Профсоюза');
    await look('order-submitted');
  });

  it('shows the committee what is on its way, and the member how her ticket comes nearer', async () => {
    const { page, look } = await browse();
    await enterDesk(page, playground, REGIONAL, '/chair/R-01/orders');
    await expectHeading(page, 'Билеты организаций');
    await expectText(page, 'Посылка RA 000 000 001 RU');
    await look('orders-below');

    const member = await browse();
    await enterCabinet(member.page, 'shcherbakova@example.test');
    await expectText(member.page, 'Билет изготавливается.');
    await member.look('cabinet-ticket-in-production');
  });

  it('hands tickets out, one and all, on a list for signatures', async () => {
    const { page, look } = await browse();
    await enterDesk(page, playground, CHAIR, '/chair/P-01/orders/1');
    await expectText(page, 'Получена республиканским комитетом');
    await look('order-at-committee');
    await press(page, page.getByRole('link', { name: 'Ведомость для подписей' }));
    expect(await page.locator('.signatures tbody tr').count()).toBe(28);
    await look('order-sheet');
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('button', { name: 'Печать' }).isVisible()).toBe(false);
    expect(await page.locator('nav.sections').isVisible()).toBe(false);
    await page.emulateMedia({ media: null });
    await page.goBack();
    await press(page, button(page, 'Отметить «выдан»'));
    await expectText(page, 'Никто не отмечен');
    await page.locator('.ticket-lines input[type=checkbox]').first().check();
    await press(page, button(page, 'Отметить «выдан»'));
    await expectText(page, 'Отмечено: билеты выданы');
    expect(await page.locator('.ticket-lines input[type=checkbox]').count()).toBe(7);
    await press(page, page.getByRole('link', { name: 'Выданы все' }));
    await look('order-hand-out-all');
    await press(page, button(page, 'Выданы все'));
    await expectText(page, 'Все билеты этой заявки выданы.');
  });

  it('is nothing to a chair of another organisation', async () => {
    const { page } = await browse();
    await enterDesk(page, playground, 'ershov@example.test', '/chair/P-02/guides');
    await page.goto(address('/chair/P-01/orders/1'));
    await expectHeading(page, 'Такой страницы нет');
  });

  it('blocks a lost ticket and gives a new number', async () => {
    const { page, look } = await browse();
    await enterDesk(page, playground, CHAIR, '/chair/P-01/members/M-02/ticket');
    await look('ticket-block');
    await press(page, page.getByRole('link', { name: 'Заблокировать билет' }));
    await look('ticket-block-question');
    await press(page, button(page, 'Заблокировать билет'));
    await press(page, button(page, 'Присвоить новый номер'));
    await expectText(page, 'Новый номер присвоен. Закажите билет заявкой');
    await look('ticket-replaced');
  });

  it('lets the new number in from then on, and no longer the old one (SYS-06)', async () => {
    const member = await browse();
    await enterCabinet(member.page, 'fedorov@example.test');
    const show = button(member.page, 'Показать номер полностью');
    const number = async () => {
      await member.page.goto(address('/cabinet'));
      await press(member.page, show);
      return (await member.page.locator('.ticket-number').textContent())?.replace(/\D/g, '') ?? '';
    };
    await expect.poll(number, { timeout: 20_000, interval: 500 }).not.toBe(LOST);
    const { page } = await browse();
    await page.goto(address('/cabinet'));
    await fillIn(page, { ticket: LOST });
    await expectText(page, 'Неверный номер билета или пароль');
    await page.goto(address('/cabinet'));
    await fillIn(page, { ticket: await number() });
    await page.getByRole('navigation', { name: 'Разделы кабинета' }).waitFor();
  });
});

describe('«Нормативно-справочная информация»', () => {
  it.each([
    ['E-mail', 'Инструкция: вход по E-mail', 'Вход по E-mail и паролю'],
    ['По номеру ЭПБ', 'Инструкция: вход по номеру билета', 'Вход по номеру электронного профсоюзного билета'],
    ['E-mail', 'Инструкция: вход через Госуслуги', 'Вход через Госуслуги (ЕСИА)'],
    ['E-mail', 'Инструкция: вход через РСАА', 'Вход через РСАА'],
  ])('opens beside the sign-in by «%s»: %s', async (tab, link, heading) => {
    const { page, context } = await browse();
    await page.goto(address('/cabinet'));
    await page.getByRole('navigation', { name: 'Способ входа' }).getByRole('link', { name: tab }).click();
    const help = page.getByRole('link', { name: link });
    expect(await help.textContent()).toBe(`${link}. Откроется в новой вкладке`);
    const [guide] = await Promise.all([context.waitForEvent('page'), help.click()]);
    await expectHeading(guide, heading);
    await press(guide, guide.getByRole('link', { name: 'Печать' }));
    await guide.getByRole('button', { name: 'Печать' }).waitFor();
    await expectHeading(page, 'Вход');
  });

  it('has guides for everybody, one after the other', async () => {
    const { page, look } = await browse();
    await page.goto(address('/guides'));
    await expectHeading(page, 'Нормативно-справочная информация');
    await look('guides');
    await press(page, page.getByRole('link', { name: 'Заявка на электронные профсоюзные билеты' }));
    await look('guide-orders');
    await press(page, page.locator('.guide-turn [rel=next]'));
    await expectHeading(page, 'Выдача билетов');
  });

  it('keeps the ticks of a chair who begins: client, video, algorithm, undertaking', async () => {
    const { page, look } = await browse();
    await enterDesk(page, playground, 'ershov@example.test', '/chair/P-02/guides');
    await expectHeading(page, 'Нормативно-справочная информация');
    const titles = await page.locator('main h2 a').allTextContents();
    expect(titles.slice(0, 4)).toEqual([
      'Алгоритм начала работы',
      '«1С Тонкий клиент»: установка',
      'Видеоинструкция: первые десять минут на рабочем месте',
      'Обязательство о неразглашении персональных данных',
    ]);
    await press(page, button(page, 'Отметить прочитанным: Алгоритм начала работы'));
    expect(await page.locator('main .badge').allTextContents()).toEqual(['Прочитано']);
    await look('chair-guides');
  });

  it('shows the territorial chair who has not finished, and what is left to do', async () => {
    const { page, look } = await browse();
    await enterDesk(page, playground, 'polyakova@example.test', '/chair/T-01/chairs');
    await look('chairs-below');
    const shown = () => page.locator('main').textContent();
    expect(await shown()).toMatch(/СОШ № 15/);
    await press(page, page.getByRole('link', { name: /Не завершили/i }));
    expect(await shown()).toMatch(/Ершов/);
  });
});
