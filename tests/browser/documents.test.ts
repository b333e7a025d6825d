/** SYS-10 and SYS-17: a consent as a document of its own, what it lets out and whom it tells, and news for the willing. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, inject, it } from 'vitest';
import { startPgBoss } from '../../adapters/job-queue/pg-boss.ts';
import { configured, unionId } from '../e2e/cli/union-id.ts';
import { useBrowser } from './support/browsing.ts';
import { playgroundOn } from './support/joining.ts';
import { codeIn, mailboxOf } from './support/letters.ts';
import { type Playground, STORES } from './support/sandbox.ts';
import { expectHeading, expectText, fillIn, press } from './support/walks.ts';

const { browse } = useBrowser();

const FINFORT = 'Согласие на передачу персональных данных ООО «ФИНФОРТ»';
const MESSAGES = /^Согласие на получение SMS/;
const SUBJECT = 'Новости Профсоюза';
const WITHDRAWN_WITHIN = { timeout: 60_000, interval: 500 };

/** The bonus programme's site, as it greets her. */
const profcardsOf = ({ federation }: Playground): string => federation.portals.profcards ?? '';
const NOT_TOLD = 'Номер билета не передан';

type Event = { readonly type: string; readonly subject: string; readonly document_version: string | null };
const told = async ({ federation }: Playground): Promise<Event[]> =>
  (await fetch(federation.recipient.api)).json() as Promise<Event[]>;

/** From «Мои документы» through the text to the code, and back there. */
async function signConsent(
  page: Page,
  playground: Playground,
  email: string,
  type: string,
  ticks: readonly string[] = [],
  look: (name: string) => Promise<void> = async () => {},
): Promise<void> {
  await page.goto(`${playground.federation.issuer}/cabinet/consents/${type}`);
  await page.getByRole('button', { name: 'Открыть согласие' }).waitFor();
  expect(await page.getByRole('checkbox', { checked: true }).count()).toBe(0);
  await look(`consent-${type}`);
  for (const tick of ticks) await page.getByRole('checkbox', { name: tick, exact: true }).check();
  await press(page, page.getByRole('button', { name: 'Открыть согласие' }));
  await look(`consent-text-${type}`);
  const terms = page.getByRole('checkbox', { name: 'Я принимаю условия' });
  if ((await terms.count()) > 0) await terms.check();
  await press(page, page.getByRole('button', { name: 'Подписать документы' }));
  await expectText(page, 'Код подтверждения был направлен Вам на адрес электронной почты.');
  await look('consent-code');
  const letter = await mailboxOf(playground, email).take('ЛК ОПО. Код подтверждения заявки.');
  await page.getByRole('textbox', { name: 'Код подтверждения' }).fill(codeIn(letter));
  await press(page, page.getByRole('button', { name: 'Подписать', exact: true }));
  await expectText(page, 'Документ подписан.');
}

/** The entry of «Мои документы», once it says so. */
async function expectEntry(page: Page, title: string | RegExp, text: RegExp): Promise<void> {
  const heading = page.getByRole('heading', { level: 3, name: title });
  await expect
    .poll(
      async () => {
        await page.reload();
        return (await page.getByRole('listitem').filter({ has: heading }).allTextContents()).join();
      },
      { timeout: 15_000, interval: 500 },
    )
    .toMatch(text);
}

