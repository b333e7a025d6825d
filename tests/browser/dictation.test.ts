import type { Page } from 'playwright-core';
import { describe, expect, inject, it } from 'vitest';
import { useBrowser } from './support/browsing.ts';
import { answer, choose, questionsOf } from './support/quiz.ts';
import {
  addressOf,
  enterPortal,
  expectHeading,
  expectText,
  fillIn,
  idTokenAt,
  toSignIn,
} from './support/walks.ts';

const { browse } = useBrowser();
/** Who signed in, how and when: the rest is asked for behind the browser. */
const TOLD_OF_A_SIGN_IN = ['acr', 'amr', 'auth_time', 'exp', 'iat', 'nonce', 'sid', 'sub'];

/** Printed: the certificate and nothing of the page around it. */
async function expectOneSheet(page: Page): Promise<void> {
  await page.emulateMedia({ media: 'print' });
  expect(await page.locator('.certificate').isVisible()).toBe(true);
  for (const around of ['header', 'footer', 'button']) {
    expect(await page.locator(around).first().isVisible(), around).toBe(false);
  }
  const document = await page.pdf({ format: 'A4' });
  expect(document.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
  await page.emulateMedia({ media: null });
}

describe('the Dictation', () => {
  it('is entered by e-mail from «Принять участие», through a page that names it', async () => {
    const { page, look } = await browse();
    await page.goto(addressOf('dictation'));
    await expectHeading(page, 'Профсоюзный диктант');
    await look('dictation-visitor');
    await page.getByRole('link', { name: 'Принять участие' }).click();
    await expectHeading(page, 'Вход');
    await expectText(page, 'Вы входите в сервис Профсоюзный диктант');
    await look('sign-in-email');
    await fillIn(page, { email: 'Ivanova@Example.test ' });
    await expectHeading(page, 'Здравствуйте, Мария Петровна!');
    expect(new URL(page.url()).origin).toBe(addressOf('dictation'));
    await look('dictation-greeting');
    // What passes through the browser tells of the sign-in alone: no birth date, phone or SNILS.
    const { iss, aud, ...told } = await idTokenAt(page, 'dictation');
    expect({ iss, aud }).toEqual({ iss: inject('playground').federation.issuer, aud: 'dictation' });
    expect(Object.keys(told).toSorted()).toEqual(TOLD_OF_A_SIGN_IN);
  });

  it.each([
    ['with spaces', '9900 0000 0000 0029', 'Здравствуйте, Артём Семёнович!'],
    ['with hyphens, by somebody without a patronymic', '9900-0000-0000-0045', 'Здравствуйте, Тимур!'],
    ['in one, beginning with zeros', '0099123456789012', 'Здравствуйте, Иван Иванович!'],
  ])('is entered by a ticket number typed %s', async (_how, ticket, greeting) => {
    const { page, look } = await browse();
    await toSignIn(page);
    await page.getByRole('link', { name: 'По номеру ЭПБ' }).click();
    if (ticket.includes(' ')) await look('sign-in-ticket');
    await fillIn(page, { ticket });
    await expectHeading(page, greeting);
  });

  it('is written from the first question to the certificate, through reload and back button, once', async () => {
    const questions = await questionsOf('dictation');
    const { page, look } = await browse();
    await enterPortal(page, { email: 'sofia@example.test' });
    await page.getByRole('button', { name: 'Начать' }).click();
    await expectText(page, 'Вопрос 1 из 30');
    await expectText(page, /Осталось (60:00|59:\d\d)/);
    await look('dictation-question');

    for (const [at, question] of questions.slice(0, 12).entries()) {
      await expectHeading(page, question.text);
      await answer(page, question, at !== 3);
    }
    await page.reload();
    await expectText(page, 'Отвечено: 12 из 30');
    await page.goBack();
    await expectText(page, 'Вопрос 12 из 30');
    expect(await page.getByRole('radio', { checked: true }).count()).toBe(1);

    // Somebody whose computer broke goes on at another one, where she left off.
    const elsewhere = await browse();
    await enterPortal(elsewhere.page, { ticket: '9900 0000 0000 0037' });
    await expectText(elsewhere.page, 'Сохранено ответов: 12 из 30');
    await elsewhere.look('dictation-under-way');
    await elsewhere.page.getByRole('button', { name: 'Продолжить' }).click();
    for (const question of questions.slice(12, 29)) await answer(elsewhere.page, question, true);
    await expectText(elsewhere.page, 'Вопрос 30 из 30');
    await elsewhere.look('dictation-last-question');
    await elsewhere.page.getByRole('button', { name: 'Ответить и проверить' }).click();
    await expectText(elsewhere.page, 'Без ответа остался 1 вопрос');
    await elsewhere.look('dictation-finish-open');
    await elsewhere.page.getByRole('link', { name: 'Вопрос 30' }).click();
    await answer(elsewhere.page, questions[29]!, true);
    await expectText(elsewhere.page, 'Вы ответили на все вопросы.');
    await elsewhere.page.getByRole('button', { name: 'Завершить' }).click();

    await expectText(elsewhere.page, '29 из 30');
    await expectHeading(elsewhere.page, 'Отлично');
    await elsewhere.look('dictation-result');
    await elsewhere.page.getByRole('button', { name: 'Получить сертификат' }).click();
    await expectHeading(elsewhere.page, 'Сертификат');
    await expectText(elsewhere.page, 'Римская-Корсакова София Львовна');
    await elsewhere.look('dictation-certificate');
    await expectOneSheet(elsewhere.page);

    // The page of a question stands open at the first computer still.
    await choose(page, questions[11]!, false);
    await page.getByRole('button', { name: 'Ответить и дальше' }).click();
    await expectText(page, 'Эта попытка уже завершена');
    await expectText(page, '29 из 30');
    await page.goto(addressOf('dictation'));
    await expectText(page, /Вы написали диктант/);
    expect(await page.getByRole('button', { name: /^(Начать|Продолжить|Пройти)/ }).count()).toBe(0);
    await look('dictation-written');
    await page.getByRole('link', { name: 'Участники по регионам' }).click();
    await expectHeading(page, 'Участники по регионам');
    await look('dictation-regions');
  }, 120_000);

  it('greets an applicant, whom it admits, too', async () => {
    const { page } = await browse();
    await enterPortal(page, { email: 'kozlova@example.test' });
    await expectHeading(page, 'Здравствуйте, Дарья Игоревна!');
  });

  it('has room for the longest name', async () => {
    const { page, look } = await browse();
    await enterPortal(page, { email: 'long@example.test' });
    await expectHeading(page, 'Здравствуйте, Александра-Виктория Константиновна!');
    await look('dictation-longest-name');
  });
});
