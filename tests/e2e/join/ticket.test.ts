/** Variant 1 over HTTP: from the five fields to the account with its ticket (C-12 … C-23, SYS-01, SYS-06). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenHouse, openHouse, PASSWORD } from '../../support/house.ts';
import { codeIn, type Mail, openMail } from '../../support/mail.ts';
import { enterWizard, type Newcomer, newcomer, press } from '../../support/newcomers.ts';
import { freePort } from '../../support/services/free-port.ts';
import { testStores } from '../../support/stores.ts';
import { type Page, type Visitor, visitor } from '../../support/visitor.ts';

const CODE = /код подтверждения/i;
const M05 = {
  family: 'Мамедов',
  given: 'Рашад',
  middle: 'Али-оглы',
  birthdate: '30.11.1980',
  ticket: '9900 0000 0000 0052',
};
const consent = { union_pd: 'yes' };

let mail: Mail;
let open: OpenHouse;
beforeAll(async () => {
  mail = await openMail();
  open = await openHouse({ ...(await testStores()), SMTP_URL: mail.smtpUrl });
});
afterAll(async () => {
  await open.close();
  await mail.close();
});

const query = (text: string, values: string[] = []) => open.house.stores.database.query(text, values);
const enter = async (who?: Newcomer) => {
  const account = who ?? (await newcomer(open));
  return { account, ...(await enterWizard(open, account, '/join/ticket')) };
};
const textOf = (page: Page) => page.html.querySelector('main')?.structuredText ?? '';
const problemsOn = (page: Page) => page.html.querySelectorAll('.summary a').map(({ text }) => text);
const answersOf = async (id: string) =>
  (
    await query(`select reason from audit where event = 'membership_check' and account_id = $1 order by id`, [
      id,
    ])
  ).map(({ reason }) => reason);
/** Up to the page of the code. */
const toCode = async (person: Visitor, page: Page, fields: Record<string, string>) => {
  const matched = await press(person, page, /^\/join\/ticket$/, { ...fields, ...consent });
  let documents = await press(person, matched, /continue$/);
  for (const form of documents.html.querySelectorAll('form[action$="/open"]')) {
    const action = form.getAttribute('action') ?? '';
    const text = await press(person, documents, new RegExp(`^${action}$`));
    documents = await person.open(
      new URL(text.html.querySelector('a.button')?.getAttribute('href') ?? '', text.url),
    );
  }
  return press(person, documents, /documents\/sign$/);
};
const freeTicket = async (id: string) => {
  await query(`update account set member_id = null where id = $1`, [id]);
  await query(`delete from identifier where kind = 'ticket' and account_id = $1`, [id]);
};

