/** Gosuslugi away, in a sandbox of its own: read within seconds, in by another door, and back by itself (MSG-16). */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { useBrowser } from './support/browsing.ts';
import { passEsia, passRsaa, proveCabinet } from './support/epos.ts';
import { startOwnSandbox } from './support/own-sandbox.ts';
import { PASSWORD } from './support/sandbox.ts';
import { expectHeading, expectText, fillIn, press } from './support/walks.ts';

const { browse } = useBrowser();

const AWAY = 'Госуслуги временно недоступны. Войдите по E-mail, номеру ЭПБ или через РСАА';
/** Five are promised, and four the most the gateway waits; the rest is this machine, which runs all the other tests. */
const SECONDS_TO_READ = 7;

let sandbox: Awaited<ReturnType<typeof startOwnSandbox>>;

beforeAll(async () => {
  sandbox = await startOwnSandbox({ portals: true });
});
afterAll(() => sandbox.stop());

const breakEsia = (faults: object) =>
  fetch(`${sandbox.playground.federation.upstreams.esia}/developer/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(faults),
  });
const mendEsia = () =>
  fetch(`${sandbox.playground.federation.upstreams.esia}/developer/faults`, { method: 'DELETE' });

const gosuslugi = (page: Page) => page.getByRole('link', { name: 'Войти через Госуслуги' });

async function toDictation(page: Page): Promise<void> {
  await page.goto(sandbox.playground.federation.portals.dictation ?? '');
  await page.getByRole('link', { name: 'Принять участие' }).click();
  await expectHeading(page, 'Вход');
}

/** It may be thought away from before: then nobody is sent there for some seconds. */
async function toGosuslugi(page: Page): Promise<void> {
  const leave = async () => {
    await press(page, gosuslugi(page));
    return page.url();
  };
  await expect.poll(leave, { timeout: 30_000, interval: 500 }).toContain('/login/');
}

async function readsThatItIsAway(page: Page, act: () => Promise<void>): Promise<void> {
  const began = Date.now();
  await act();
  await expectText(page, AWAY);
  expect((Date.now() - began) / 1_000).toBeLessThan(SECONDS_TO_READ);
}

it.each(['hang', 'reset', '503', '502-html'])('its first page: %s', async (fault) => {
  await mendEsia();
  await breakEsia({ ac: fault });
  const { page, look } = await browse();
  await toDictation(page);
  await readsThatItIsAway(page, () => press(page, gosuslugi(page)));
  if (fault === 'hang') await look('sign-in-outage');
  await fillIn(page, { email: 'ivanova@example.test' });
  await expectHeading(page, /^Здравствуйте, Мария/);
});

it('its tokens: whoever is on her way back gets in by РСАА, to where she wanted to go', async () => {
  await mendEsia();
  const { page } = await browse();
  await toDictation(page);
  await toGosuslugi(page);
  await page.getByRole('textbox', { name: 'Телефон / Email / СНИЛС' }).fill('orlova@example.test');
  await page.getByRole('textbox', { name: 'Пароль' }).fill(PASSWORD);
  await press(page, page.getByRole('button', { name: 'Войти', exact: true }));
  await breakEsia({ te: 'hang' });
  await readsThatItIsAway(page, () => press(page, page.getByRole('button', { name: 'Предоставить' })));
  await press(page, page.getByRole('link', { name: 'Войти через РСАА' }));
  await passRsaa(page, 'orlova_is');
  if (page.url().endsWith('/link')) await proveCabinet(page, 'orlova@example.test');
  await expectHeading(page, /^Здравствуйте, Ирина/);
});

it('a page that never answers: by the Back button she reads it, and the portal is not forgotten', async () => {
  await mendEsia();
  const { page } = await browse();
  await toDictation(page);
  await toGosuslugi(page);
  await page.goBack();
  await readsThatItIsAway(page, async () => {});
  await fillIn(page, { ticket: '9900 0000 0000 0011' });
  await expectHeading(page, /^Здравствуйте, Мария/);
});

it('back again: the door opens by itself', async () => {
  await mendEsia();
  const { page } = await browse();
  await expect
    .poll(
      async () => {
        await toDictation(page);
        return page.getByText(AWAY).count();
      },
      { timeout: 30_000, interval: 500 },
    )
    .toBe(0);
  await press(page, gosuslugi(page));
  await passEsia(page, 'ivanova@example.test');
  await expectHeading(page, /^Здравствуйте, Мария/);
});
