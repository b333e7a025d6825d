import { describe, expect, it } from 'vitest';
import { type Browsing, useBrowser } from './support/browsing.ts';
import { passEsia } from './support/epos.ts';
import { answer, questionsOf } from './support/quiz.ts';
import {
  addressOf,
  enterPortal,
  expectHeading,
  expectText,
  idTokenAt,
  press,
  toSignIn,
} from './support/walks.ts';

const { browse } = useBrowser();
const SILENTLY_WITHIN_MS = 2_000;

/** Both portals in one browser: the Dictation by a form, the Compass without one. */
async function atBoth(email: string): Promise<Browsing & { compass: Browsing['page'] }> {
  const browsing = await browse();
  await enterPortal(browsing.page, { email });
  const compass = await browsing.context.newPage();
  const pages: string[] = [];
  compass.on('framenavigated', (frame) => pages.push(frame.url()));
  const started = performance.now();
  await compass.goto(addressOf('compass'));
  await expectHeading(compass, /^Здравствуйте, /);
  expect(performance.now() - started).toBeLessThan(SILENTLY_WITHIN_MS);
  expect(pages.filter((url) => url.includes('/interaction/'))).toEqual([]);
  return { ...browsing, compass };
}

const isSignedIn = async (page: Browsing['page'], portal: 'dictation' | 'compass'): Promise<boolean> => {
  await page.goto(addressOf(portal));
  return (await page.getByRole('button', { name: 'Выйти' }).count()) === 1;
};

describe('the Compass', () => {
  it('knows who has signed in at the Dictation, takes two attempts and keeps the better one', async () => {
    const questions = await questionsOf('compass');
    const { compass, look } = await atBoth('anna@example.test');
    await look('compass-greeting', compass);
    await compass.getByRole('button', { name: 'Начать' }).click();
    await expectText(compass, 'Вопрос 1 из 20');
    await look('compass-question', compass);
    for (const question of questions) await answer(compass, question, true);
    await compass.getByRole('button', { name: 'Завершить' }).click();
    await expectText(compass, '20 из 20');
    await look('compass-result', compass);

    await compass.getByRole('button', { name: 'Пройти ещё раз' }).click();
    await answer(compass, questions[0]!, true);
    await answer(compass, questions[1]!, false);
    await compass.getByRole('button', { name: 'Проверить и завершить' }).click();
    await expectText(compass, 'Без ответа осталось 18 вопросов');
    await compass.getByRole('button', { name: 'Завершить' }).click();
    await expectText(compass, '1 из 20');
    await expectText(compass, 'Лучший результат: 20 из 20');
    await compass.goto(addressOf('compass'));
    await expectHeading(compass, 'Здравствуйте, Анна!');
    expect(await compass.locator('.score-number').textContent()).toBe('20 из 20');
    expect(await compass.locator('tbody tr').count()).toBe(2);
    await look('compass-history', compass);
  }, 120_000);

  it('knows a person by a subject of its own, whichever way she comes in', async () => {
    const email = 'ivanova@example.test';
    const both = await atBoth(email);
    const { sub: atDictation } = await idTokenAt(both.page, 'dictation');
    const { sub: byEmail } = await idTokenAt(both.compass, 'compass');
    expect(byEmail).toMatch(/\S/);
    expect(byEmail).not.toBe(atDictation);

    const byTicket = await browse();
    await enterPortal(byTicket.page, { ticket: '9900 0000 0000 0011' }, 'compass');
    expect((await idTokenAt(byTicket.page, 'compass')).sub).toBe(byEmail);

    const byEsia = await browse();
    await toSignIn(byEsia.page, 'compass');
    await press(byEsia.page, byEsia.page.getByRole('link', { name: 'Войти через Госуслуги' }));
    await passEsia(byEsia.page, email);
    await expectHeading(byEsia.page, 'Здравствуйте, Мария!');
    expect((await idTokenAt(byEsia.page, 'compass')).sub).toBe(byEmail);
  });

  it('shows visitors what it is, and signs in by itself', async () => {
    const { page, look } = await browse();
    await page.goto(addressOf('compass'));
    await expectHeading(page, 'Профсоюзный компас');
    await look('compass-visitor');
    await toSignIn(page, 'compass');
    await expectText(page, 'Вы входите в сервис Профсоюзный компас');
  });
});

describe('signing out', () => {
  it('everywhere: the other portal is left, too, and so is the gateway', async () => {
    const { page, compass, look } = await atBoth('alla@example.test');
    await compass.getByRole('button', { name: 'Выйти' }).click();
    await expectHeading(compass, 'Выйти везде?');
    await look('sign-out-confirm', compass);
    await compass.getByRole('button', { name: 'Выйти везде' }).click();
    await compass.waitForURL(`${addressOf('compass')}/**`);
    await expectHeading(compass, 'Профсоюзный компас');
    await look('compass-signed-out', compass);
    // A portal that was too busy to listen is told again.
    await expect.poll(() => isSignedIn(page, 'dictation'), { timeout: 30_000 }).toBe(false);
    await toSignIn(page, 'dictation');
  });

  it('only here: the other portal and the gateway still know the person', async () => {
    const { page, compass } = await atBoth('petrov2@example.test');
    await page.getByRole('button', { name: 'Выйти' }).click();
    await page.getByRole('button', { name: 'Только на «Профсоюзный диктант»' }).click();
    await page.waitForURL(`${addressOf('dictation')}/**`);
    expect(await isSignedIn(page, 'dictation')).toBe(false);
    expect(await isSignedIn(compass, 'compass')).toBe(true);
    await page.getByRole('link', { name: 'Принять участие' }).click();
    await expectHeading(page, 'Здравствуйте, Петр Петрович!');
  });
});
