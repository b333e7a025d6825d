/** SYS-01, variant 1, what the register says of the data (SYS-06), and SYS-21: an account for somebody who has a ticket (C-01…C-23). */
import { describe, expect, it } from 'vitest';
import { useBrowser } from '../support/browsing.ts';
import {
  checkData,
  confirm,
  fillInRegistration,
  newcomer,
  playgroundOn,
  register,
  sign,
  type TicketData,
} from '../support/joining.ts';
import { linkIn } from '../support/letters.ts';
import { STORES } from '../support/sandbox.ts';
import { expectHeading, expectText, fillIn, press } from '../support/walks.ts';

const { browse } = useBrowser();

const RASHAD: TicketData = {
  family: 'мамедов',
  given: 'Рашад',
  middle: 'Али-оглы',
  birthdate: '30.11.1980',
  ticket: '9900 0000 0000 0052',
};
const MEMBER = /ВЫ ЯВЛЯЕТЕСЬ ЧЛЕНОМ ОБЩЕРОССИЙСКОГО ПРОФСОЮЗА ОБРАЗОВАНИЯ/;

describe.each(STORES)('on %s stores', (stores) => {
  it('a member with a ticket creates an account, signs, and comes in by the number at once', async () => {
    const playground = playgroundOn(stores);
    const rashad = newcomer(playground, 'rashad@example.test');
    const { page, look } = await browse();
    await page.goto(playground.federation.issuer);
    await look('start');
    await page.getByRole('link', { name: 'Создать' }).click();
    await look('join-create');
    await fillInRegistration(page, rashad);
    await expectText(page, 'Для завершения регистрации перейдите по ссылке, отправленной на Ваш email.');
    await look('join-letter');
    await confirm(page, rashad);
    await look('join-question');
    await page.getByRole('button', { name: 'ДА' }).click();
    await expectHeading(page, 'Проверка данных');
    expect(await page.getByRole('checkbox', { name: /сообщений информационного/ }).isChecked()).toBe(false);
    await look('join-ticket');
    await checkData(page, RASHAD);
    await look('join-matched');
    await press(
      page,
      page.getByRole('button', { name: 'Продолжить' }).or(page.getByRole('link', { name: 'Продолжить' })),
    );
    await expectHeading(page, 'Документы');

    await press(page, page.getByRole('button', { name: 'Подписать документы' }));
    await expectHeading(page, 'Документы');
    await look('join-documents-unopened');
    await press(page, page.getByRole('button', { name: 'Согласие' }));
    await look('join-document');
    await press(page, page.getByRole('link', { name: 'Вернуться к документам' }));
    await sign(page, rashad);
    await expectHeading(page, 'Документы подписаны');
    await look('join-done');
    await press(page, page.getByRole('button', { name: 'Перейти в личный кабинет' }));
    await expectText(page, MEMBER);
    await look('cabinet-new-member');

    const later = await browse();
    await later.page.goto(`${playground.federation.issuer}/cabinet`);
    await fillIn(later.page, { ticket: RASHAD.ticket, password: rashad.password });
    await expectText(later.page, MEMBER);
    const [from] = (await rashad.mailbox.all()).map((letter) => letter.from[0]?.address);
    expect(from).toBe('confirmation@eseur.ru');
  });

  it('a wrong birth date, a bound ticket, twins and an invented number are refused without saying what differs', async () => {
    const playground = playgroundOn(stores);
    const person = newcomer(playground);
    const { page, look } = await browse();
    await register(page, playground, person);
    await page.getByRole('button', { name: 'ДА' }).click();
    const fedorov = {
      family: 'Федоров- Елкин',
      given: 'Артем',
      middle: 'Семенович',
      ticket: '9900 0000 0000 0029',
    };
    await checkData(page, { ...fedorov, birthdate: '28.02.1988' });
    await expectText(page, 'Данные не совпали с Единым реестром.');
    await look('join-ticket-no-match');
    await checkData(page, { ...fedorov, birthdate: '29.02.1988', ticket: '9900 0000 0000 0999' });
    await expectText(page, 'Данные не совпали с Единым реестром.');
    // Twins with their tickets swapped (M-07a, M-07b).
    const anna = { family: 'Сидорова', given: 'Анна', middle: 'Ивановна', birthdate: '10.10.1995' };
    await checkData(page, { ...anna, ticket: '9900 0000 0000 0094' });
    await expectText(page, 'Данные не совпали с Единым реестром.');
    // All five right, but the account is another one: said only to whoever knows all five.
    await checkData(page, { ...fedorov, birthdate: '29.02.1988' });
    await expectHeading(page, 'Проверка данных');
    await look('join-ticket-bound');
    expect(await page.getByText('Данные не совпали').count()).toBe(0);
  });

  it('a form of errors keeps what was typed and says what to do about each field', async () => {
    const playground = playgroundOn(stores);
    const person = newcomer(playground);
    const { page, look } = await browse();
    await register(page, playground, person);
    await page.getByRole('button', { name: 'ДА' }).click();
    await checkData(page, {
      family: 'Иванова4',
      given: '',
      middle: 'нет',
      birthdate: '14.03.84',
      ticket: '99OO 0000 0000 0011',
    });
    await expectText(page, /год четырьмя цифрами/);
    await expectText(page, /вместо нуля введена буква/);
    await look('join-ticket-faults');
    expect(await page.getByRole('textbox', { name: 'Фамилия' }).inputValue()).toBe('Иванова4');
    expect(await page.getByRole('textbox', { name: 'Дата рождения' }).inputValue()).toBe('14.03.84');
  });
});