describe.each(STORES)('on %s stores', (stores) => {
  it('SYS-10: signed with a mailed code it lets ticket and e-mail out; withdrawn, nothing', async () => {
    const playground = playgroundOn(stores);
    const email = 'sofia@example.test';
    const { page, look } = await browse();
    const site = profcardsOf(playground);
    await page.goto(site);
    await page.getByRole('link', { name: 'Войти' }).click();
    await fillIn(page, { email });
    await press(page, page.getByRole('button', { name: 'Не сейчас' }));
    await expectHeading(page, 'Здравствуйте, Римская-Корсакова София Львовна!');
    await expectText(page, NOT_TOLD);
    expect(await page.locator('main').textContent()).not.toMatch(/0037|sofia@/);

    await signConsent(page, playground, email, 'finfort_pd', [], look);
    await look('documents-signed');
    await expectEntry(page, new RegExp(FINFORT), /Действует.*Версия1Подписано\d\d/);
    const granted = async () =>
      (await told(playground)).filter(({ type, document_version }) => type === 'granted' && document_version);
    await expect.poll(granted, { timeout: 15_000 }).toMatchObject([{ document_version: '1' }]);
    const [{ subject = '' } = {}] = await granted();
    const toldOf = async () => (await told(playground)).filter((event) => event.subject === subject);
    await page.goto(`${site}/sign-in`);
    await expectText(page, '•••• 0037');
    await expectText(page, email);

    await page.goto(`${playground.federation.issuer}/cabinet/documents`);
    await press(page, page.getByRole('link', { name: `Открыть: ${FINFORT}` }));
    await press(page, page.getByRole('button', { name: 'Проверить' }));
    await expectText(page, 'Хеши совпали');
    await look('document');
    const address = (await page.getByRole('link', { name: 'Скачать PDF' }).getAttribute('href')) ?? '';
    const pdf = await page.request.get(new URL(address, page.url()).href);
    expect(pdf.headers()['content-type']).toBe('application/pdf');
    expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-');

    await press(page, page.getByRole('link', { name: 'Отозвать это согласие' }));
    await expectText(page, 'ООО «ФИНФОРТ» узнает, что согласие отозвано.');
    await look('withdraw');
    await press(page, page.getByRole('button', { name: 'Отозвать согласие' }));
    await expectText(page, 'Согласие отозвано.');
    await look('documents-withdrawn');
    await page.goto(`${site}/sign-in`);
    await expectText(page, NOT_TOLD);
    expect(await page.locator('main').textContent()).not.toMatch(/0037|sofia@/);
    await expect.poll(toldOf, WITHDRAWN_WITHIN).toMatchObject([{ type: 'granted' }, { type: 'withdrawn' }]);
  }, 120_000);

  it('SYS-10: what the chair ticks on paper the member sees, with who and when', async () => {
    const playground = playgroundOn(stores);
    const today = new Date().toISOString().slice(0, 10);
    const chair = await browse();
    await chair.page.goto(playground.federation.registry);
    await chair.page.getByRole('link', { name: 'МАОУ «Лицей № 1»' }).click();
    await chair.page.getByRole('link', { name: 'Ахметов Тимур' }).click();
    await chair.page.getByRole('checkbox', { name: /ФИНФОРТ/ }).check();
    await chair.page.getByLabel('Кто отмечает').fill('Лыкова Г. Д., председатель');
    await press(chair.page, chair.page.getByRole('button', { name: 'Сохранить' }));

    const { page, look } = await browse();
    await page.goto(`${playground.federation.issuer}/cabinet/documents`);
    await fillIn(page, { email: 'timur@example.test' });
    await expectEntry(
      page,
      new RegExp(FINFORT),
      /Бумажное, отметку поставил: Лыкова Г\. Д\., председательОтмечено\d\d/,
    );
    await look('documents-on-paper');
    await expect
      .poll(() => told(playground), { timeout: 15_000 })
      .toContainEqual(
        expect.objectContaining({
          type: 'granted',
          document_version: null,
          at: expect.stringMatching(today),
        }),
      );
  });
});

it('SYS-17: news go to whoever ticked, and one click ends them by that way alone', async () => {
  const playground = playgroundOn('servers');
  const [willing, silent] = ['nguyen@example.test', 'ershov@example.test'];
  const news = async (email: string) =>
    (await mailboxOf(playground, email).all()).filter(({ subject }) => subject === SUBJECT);
  const { page, look } = await browse();
  await page.goto(`${playground.federation.issuer}/cabinet/documents`);
  await fillIn(page, { email: willing });
  await signConsent(
    page,
    playground,
    willing,
    'union_messages',
    ['E-mail', 'SMS', 'Общероссийский Профсоюз образования'],
    look,
  );

  await sendNews();
  await expect.poll(() => news(willing), { timeout: 15_000 }).toHaveLength(1);
  const stranger = await browse();
  await stranger.page.goto(`${playground.federation.issuer}/recovery`);
  await stranger.page.getByRole('textbox', { name: 'E-mail' }).fill(silent);
  await press(stranger.page, stranger.page.getByRole('button', { name: 'Отправить' }));
  await mailboxOf(playground, silent).take('ЛК ОПО. Восстановление пароля.');
  expect(await news(silent)).toEqual([]);

  const [letter] = await news(willing);
  const link = /<(.+)>/.exec(letter?.headers['list-unsubscribe'] ?? '')?.[1] ?? '';
  await stranger.page.goto(link);
  await stranger.look('unsubscribe');
  await press(stranger.page, stranger.page.getByRole('button', { name: 'Отписаться' }));
  await expectHeading(stranger.page, 'Вы отписались');
  await stranger.look('unsubscribed');
  await page.goto(`${playground.federation.issuer}/cabinet/documents`);
  await expectEntry(page, MESSAGES, /E-mail: отключено по ссылке в письме, \d\d.*SMS(?!: отключено)/);
  await look('documents-channel-closed');
});

/** As an operator does; the gateway is told at once, instead of at the full minute. */
async function sendNews(): Promise<void> {
  const url = inject('serversDatabase');
  const folder = await mkdtemp(join(tmpdir(), 'union-id-news-'));
  const file = join(folder, 'news.txt');
  await writeFile(file, 'Съезд прошёл.\n\nРешения опубликованы.');
  const command = ['news', 'send', '--subject', SUBJECT, '--text', file];
  expect(await unionId(configured({ DATABASE_URL: url }), ...command)).toMatchObject({ code: 0 });
  await rm(folder, { recursive: true });
  const jobs = await startPgBoss({ on: { url }, onError: () => {} });
  await jobs.add('news', {});
  await jobs.stop(5);
}
