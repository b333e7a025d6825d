/** Another address, the data held, the end of an account. */
import { fetchUserInfo, refreshTokenGrant } from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenHouse, openHouse, PASSWORD } from '../support/house.ts';
import { codeIn, linkIn, type Mail, openMail } from '../support/mail.ts';
import { thirdParty } from '../support/portals.ts';
import { testStores } from '../support/stores.ts';
import { type Page, type Visitor, visitor } from '../support/visitor.ts';
import { fillIn, toSignIn } from '../support/walks.ts';

let mail: Mail;
let open: OpenHouse;
beforeAll(async () => {
  mail = await openMail();
  open = await openHouse({ ...(await testStores()), SMTP_URL: mail.smtpUrl, DELETION_DAYS: '7' });
});
afterAll(async () => {
  await open.close();
  await mail.close();
});

const enter = async (identifier: string, room = '/cabinet', password = PASSWORD, person = visitor()) => {
  const page = await person.open(`${open.issuer}${room}`);
  const answer = await person.submit(page, /\/password$/, { by: 'email', identifier, password });
  return { person, page: await person.follow(answer) };
};
const enters = async (identifier: string, password = PASSWORD) =>
  (await enter(identifier, '/cabinet', password)).page.url.pathname === '/cabinet';
const press = async (person: Visitor, page: Page, action: RegExp, fields?: Record<string, string>) =>
  person.follow(await person.submit(page, action, fields));
const accountOf = async (email: string) => {
  const [row] = await open.house.stores.database.query<{ account_id: string }>(
    `select account_id from identifier where kind = 'email' and value = $1`,
    [email],
  );
  return row?.account_id ?? '';
};

/** Up to the link to the new address; the letter with it is not looked for. */
const askChange = async (from: string, to: string, password = PASSWORD) => {
  const { person, page } = await enter(from, '/cabinet/email', password);
  const coded = await press(person, page, /\/cabinet\/email$/, { email: to, password });
  const code = codeIn(await mail.take(from, /Код для смены адреса/));
  const proved = await press(person, coded, /\/email\/code$/, { code });
  return { person, proved };
};

