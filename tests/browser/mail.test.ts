/** SYS-11 as far as a browser matters: what the pages say of letters, and what a letter says, when mail is late. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { useBrowser } from './support/browsing.ts';
import { confirm, fillInRegistration, newcomer } from './support/joining.ts';
import { mailboxOf } from './support/letters.ts';
import { startOwnSandbox } from './support/own-sandbox.ts';
import { expectText, press } from './support/walks.ts';

const { browse } = useBrowser();

const KNOWN = 'ivanova@example.test';
const PATIENCE = { timeout: 40_000, interval: 200 };

it('while the mail server refuses, the pages say letters may be late; then each comes once', async () => {
  // A federation of its own: nobody else's letters are late.
  const { playground, stop } = await startOwnSandbox();
  onTestFinished(stop);
  const { federation } = playground;
  const refuse = (seconds: number) =>
    fetch(`${federation.mail.web}/refuse?seconds=${seconds}`, { method: 'POST' });
  const person = newcomer(playground);
  await refuse(600);

  const { page } = await browse();
  await page.goto(`${federation.issuer}/join`);
  await fillInRegistration(page, person);
  await expectText(page, /Письмо может идти несколько минут/);
  const other = await browse();
  await other.page.goto(`${federation.issuer}/recovery`);
  await other.page.getByRole('textbox', { name: 'E-mail' }).fill(KNOWN);
  await press(other.page, other.page.getByRole('button', { name: 'Отправить' }));
  await expectText(other.page, /Письмо может идти несколько минут, а в дни больших событий – дольше/);
  await sleep(2_000);
  const boxes = [person.mailbox, mailboxOf(playground, KNOWN)];
  const letters = async () => (await Promise.all(boxes.map((box) => box.all()))).flat();
  expect(await letters()).toEqual([]);

  await refuse(0);
  await expect.poll(letters, PATIENCE).toHaveLength(2);
  await confirm(page, person);
  expect(await letters()).toHaveLength(2);
  for (const { from, subject, text, html, headers } of await letters()) {
    expect(from.map(({ address }) => address)).toEqual(['confirmation@eseur.ru']);
    expect(subject).toMatch(/^ЛК ОПО\. [А-Я]/);
    expect(headers['content-type']).toMatch(/^multipart\/alternative/);
    for (const part of [text, html]) {
      expect(part).toMatch(/Здравствуйте/);
      expect(part).not.toMatch(/Иванова|Петровна|example\.test|9900/);
      const hosts = [...part.matchAll(/https?:\/\/[^\s"<]+/g)].map(([url]) => new URL(url).host);
      expect(new Set(hosts)).toEqual(new Set([new URL(federation.issuer).host]));
    }
  }
});
