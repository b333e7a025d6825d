/** SYS-05 and SYS-06: joining without a ticket, and what the register makes of it (C-24…C-42). */
import type { Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { useBrowser } from '../support/browsing.ts';
import {
  type ApplicationData,
  apply,
  confirm,
  fillInRegistration,
  newcomer,
  openDocuments,
  playgroundOn,
  register,
  sign,
} from '../support/joining.ts';
import { startOwnSandbox } from '../support/own-sandbox.ts';
import { type Playground, STORES } from '../support/sandbox.ts';
import { expectAfterReload, expectHeading, expectText, fillIn, press } from '../support/walks.ts';

const { browse } = useBrowser();

const SCHOOL = 'МБОУ СОШ № 15 г. Васильевска';
const VERA: ApplicationData = {
  family: 'Щукина',
  given: 'Вера',
  middle: 'Юрьевна',
  sex: 'Женский',
  birthdate: '05.06.1991',
  phone: '8 900 000-00-5',
  search: '0059000018',
  organisation: new RegExp(SCHOOL),
  employment: 'Работник',
};

/** The register's switch, as its page has it. */
async function power({ federation }: Playground, state: 'on' | 'off' | 'silent'): Promise<void> {
  const answer = await fetch(`${federation.registry}/power`, {
    method: 'POST',
    body: new URLSearchParams({ state }),
  });
  expect(answer.ok).toBe(true);
}

/** From «НЕТ» to the documents, the phone corrected on the way. */
async function fillInApplication(
  page: Page,
  data: ApplicationData,
  look?: (name: string) => Promise<void>,
): Promise<void> {
  await page.getByRole('button', { name: 'НЕТ' }).click();
  await expectHeading(page, 'Прием в Профсоюз');
  await look?.('join-application');
  await apply(page, data);
  if (data.phone.endsWith('5')) {
    await look?.('join-application-faults');
    await page.getByRole('textbox', { name: 'Телефон' }).fill('8 900 000-00-55');
    await press(page, page.getByRole('button', { name: 'Вступить в Профсоюз' }));
  }
  await expectHeading(page, 'Проверьте данные');
}

/** The chair's decision in the register's own pages. */
async function decide(
  page: Page,
  { federation }: Playground,
  family: string,
  button: string,
  reason?: string,
): Promise<void> {
  await page.goto(federation.registry);
  await page.getByRole('link', { name: SCHOOL }).click();
  await page
    .getByRole('link', { name: new RegExp(family) })
    .first()
    .click();
  if (reason !== undefined) await page.getByRole('textbox', { name: 'Причина' }).fill(reason);
  await press(page, page.getByRole('button', { name: button }));
}

describe.each(STORES)('on %s stores', (stores) => {
  it('a teacher joins: form, review, correction, signature, decision, ticket', async () => {
    const playground = playgroundOn(stores);
    const vera = newcomer(playground);
    const { page, look } = await browse();
    await register(page, playground, vera);
    await fillInApplication(page, VERA, look);
    await look('join-review');
    await expectText(page, '+79000000055');
    await press(
      page,
      page
        .getByRole('link', { name: 'Изменить данные' })
        .or(page.getByRole('button', { name: 'Изменить данные' })),
    );
    expect(await page.getByRole('textbox', { name: 'Фамилия' }).inputValue()).toBe('Щукина');
    await page.getByRole('textbox', { name: 'Телефон' }).fill('8 900 000-00-56');
    await press(page, page.getByRole('button', { name: 'Вступить в Профсоюз' }));
    await expectText(page, '+79000000056');
    await openDocuments(page);
    await press(page, page.getByRole('button', { name: 'Подписать документы' }));
    await expectText(page, 'На Вашу почту был выслан код подтверждения.');
    await look('join-code');
    await page.getByRole('textbox', { name: 'Код подтверждения' }).fill('000000');
    await press(page, page.getByRole('button', { name: 'Подписать', exact: true }));
    await look('join-code-wrong');
    await page.getByRole('link', { name: 'Вернуться к документам' }).click();
    await sign(page, vera);
    await expectHeading(page, 'Ваше заявление получено');
    await look('join-done-application');
    await press(page, page.getByRole('button', { name: 'Мои документы' }));
    await expectHeading(page, 'Мои документы');
    await expectAfterReload(page, /[Пп]олучено/);
    await look('documents-received');

    const chair = await browse();
    await decide(chair.page, playground, VERA.family, 'Принять');
    const letter = await vera.mailbox.take('ЛК ОПО. Вы поставлены на учёт.');
    const ticket = /\d{4} ?\d{4} ?\d{4} ?\d{4}/.exec(letter.text)?.[0] ?? '';
    const later = await browse();
    await later.page.goto(`${playground.federation.issuer}/cabinet`);
    await fillIn(later.page, { ticket, password: vera.password });
    await expectText(later.page, /ВЫ ЯВЛЯЕТЕСЬ ЧЛЕНОМ/);
  });
});

it('an organisation nobody knows is answered with where to turn, and the draft is there after signing out', async () => {
  const playground = playgroundOn('embedded');
  const person = newcomer(playground);
  const { page } = await browse({ javaScriptEnabled: false });
  await register(page, playground, person);
  await page.getByRole('button', { name: 'НЕТ' }).click();
  await page.getByRole('textbox', { name: 'Фамилия' }).fill('Щукина');
  await page.getByRole('textbox', { name: 'Образовательная организация' }).fill('нет такой');
  await press(page, page.getByRole('button', { name: 'Найти' }));
  await expectText(page, /Организация не найдена. Обратитесь в первичную профсоюзную организацию/);
  await page.getByRole('textbox', { name: 'Образовательная организация' }).fill('0059000019');
  await press(page, page.getByRole('button', { name: 'Найти' }));
  await expectText(page, /контрольная цифра не сходится/);

  const elsewhere = await browse();
  await elsewhere.page.goto(`${playground.federation.issuer}/cabinet`);
  await fillIn(elsewhere.page, { email: person.email });
  await elsewhere.look('cabinet-unfinished');
  await elsewhere.page.goto(`${playground.federation.issuer}/join/application`);
  expect(await elsewhere.page.getByRole('textbox', { name: 'Фамилия' }).inputValue()).toBe('Щукина');
});

it('who came from a portal goes back to it, signed in, as an applicant', async () => {
  const playground = playgroundOn('embedded');
  const person = newcomer(playground);
  const { page, look } = await browse();
  await page.goto(playground.federation.portals.dictation ?? '');
  await page.getByRole('link', { name: 'Принять участие' }).click();
  await look('sign-in-with-create');
  await page.getByRole('link', { name: 'Создать' }).click();
  await fillInRegistration(page, person);
  await confirm(page, person);
  await fillInApplication(page, { ...VERA, family: 'Путникова', given: 'Ирина', phone: '+7 900 000-00-58' });
  await openDocuments(page);
  await sign(page, person);
  await press(page, page.getByRole('button', { name: /Вернуться на портал/ }));
  await expectHeading(page, 'Здравствуйте, Ирина Юрьевна!');
});

it('with the register away the application waits, and arrives once', async () => {
  // A federation of its own: nobody else's register goes away.
  const { playground, stop } = await startOwnSandbox();
  onTestFinished(stop);
  const person = newcomer(playground);
  const { page, look } = await browse();
  await register(page, playground, person);
  await fillInApplication(page, { ...VERA, family: 'Терпелива', phone: '+7 900 000-00-57' });
  await power(playground, 'off');
  try {
    await openDocuments(page);
    await sign(page, person);
    await expectHeading(page, 'Ваше заявление получено');
    await look('join-done-waiting');
    await press(page, page.getByRole('button', { name: 'Мои документы' }));
  } finally {
    await power(playground, 'on');
  }
  await expectAfterReload(page, /[Пп]олучено/);
  const chair = await browse();
  await chair.page.goto(playground.federation.registry);
  await chair.page.getByRole('link', { name: SCHOOL }).click();
  expect(await chair.page.getByRole('link', { name: /Терпелива/ }).count()).toBe(1);
  await decide(chair.page, playground, 'Терпелива', 'Вернуть', 'Уточните место работы');
  await person.mailbox.take('ЛК ОПО. Заявление возвращено.');
  await expectAfterReload(page, /Уточните место работы/);
});
