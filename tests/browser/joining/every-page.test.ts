/** Every page of the wizard for whoever has no mouse, no JavaScript, or no Russian. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { useBrowser } from '../support/browsing.ts';
import {
  type ApplicationData,
  apply,
  checkData,
  type Newcomer,
  newcomer,
  openDocuments,
  playgroundOn,
  register,
  sign,
} from '../support/joining.ts';
import { enter, tabTo, typeInto } from '../support/keys.ts';
import { codeIn, linkIn } from '../support/letters.ts';
import type { Playground } from '../support/sandbox.ts';
import { expectHeading, expectText, press } from '../support/walks.ts';

const { browse } = useBrowser();

const IYA = {
  family: 'Морозова',
  given: 'Ия',
  middle: 'Павловна',
  birthdate: '23.07.1971',
  ticket: '9900 0000 0000 0318',
};
const BORIS: ApplicationData = {
  family: 'Безруков',
  given: 'Борис',
  middle: '',
  sex: 'Мужской',
  birthdate: '07.06.1991',
  phone: '+7 900 000-00-63',
  search: '0059000018',
  organisation: /МБОУ СОШ № 15/,
  employment: 'Работник',
};
const UNION_PD = 'согласие на обработку персональных данных Профсоюзом';

/** From the start page to «У Вас есть электронный профсоюзный билет?». */
async function registerByKeys(page: Page, { federation }: Playground, person: Newcomer): Promise<void> {
  await page.goto(federation.issuer);
  await enter(page, 'Создать');
  await typeInto(page, 'Email', person.email);
  await typeInto(page, 'Пароль', person.password);
  await tabTo(page, 'условия использования аналога собственноручной подписи');
  await page.keyboard.press('Space');
  await enter(page, 'Создать личный кабинет');
  await expectHeading(page, 'Проверьте почту');
  await page.goto(linkIn(await person.mailbox.take('ЛК ОПО. Завершение регистрации.'), /^\/join\/confirm\//));
  await enter(page, 'Подтвердить адрес');
}

async function signByKeys(page: Page, { mailbox }: Newcomer): Promise<void> {
  await enter(page, 'Подписать документы');
  await typeInto(page, 'Код подтверждения', codeIn(await mailbox.take('ЛК ОПО. Код подтверждения заявки.')));
  await enter(page, 'Подписать');
}

it('with the keyboard alone: a member with a ticket', async () => {
  const playground = playgroundOn('embedded');
  const person = newcomer(playground);
  const { page, look } = await browse();
  await registerByKeys(page, playground, person);
  await enter(page, 'ДА');
  await typeInto(page, 'Фамилия', IYA.family);
  await typeInto(page, 'Имя', IYA.given);
  await typeInto(page, 'Отчество', IYA.middle);
  await typeInto(page, 'Дата рождения', IYA.birthdate);
  await typeInto(page, 'Номер электронного профсоюзного билета', IYA.ticket);
  await enter(page, 'Проверить данные');
  // Without the consent: the summary has the focus, its link leads to the tick.
  await page.locator('[role=alert]:focus, .summary:focus').waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.locator('[name=union_pd]:focus').waitFor();
  await page.keyboard.press('Space');
  expect(await page.getByRole('checkbox', { name: UNION_PD }).isChecked()).toBe(true);
  await enter(page, 'Проверить данные');
  await enter(page, 'Продолжить');
  await enter(page, 'Согласие');
  await enter(page, 'Вернуться к документам');
  await signByKeys(page, person);
  await expectHeading(page, 'Документы подписаны');
  await enter(page, 'English');
  await expectHeading(page, 'The documents are signed');
  await look('english-join-done');
  await enter(page, 'Go to the account');
  await expectText(page, 'Морозова Ия Павловна');
});

it('with the keyboard alone: somebody who joins', async () => {
  const playground = playgroundOn('embedded');
  const person = newcomer(playground);
  const { page } = await browse();
  await registerByKeys(page, playground, person);
  await enter(page, 'НЕТ');
  await tabTo(page, 'Вступить в Профсоюз');
  await page.keyboard.press('Space');
  await typeInto(page, 'Фамилия', 'Ключева');
  await typeInto(page, 'Имя', 'Ольга');
  await typeInto(page, 'Отчество', 'Юрьевна');
  await tabTo(page, 'Мужской');
  await page.keyboard.press('ArrowDown');
  await typeInto(page, 'Дата рождения', '05.06.1991');
  await typeInto(page, 'Телефон', '8 900 000-00-61');
  await typeInto(page, 'Образовательная организация', '0059000018');
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await tabTo(page, 'Работник');
  await page.keyboard.press('Space');
  await tabTo(page, UNION_PD);
  await page.keyboard.press('Space');
  await enter(page, 'Вступить в Профсоюз');
  await expectHeading(page, 'Проверьте данные');
  await expectText(page, 'Женский');
  await enter(page, 'Изменить данные');
  await enter(page, 'Вступить в Профсоюз');
  for (const document of ['Заявление', 'Согласие']) {
    await enter(page, document);
    await enter(page, 'Вернуться к документам');
  }
  await signByKeys(page, person);
  await expectHeading(page, 'Ваше заявление получено');
  await enter(page, 'Мои документы');
  await expectText(page, 'Заявление о вступлении в Профсоюз');
});

it('in English, page by page', async () => {
  const playground = playgroundOn('servers');
  const { issuer } = playground.federation;
  const person = newcomer(playground);
  const { page, look } = await browse();
  const click = (name: string) => press(page, page.getByRole('button', { name, exact: true }));
  const fill = (name: string, text: string) => page.getByRole('textbox', { name, exact: true }).fill(text);
  const check = (name: string) => page.getByRole('checkbox', { name }).check();
  const choose = (name: string) => page.getByRole('radio', { name, exact: true }).check();
  const fillInPerson = async () => {
    await fill('Surname', IYA.family);
    await fill('Name', IYA.given);
    await fill('Patronymic', IYA.middle);
    await fill('Date of birth', IYA.birthdate);
    await check('consent to the processing of personal data by the Union');
  };
  const askForCode = async (...documents: string[]): Promise<string> => {
    for (const document of documents) {
      await click(document);
      await look('english-join-document');
      await press(page, page.getByRole('link', { name: 'Back to the documents' }));
    }
    await click('Sign the documents');
    return codeIn(await person.mailbox.take(/code/i));
  };

  await page.goto(`${issuer}/join`);
  await click('English');
  await look('english-join-create');
  await fill('Email', person.email);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await check('terms of using an analogue of the handwritten signature');
  await click('Create the account');
  await expectHeading(page, 'Check your mail');
  await look('english-join-letter');
  await page.goto(linkIn(await person.mailbox.take(/./), /^\/join\/confirm\//));
  await look('english-join-confirm');
  await click('Confirm the address');
  await look('english-join-question');

  await click('YES');
  await look('english-join-ticket');
  await fillInPerson();
  await fill('Number of the electronic union ticket', IYA.ticket);
  await click('Check the details');
  await look('english-join-matched');
  await click('Continue');
  await look('english-join-documents');

  await page.goto(`${issuer}/join/application`);
  await look('english-join-application');
  await choose('Join the Union');
  await fillInPerson();
  await choose('Female');
  await fill('Phone', '+7 900 000-00-62');
  await page.getByRole('combobox', { name: 'Educational organisation' }).fill('0059000018');
  await page.getByRole('option').first().click();
  await choose('Employee');
  await click('Join the Union');
  await expectHeading(page, 'Check your details');
  await look('english-join-review');
  const code = await askForCode('Application', 'Consent');
  await look('english-join-code');
  await fill('Confirmation code', code);
  await click('Sign');
  await expectHeading(page, 'We have received your application');
  await look('english-join-done-application');
});

it('without JavaScript, both ways to the end', async () => {
  const playground = playgroundOn('servers');
  const [member, applicant] = [newcomer(playground), newcomer(playground)];
  const { page } = await browse({ javaScriptEnabled: false });
  await register(page, playground, member);
  await page.getByRole('button', { name: 'ДА' }).click();
  await checkData(page, IYA);
  await press(page, page.getByRole('button', { name: 'Продолжить' }));
  await openDocuments(page);
  await sign(page, member);
  await expectHeading(page, 'Документы подписаны');

  const other = await browse({ javaScriptEnabled: false });
  await register(other.page, playground, applicant);
  await other.page.getByRole('button', { name: 'НЕТ' }).click();
  await apply(other.page, BORIS);
  await expectHeading(other.page, 'Проверьте данные');
  await openDocuments(other.page);
  await sign(other.page, applicant);
  await expectHeading(other.page, 'Ваше заявление получено');
  await press(other.page, other.page.getByRole('button', { name: 'Мои документы' }));
  await expectText(other.page, 'Заявление о вступлении в Профсоюз');
});