describe('the letter (SYS-21)', () => {
  it('survives three scanners, opens on a phone, and the computer moves on', async () => {
    const playground = playgroundOn('embedded');
    const person = newcomer(playground);
    const computer = await browse();
    await computer.page.goto(`${playground.federation.issuer}/join`);
    await fillInRegistration(computer.page, person);
    await expectHeading(computer.page, 'Проверьте почту');
    const link = linkIn(await person.mailbox.take('ЛК ОПО. Завершение регистрации.'), /^\/join\/confirm\//);
    for (const method of ['GET', 'HEAD', 'GET']) expect((await fetch(link, { method })).status).toBe(200);

    const phone = await browse({ viewport: { width: 360, height: 740 }, hasTouch: true });
    await phone.page.goto(link);
    await phone.look('join-confirm-elsewhere');
    await press(phone.page, phone.page.getByRole('button', { name: 'Подтвердить адрес' }));
    await expectHeading(phone.page, 'У Вас есть электронный профсоюзный билет?');
    await computer.page.reload();
    await expectHeading(computer.page, 'У Вас есть электронный профсоюзный билет?');

    await phone.page.goto(link);
    await phone.look('join-link-used');
    expect(await phone.page.getByRole('button', { name: 'Подтвердить адрес' }).count()).toBe(0);
  });

  it('that comes back from the mail server is told of, and the address can be corrected', async () => {
    const playground = playgroundOn('embedded');
    const wrong = newcomer(playground, `nobody-${Date.now()}@bounce.example.test`);
    const { page, look } = await browse();
    await fetch(`${playground.federation.mail.web}/refuse-address`, {
      method: 'POST',
      body: new URLSearchParams({ address: wrong.email }),
    });
    await page.goto(`${playground.federation.issuer}/join`);
    await fillInRegistration(page, wrong);
    await expectHeading(page, 'Проверьте почту');
    await expect
      .poll(
        async () => {
          await page.reload();
          return await page.getByText('не принял письмо на этот адрес').count();
        },
        { timeout: 15_000 },
      )
      .toBe(1);
    await look('join-letter-refused');
    const right = newcomer(playground);
    await page.getByRole('textbox', { name: 'Email' }).fill(right.email);
    await press(page, page.getByRole('button', { name: 'Исправить адрес и отправить письмо' }));
    await confirm(page, right);
  });
});

it('an address that has an account is told so, with the ways on (C-06)', async () => {
  const playground = playgroundOn('embedded');
  const { page, look } = await browse();
  await page.goto(`${playground.federation.issuer}/join`);
  await fillInRegistration(page, newcomer(playground, 'Ivanova@example.test'));
  await expectText(page, 'Данный email уже зарегистрирован в системе');
  await look('join-create-taken');
  expect(await page.getByRole('textbox', { name: 'Email' }).inputValue()).toBe('Ivanova@example.test');
  // C-07: the emblem leads to the page with both buttons.
  await page.getByRole('banner').getByRole('link').first().click();
  await page.getByRole('link', { name: 'Войти' }).waitFor();
  await page.getByRole('link', { name: 'Создать' }).waitFor();
});