describe('another address', () => {
  it('takes password, code and link, and nothing changes before the last', async () => {
    const [from, to] = ['ivanova@example.test', 'maria.new@example.test'];
    const { person, page } = await enter(from, '/cabinet/email');
    for (const [email, password, sentence] of [
      ['', PASSWORD, 'Введите адрес E-mail'],
      ['maria', PASSWORD, 'Введите адрес полностью'],
      [' IVANOVA@example.test', PASSWORD, 'Ваш нынешний адрес'],
      [to, '', 'Введите пароль'],
      [to, 'не тот', 'Текущий пароль введён неверно'],
    ] as const) {
      const again = await person.submit(page, /\/cabinet\/email$/, { email, password });
      expect(again.status).toBe(422);
      expect(again.body).toContain(sentence);
      expect(again.body).not.toContain(PASSWORD);
    }
    const coded = await press(person, page, /\/cabinet\/email$/, { email: to, password: PASSWORD });
    expect(coded.body).toContain(to);
    const wrong = await person.submit(coded, /\/email\/code$/, { code: '000000' });
    expect(wrong.status).toBe(422);
    const code = codeIn(await mail.take(from, /Код для смены адреса/));
    const proved = await press(person, coded, /\/email\/code$/, {
      code: `${code.slice(0, 3)} ${code.slice(3)}`,
    });
    expect(proved.body).toContain('Перейдите по ссылке');
    expect(await enters(from)).toBe(true);

    const link = linkIn(await mail.take(to, /./), '/email/confirm/');
    expect(new URL(link).origin).toBe(open.issuer);
    for (const method of ['GET', 'HEAD', 'GET']) {
      expect((await visitor().request(link, { method })).status).toBe(200);
    }
    expect(await enters(from)).toBe(true);
    const elsewhere = visitor();
    const asked = await elsewhere.open(link);
    const both = await Promise.all([1, 2, 3, 4, 5].map(() => elsewhere.submit(asked, /\/email\/confirm\//)));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 410, 410, 410, 410]);
    expect(await enters(from)).toBe(false);
    expect(await enters(to)).toBe(true);
    expect((await visitor().open(link)).status).toBe(410);

    const undo = linkIn(await mail.take(from, /Адрес электронной почты изменён/), '/email/undo/');
    const owner = visitor();
    const offered = await owner.open(undo);
    expect(offered.body).toContain(from);
    const restored = await press(owner, offered, /\/email\/undo\//);
    expect(restored.html.querySelector('h1')?.text).toBe('Вход');
    expect(restored.body).toContain('Прежний адрес возвращён');
    expect((await person.request(`${open.issuer}/cabinet`)).status).toBe(303);
    expect(await enters(to)).toBe(false);
    // Somebody else knows the password; a link to a new one has come to the address that is hers again.
    expect(await enters(from)).toBe(false);
    const fresh = 'берёза над тихой водой';
    const reset = await owner.open(linkIn(await mail.take(from, /Восстановление/), '/recovery/'));
    await owner.submit(reset, /^\/recovery\//, { fresh, repeated: fresh });
    expect(await enters(from, fresh)).toBe(true);
  });

  it('that is somebody’s shows the same pages, and its owner is told', async () => {
    const unknown = await askChange('sofia@example.test', 'nobody.at.all@example.test');
    await press(unknown.person, unknown.proved, /\/email\/cancel$/);
    const known = await askChange('sofia@example.test', 'long@example.test');
    const masked = ({ body }: Page, address: string) =>
      body.replaceAll(address, 'ADDRESS').replace(/name="csrf" value="[^"]*"/g, '');
    expect(masked(known.proved, 'long@example.test')).toBe(
      masked(unknown.proved, 'nobody.at.all@example.test'),
    );
    await mail.take('long@example.test', /./);
    expect((await mail.all('long@example.test')).some(({ text }) => text.includes('/email/confirm/'))).toBe(
      false,
    );
    await press(known.person, known.proved, /\/email\/cancel$/);
    expect(await enters('sofia@example.test')).toBe(true);
  });

  it('cancelled, its link is worth nothing; a code guessed at five times neither', async () => {
    const { person, proved } = await askChange('long@example.test', 'long.new@example.test');
    const link = linkIn(await mail.take('long.new@example.test', /./), '/email/confirm/');
    const begun = await press(person, proved, /\/email\/cancel$/);
    expect((await visitor().open(link)).status).toBe(410);
    const coded = await press(person, begun, /\/cabinet\/email$/, {
      email: 'long.new@example.test',
      password: PASSWORD,
    });
    const code = codeIn(await mail.take('long@example.test', /Код для смены адреса/));
    const other = code === '111111' ? '222222' : '111111';
    for (let guess = 0; guess < 5; guess += 1) await person.submit(coded, /\/email\/code$/, { code: other });
    const late = await person.submit(coded, /\/email\/code$/, { code });
    expect(late.status).toBe(422);
    expect(late.body).toContain('Этот код больше не действует');
    const again = await press(person, late, /\/email\/again$/);
    const next = codeIn(await mail.take('long@example.test', /Код для смены адреса/));
    const right = await press(person, again, /\/email\/code$/, { code: next });
    expect(right.body).toContain('Перейдите по ссылке');
    await press(person, right, /\/email\/cancel$/);
  });
});

describe('the data held', () => {
  it('is named category by category, and leaves as a file for whoever knows the password', async () => {
    const { person, page } = await enter('sofia@example.test', '/cabinet/data');
    expect(page.html.querySelectorAll('main h2').length).toBeGreaterThanOrEqual(12);
    expect((await person.submit(page, /\/data\/file$/, { password: 'не тот' })).status).toBe(422);
    const file = await person.submit(page, /\/data\/file$/, { password: PASSWORD });
    expect(file.status).toBe(200);
    expect(file.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(file.headers.get('content-disposition')).toMatch(/^attachment;/);
    expect(file.headers.get('x-content-type-options')).toBe('nosniff');
    expect(file.headers.get('cache-control')).toBe('no-store');
    const data = JSON.parse(file.body) as Record<string, Record<string, unknown>[]>;
    expect(data.identifiers?.map(({ value }) => value)).toContain('sofia@example.test');
    expect(data.sessions?.length).toBeGreaterThan(0);
    expect(data.audit?.map(({ event }) => event)).toContain('email_change_begun');
    expect(file.body).not.toContain('$argon2');
    expect(file.body).not.toContain('long@example.test');
    const audited = await open.house.stores.database.query(
      `select from audit where event = 'data_exported' and account_id = $1`,
      [await accountOf('sofia@example.test')],
    );
    expect(audited).toHaveLength(1);
  });
});

describe('the end of an account', () => {
  const askDeletion = async (email: string) => {
    const { person, page } = await enter(email, '/cabinet/delete');
    expect((await person.submit(page, /\/cabinet\/delete$/, { password: 'не тот' })).status).toBe(422);
    const coded = await press(person, page, /\/cabinet\/delete$/, { password: PASSWORD });
    expect((await person.submit(coded, /\/delete\/code$/, { code: '' })).status).toBe(422);
    const code = codeIn(await mail.take(email, /Код для удаления/));
    const asked = await press(person, coded, /\/delete\/code$/, { code });
    return { person, asked };
  };
  const carryOut = async (id: string) => {
    const { database, jobs } = open.house.stores;
    await database.query(`update account_deletion set due_at = now() where account_id = $1`, [id]);
    await jobs.add('deletions', {});
    await expect
      .poll(
        async () =>
          (
            await database.query(
              `select from account_deletion where account_id = $1 and erased_at is not null`,
              [id],
            )
          ).length,
        { timeout: 15_000 },
      )
      .toBe(1);
  };

  it('is called off while its days last, and everything stays', async () => {
    const email = 'sofia@example.test';
    const { person, asked } = await askDeletion(email);
    expect(asked.body).toContain('Отменить удаление');
    await mail.take(email, /Запрос на удаление/);
    const home = await person.open(`${open.issuer}/cabinet`);
    expect(home.body).toContain('Отменить удаление');
    await open.house.stores.jobs.add('deletions', {});
    expect(await enters(email)).toBe(true);
    const kept = await press(person, home, /\/delete\/cancel$/);
    expect(kept.body).not.toContain('Отменить удаление');
    await mail.take(email, /отмен/i);
    expect(await enters(email)).toBe(true);
  });

  it('leaves nobody in, nothing personal, and a record of what was destroyed', async () => {
    const email = 'sofia@example.test';
    const id = await accountOf(email);
    const { database } = open.house.stores;
    const acme = await thirdParty(open);
    const portal = visitor();
    const { started, page } = await toSignIn(portal, acme, {
      scope: 'openid email offline_access',
      prompt: 'consent',
    });
    const consent = await fillIn(portal, acme, page, { identifier: email });
    const arrived = await portal.follow(await portal.submit(consent, /\/consent$/), acme.isCallback);
    const tokens = await acme.finish(arrived.url, started);

    const { person } = await askDeletion(email);
    await mail.take(email, /Запрос на удаление/);
    await carryOut(id);
    await mail.take(email, /Личный кабинет удалён/);

    expect((await person.request(`${open.issuer}/cabinet`)).status).toBe(303);
    expect(await enters(email)).toBe(false);
    await expect(
      fetchUserInfo(acme.config, tokens.access_token, tokens.claims()?.sub ?? ''),
    ).rejects.toThrow();
    await expect(refreshTokenGrant(acme.config, tokens.refresh_token ?? '')).rejects.toThrow();

    const [account] = await database.query('select * from account where id = $1', [id]);
    expect(account).toMatchObject({
      status: 'closed',
      family_name: null,
      given_name: null,
      middle_name: null,
      phone: null,
      member_id: null,
    });
    for (const table of ['identifier', 'password', 'account_session', 'account_grant', 'client_consent']) {
      const [{ count } = { count: -1 }] = await database.query<{ count: number }>(
        `select count(*)::int as count from ${table} where account_id = $1`,
        [id],
      );
      expect(count, table).toBe(0);
    }
    const destroyed = await database.query<{ reason: string; detail: Record<string, number> }>(
      `select reason, detail from audit where event = 'data_destroyed' and account_id = $1`,
      [id],
    );
    expect(destroyed).toHaveLength(1);
    expect(destroyed[0]?.reason).toBe('demand_of_the_person');
    expect(destroyed[0]?.detail).toMatchObject({ account: 1 });
    // The address opens no other account for a while, and names nobody in the table that says so.
    const rows = await database.query<{ row: string }>('select q::text as row from quarantined_identifier q');
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.some(({ row }) => row.includes('sofia'))).toBe(false);
  });
});