describe('variant 1', () => {
  it('leads from five fields to the account, the banner and the ticket', async () => {
    const { account, person, page } = await enter();
    expect(page.url.pathname).toBe('/join/ticket');
    expect(page.html.querySelectorAll('label').map(({ text }) => text)).toEqual([
      ...['Фамилия', 'Имя', 'Отчество', 'Дата рождения', 'Номер электронного профсоюзного билета'],
      'согласие на обработку персональных данных Профсоюзом',
      'SMS/PUSH/Email сообщений информационного и рекламного характера',
    ]);
    expect(page.html.querySelectorAll('main [checked]')).toEqual([]);

    const matched = await press(person, page, /^\/join\/ticket$/, { ...M05, ...consent });
    expect(textOf(matched)).toContain('Данные совпали с Единым реестром.');
    expect(textOf(matched)).toContain('9900 0000 0000 0052');

    const documents = await press(person, matched, /continue$/);
    expect(documents.url.pathname).toBe('/join/documents');
    expect(documents.html.querySelectorAll('form[action$="/open"] button').map(({ text }) => text)).toEqual([
      'Согласие',
    ]);
    const early = await person.submit(documents, /documents\/sign$/);
    expect(early.status).toBe(422);
    expect(problemsOn(early)).toHaveLength(1);
    expect(await mail.all(account.email)).toEqual([]);

    const text = await press(person, documents, /\/open$/);
    expect(textOf(text)).toContain('Мамедов Рашад Али-оглы');
    expect(textOf(text)).toContain('30.11.1980');
    const code = await press(person, await person.open(`${open.issuer}/join/documents`), /documents\/sign$/);
    expect(code.url.pathname).toBe('/join/code');
    expect(textOf(code)).toContain('Код подтверждения был направлен Вам на адрес электронной почты.');
    const letter = await mail.take(account.email, CODE);

    const spaced = codeIn(letter).replace(/^(...)/, ' $1 ');
    const done = await press(person, code, /^\/join\/code$/, { code: spaced });
    expect(done.url.pathname).toBe('/join/done');
    const home = await press(person, done, /done\/cabinet$/);
    expect(home.url.pathname).toBe('/cabinet');
    expect(home.body).toContain('ВЫ ЯВЛЯЕТЕСЬ ЧЛЕНОМ ОБЩЕРОССИЙСКОГО ПРОФСОЮЗА ОБРАЗОВАНИЯ');
    expect(home.body).toContain('•••• •••• •••• 0052');

    const other = visitor();
    const signIn = await other.open(`${open.issuer}/cabinet`);
    const byTicket = { by: 'ticket', identifier: '9900-0000-0000-0052', password: PASSWORD };
    expect((await other.follow(await other.submit(signIn, /\/password$/, byTicket))).url.pathname).toBe(
      '/cabinet',
    );

    // The consent was on record before the question, and what was typed is gone.
    const order = await query(
      `select event from audit where account_id = $1 and event in ('consent_ticked', 'membership_check') order by id`,
      [account.id],
    );
    expect(order.map(({ event }) => event)).toEqual(['consent_ticked', 'membership_check']);
    expect(
      await query(`select ticket_sealed, signing_id from draft where account_id = $1`, [account.id]),
    ).toEqual([{ ticket_sealed: null, signing_id: null }]);
    expect((await person.open(`${open.issuer}/join/ticket`)).url.pathname).toBe('/join/done');
    expect((await person.open(`${open.issuer}/join/code`)).url.pathname).toBe('/join/done');

    // Whoever has all five right may know that the ticket has an account.
    const second = await enter();
    const bound = await press(second.person, second.page, /^\/join\/ticket$/, { ...M05, ...consent });
    expect(problemsOn(bound)[0]).toMatch(/уже создан другой личный кабинет/);
    const near = { ...M05, ...consent, birthdate: '01.12.1980' };
    expect(problemsOn(await press(second.person, bound, /^\/join\/ticket$/, near))[0]).toMatch(
      /^Данные не совпали/,
    );
    await freeTicket(account.id);
  });

  it('names every fault at its field, keeps what was typed, and asks nothing', async () => {
    const { account, person, page } = await enter();
    const typed = {
      ...{
        family: 'Мамедов2',
        given: '',
        middle: 'нет',
        birthdate: '14.03.84',
        ticket: '99OO 0000 0000 0011',
      },
    };
    const again = await person.submit(page, /^\/join\/ticket$/, typed);
    expect(again.status).toBe(422);
    expect(problemsOn(again)).toEqual([
      'В фамилии возможны только буквы, пробел, дефис, апостроф и точка',
      'Введите имя',
      'В дате рождения укажите год четырьмя цифрами',
      'В номере билета только цифры: похоже, вместо нуля введена буква',
      'Отметьте согласие на обработку персональных данных: без него данные нельзя проверить и передать',
    ]);
    for (const [name, value] of Object.entries(typed)) {
      expect(again.html.querySelector(`#${name}`)?.getAttribute('value') ?? '').toBe(value);
    }
    expect(again.html.querySelector('#family')?.getAttribute('aria-invalid')).toBe('true');
    expect(
      await query(`select event from audit where account_id = $1 and event like '%check%'`, [account.id]),
    ).toEqual([]);
    // Right in everything but the consent: still nothing is asked.
    expect((await person.submit(page, /^\/join\/ticket$/, M05)).status).toBe(422);
    expect(await answersOf(account.id)).toEqual([]);
  });

  it.each([
    [
      'Федоров- Елкин',
      'артём',
      'Семенович',
      '29.02.1988',
      '9900000000000029',
      'уже создан другой личный кабинет',
    ],
    ['Жуков', 'Яков', 'Ильич', '27.07.1972', '9900000000000193', 'больше не действует'],
    ['Громов', 'Лев', 'Аркадьевич', '04.04.1965', '9900000000000227', 'членство в Профсоюзе прекращено'],
    ['Жуков', 'Яков', 'Ильич', '28.07.1972', '9900000000000193', 'Данные не совпали с Единым реестром'],
    ['Громов', 'Лев', 'Аркадьевич', '04.04.1966', '9900000000000227', 'Данные не совпали с Единым реестром'],
    ['Сидорова', 'Анна', 'Ивановна', '10.10.1995', '9900000000000094', 'Данные не совпали с Единым реестром'],
    ['Нет', 'Такой', '', '10.10.1995', '9911111111111111', 'Данные не совпали с Единым реестром'],
  ])('answers %s %s %s %s %s', async (family, given, middle, birthdate, ticket, text) => {
    const { person, page } = await enter();
    const typed = { family, given, middle, birthdate, ticket, ...consent };
    const answer = await person.submit(page, /^\/join\/ticket$/, typed);
    expect(answer.status).toBe(422);
    expect(problemsOn(answer)).toHaveLength(1);
    expect(problemsOn(answer)[0]).toContain(text);
    expect(answer.html.querySelectorAll('[aria-invalid="true"]')).toEqual([]);
  });

  it('locks the check after five failures an hour, not the account', async () => {
    const { account, person, page } = await enter();
    const wrong = { ...M05, ...consent, birthdate: '01.01.1980' };
    for (let at = 0; at < 5; at += 1) {
      expect((await person.submit(page, /^\/join\/ticket$/, wrong)).status).toBe(422);
    }
    const locked = await person.submit(page, /^\/join\/ticket$/, { ...M05, ...consent });
    expect(locked.status).toBe(429);
    expect(problemsOn(locked)[0]).toMatch(/^Слишком много проверок подряд.*введённое сохранено$/);
    expect(await answersOf(account.id)).toEqual([...Array(5).fill('no_match'), 'locked']);
    expect((await person.open(`${open.issuer}/cabinet`)).url.pathname).toBe('/cabinet');
  });

  it('judges five of twenty parallel guesses', async () => {
    const { account, person, page } = await enter();
    const wrong = { ...M05, ...consent, birthdate: '01.01.1980' };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => person.submit(page, /^\/join\/ticket$/, wrong)),
    );
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(5);
    expect((await answersOf(account.id)).filter((reason) => reason === 'no_match')).toHaveLength(5);
  });

  it('finds the draft again on another device, without what may not be kept', async () => {
    const { account, person, page } = await enter();
    await person.submit(page, /^\/join\/ticket$/, { ...M05, birthdate: 'потом' });
    const elsewhere = await enter(account);
    expect(elsewhere.page.html.querySelector('#family')?.getAttribute('value')).toBe('Мамедов');
    expect(elsewhere.page.html.querySelector('#birthdate')?.getAttribute('value')).toBe('потом');
    expect(elsewhere.page.html.querySelectorAll('main [checked]')).toEqual([]);
  });

  it('signs nothing that was changed meanwhile', async () => {
    const { account, person, page } = await enter();
    const code = await toCode(person, page, M05);
    const digits = codeIn(await mail.take(account.email, CODE));
    // Another tab: the draft is of somebody else now.
    const form = await person.open(`${open.issuer}/join/ticket?change=yes`);
    await person.submit(form, /^\/join\/ticket$/, { ...M05, ...consent, family: 'Петров' });
    const answer = await person.follow(await person.submit(code, /^\/join\/code$/, { code: digits }));
    expect(answer.url.pathname).toBe('/join/ticket');
    expect(
      await query(`select id from account where id = $1 and member_id is not null`, [account.id]),
    ).toEqual([]);
  });

  it('binds once when «Подписать» is pressed twenty times', async () => {
    const { account, person, page } = await enter();
    const code = await toCode(person, page, { ...M05, union_messages: 'yes' });
    const digits = codeIn(await mail.take(account.email, CODE));
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => person.submit(code, /^\/join\/code$/, { code: digits })),
    );
    expect(answers.map(({ status, headers }) => `${status} ${headers.get('location')}`)).toEqual(
      Array(20).fill('303 /join/done'),
    );
    const events = await query(
      `select event, count(*)::int as n from audit where account_id = $1 and event in ('member_bound', 'documents_signed') group by event order by event`,
      [account.id],
    );
    expect(events).toEqual([
      { event: 'documents_signed', n: 1 },
      { event: 'member_bound', n: 1 },
    ]);
    await freeTicket(account.id);
  });

  it('tells of a ticket that was bound between the check and the signature, and does nothing by halves', async () => {
    const one = await enter();
    const two = await enter();
    const codes = [await toCode(one.person, one.page, M05), await toCode(two.person, two.page, M05)];
    const digits = [
      codeIn(await mail.take(one.account.email, CODE)),
      codeIn(await mail.take(two.account.email, CODE)),
    ];
    const answers = await Promise.all(
      [one, two].map(({ person }, at) => person.submit(codes[at]!, /^\/join\/code$/, { code: digits[at]! })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 422]);
    const loser = answers.find(({ status }) => status === 422)!;
    expect(problemsOn(loser)[0]).toMatch(/уже создан другой личный кабинет/);
    const bound = await query(`select id from account where id in ($1, $2) and member_id is not null`, [
      one.account.id,
      two.account.id,
    ]);
    expect(bound).toHaveLength(1);
    const signed = await query(
      `select account_id from audit where event = 'documents_signed' and account_id in ($1, $2)`,
      [one.account.id, two.account.id],
    );
    expect(signed.map(({ account_id }) => account_id)).toEqual(bound.map(({ id }) => id));
    await freeTicket(String(bound[0]!.id));
  });

  it('says how a code fails, and sends another one', async () => {
    const { account, person, page } = await enter();
    const code = await toCode(person, page, M05);
    const right = codeIn(await mail.take(account.email, CODE));
    const wrong = right === '000000' ? '000001' : '000000';
    const attempt = (typed: string) => person.submit(code, /^\/join\/code$/, { code: typed });
    expect(problemsOn(await attempt(''))).toEqual(['Введите код подтверждения']);
    expect(problemsOn(await attempt('12 34'))).toEqual(['Код подтверждения состоит из 6 цифр']);
    for (const left of [4, 3, 2, 1])
      expect(textOf(await attempt(wrong))).toMatch(new RegExp(`Остал[а-я]+ ${left} попытк`));
    expect((await attempt(wrong)).status).toBe(422);
    expect((await attempt(right)).status).toBe(422);
    expect(
      await query(`select id from account where id = $1 and member_id is not null`, [account.id]),
    ).toEqual([]);
    const waiting = await press(person, code, /code\/again$/);
    expect(textOf(waiting)).toMatch(/Отправить код ещё раз можно через \d+ секунд/);
  });

  it('lets nobody in without an account, and no GET changes anything', async () => {
    const stranger = visitor();
    for (const path of ['ticket', 'application', 'documents', 'code', 'done', 'review']) {
      const page = await stranger.open(`${open.issuer}/join/${path}`);
      expect(page.url.pathname, path).toMatch(/^\/interaction\//);
    }
    expect((await stranger.request(`${open.issuer}/join/ticket`, { method: 'POST' })).status).toBeGreaterThan(
      299,
    );
    const { account, person } = await enter();
    for (const path of [
      'documents',
      'code',
      'done',
      'review',
      'documents/nothing',
      'consents/union_pd',
      'consents/nothing',
      'nothing',
    ]) {
      const page = await person.request(`${open.issuer}/join/${path}`);
      expect(page.status, path).toBeLessThan(500);
    }
    expect(await query('select account_id from draft where account_id = $1', [account.id])).toEqual([]);
  });

  it('asks for new terms before the next signature', async () => {
    const { account, person, page } = await enter(await newcomer(open, '1'));
    const documents = await toCode(person, page, M05);
    expect(documents.url.pathname).toBe('/join/documents/sign');
    expect(documents.html.querySelector('#terms')).not.toBeNull();
    expect(await mail.all(account.email)).toEqual([]);
    const code = await press(person, documents, /documents\/sign$/, { terms: 'yes' });
    expect(code.url.pathname).toBe('/join/code');
  });
});

describe('while the register is away', () => {
  it('says so, loses nothing, and counts nothing', async () => {
    const away = await openHouse({
      ...(await testStores()),
      SMTP_URL: mail.smtpUrl,
      REGISTRY_URL: `http://localhost:${await freePort()}/`,
      REGISTRY_TOKEN: 'a token of some length',
    });
    try {
      const account = await newcomer(away);
      const { person, page } = await enterWizard(away, account, '/join/ticket');
      for (let at = 0; at < 3; at += 1) {
        const answer = await person.submit(page, /^\/join\/ticket$/, { ...M05, ...consent });
        expect(answer.status).toBe(422);
        expect(problemsOn(answer)).toEqual([
          'Единый реестр сейчас не отвечает. Введённое сохранено: повторите через несколько минут или продолжите позже',
        ]);
      }
      const again = await enterWizard(away, account, '/join/ticket');
      expect(again.page.html.querySelector('#ticket')?.getAttribute('value')).toBe(M05.ticket);
    } finally {
      await away.close();
    }
  });
});
