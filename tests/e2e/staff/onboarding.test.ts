/** The onboarding of chairs (E-03…E-07, SYS-07): credentials, the first password, the undertaking, the АИС, the end. */
import { createHash } from 'node:crypto';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CREDENTIAL_LETTERS_PER_ADDRESS } from '../../../provider/onboarding/credential-limits.ts';
import { type OpenHouse, openHouse, PASSWORD } from '../../support/house.ts';
import { codeIn, type Mail, openMail } from '../../support/mail.ts';
import { type RelyingParty, relyingParty } from '../../support/relying-party.ts';
import { testStores } from '../../support/stores.ts';
import { type Page, type Visitor, visitor } from '../../support/visitor.ts';
import { type AtWorkplace, accountOf, enterWorkplace, postAs } from '../../support/workplace.ts';

const TERRITORIAL_CHAIR = 'polyakova@example.test';
const CHAIR = 'vasilyeva@example.test';
const CHAIR_WITHOUT_UNDERTAKING = 'ershov@example.test';
const OWN_PASSWORD = 'синий кит поёт в апреле';
const FIRST_CODE = /^ЛК ОПО\. Код для нового пароля\.$/;
const SIGNING_CODE = /Код подтверждения заявки/;
const ONE_TIME = /[2-9A-HJ-NP-Z]{4}(?:-[2-9A-HJ-NP-Z]{4}){3}/;
const PATIENCE = { timeout: 15_000, interval: 50 };

let mail: Mail;
let open: OpenHouse;
let above: AtWorkplace;
let ais: RelyingParty;
beforeAll(async () => {
  mail = await openMail();
  open = await openHouse({ ...(await testStores()), SMTP_URL: mail.smtpUrl });
  await open.house.clients.save(
    {
      ...{ client_id: 'ais-test', client_secret: 'ais-test-secret-of-32-characters-length' },
      ...{ redirect_uris: ['https://ais.test/cb'], first_party: true, subject_type: 'public' },
      ...{ scope: 'openid staff registry', minimum_acr: 'urn:opo:loa:2' },
      grant_types: ['authorization_code', 'refresh_token'],
    },
    'test',
  );
  ais = await relyingParty({
    ...{ issuer: open.issuer, clientId: 'ais-test', secret: 'ais-test-secret-of-32-characters-length' },
    ...{ redirectUri: 'https://ais.test/cb', scope: 'openid staff registry' },
  });
  above = await enterWorkplace(open, mail, TERRITORIAL_CHAIR);
}, 60_000);
afterAll(async () => {
  await open.close();
  await mail.close();
});

const text = (page: Page): string => page.html.querySelector('main')?.structuredText ?? '';
const at = (path: string) => above.person.open(`${open.issuer}${path}`);

/** Issues to one person; the page of the batch when the job has done its work. */
async function issue(organisation: string, email: string, way: 'sheet' | 'letter'): Promise<Page> {
  const page = await at(`/chair/${organisation}/officers`);
  const typed = { family: 'Новикова', given: 'Алла', middle: 'Юрьевна', email, role: 'chair', way };
  const begun = await above.person.follow(await above.person.submit(page, /\/officers$/, typed));
  return finished(begun);
}
async function finished(begun: Page): Promise<Page> {
  let page = begun;
  await expect
    .poll(async () => {
      page = await above.person.open(begun.url);
      return page.headers.get('refresh');
    }, PATIENCE)
    .toBeNull();
  return page;
}
async function sheetsOf(batch: Page): Promise<Page> {
  return above.person.follow(await above.person.submit(batch, /\/sheets$/));
}
/** A list, typed at the desk of the territory. */
async function check(
  list: string,
  { way = 'sheet', second = false }: { readonly way?: 'sheet' | 'letter'; readonly second?: boolean } = {},
): Promise<Page> {
  const page = await at('/chair/T-01/issue');
  const body = new FormData();
  body.set('csrf', page.html.querySelector('input[name=csrf]')?.getAttribute('value') ?? '');
  body.set('list', list);
  body.set('way', way);
  if (second) body.set('second', 'yes');
  body.set('file', new Blob([]), '');
  return above.person.request(page.url, {
    method: 'POST',
    headers: { origin: page.url.origin, 'sec-fetch-site': 'same-origin' },
    body,
  });
}
const passwordOn = (page: Page): string => {
  const found = ONE_TIME.exec(text(page))?.[0];
  if (!found) throw new Error(`no one-time password on ${text(page)}`);
  return found;
};

/** At «Вход» with a one-time password; where it leads. */
async function typeOneTime(person: Visitor, email: string, password: string, path = '/staff'): Promise<Page> {
  const door = await person.open(`${open.issuer}${path}`);
  return person.follow(
    await person.submit(door, /\/password$/, { by: 'email', identifier: email, password }),
  );
}

describe('credentials on a sheet', () => {
  const email = 'novikova@example.test';
  let password: string;

  it('are shown once', async () => {
    const batch = await issue('P-01', email, 'sheet');
    expect(text(batch)).toContain('Выдано 1 из 1');
    const sheet = await sheetsOf(batch);
    password = passwordOn(sheet);
    expect(text(sheet)).toContain('Новикова Алла Юрьевна');
    const again = await postAs(above.person, sheet, `${batch.url.pathname}/sheets`);
    expect(again.status).toBe(303);
    const [row] = await open.house.stores.database.query<{ rest: string }>(
      `select (to_jsonb(c) - 'expires_at')::text as rest from office_credential c where email_key = $1`,
      [email],
    );
    expect(row?.rest).toContain('"sealed": null');
    expect(row?.rest).not.toContain(password);
  });

  it('lead to «Придумайте пароль» and nowhere else, and on to where she was going', async () => {
    const person = visitor();
    const choose = await typeOneTime(person, email, password.toLowerCase().replaceAll('-', ' '));
    expect(choose.url.pathname).toMatch(/\/first-password$/);
    const short = { fresh: 'коротко 15 нет', repeated: 'коротко 15 нет' };
    const refused = await person.submit(choose, /\/first-password$/, short);
    expect(refused.status).toBe(422);
    expect(text(refused)).toContain('короче 15 знаков');

    const fields = { fresh: OWN_PASSWORD, repeated: OWN_PASSWORD };
    const asked = await person.follow(await person.submit(refused, /\/first-password$/, fields));
    expect(asked.url.pathname).toMatch(/\/first-password\/code$/);
    // Nobody has an account by a sheet alone.
    await expect(accountOf(open, email)).rejects.toThrow();
    expect((await person.submit(asked, /\/code$/, { code: '000000' })).status).toBe(422);
    const code = codeIn(await mail.take(email, FIRST_CODE));
    const inside = await person.follow(await person.submit(asked, /\/code$/, { code }));
    expect(inside.url.pathname).toBe('/staff');
    expect(text(inside)).toContain('обязательство о неразглашении');
  });

  it('are worth nothing afterwards', async () => {
    const again = await typeOneTime(visitor(), email, password);
    expect(again.url.pathname).toMatch(/\/password$/);
    expect(again.status).toBe(422);
  });

  it('open no account that there is: its person signs in as ever, and holds the office', async () => {
    const known = 'timur@example.test';
    const oneTime = passwordOn(await sheetsOf(await issue('P-02', known, 'sheet')));
    const person = visitor();
    const choose = await typeOneTime(person, known, oneTime);
    const fields = { fresh: OWN_PASSWORD, repeated: OWN_PASSWORD };
    const asked = await person.follow(await person.submit(choose, /\/first-password$/, fields));
    const code = codeIn(await mail.take(known, FIRST_CODE));
    const told = await person.submit(asked, /\/code$/, { code });
    expect(text(told)).toContain('У Вас уже есть учётная запись');
    expect((await typeOneTime(visitor(), known, OWN_PASSWORD)).status).toBe(422);

    const { page } = await enterWorkplace(open, mail, known);
    expect(page.url.pathname).toBe('/staff');
    expect(page.html.querySelector('a[href="/chair/P-02"]')).not.toBeNull();
  });
});

describe('credentials by letter', () => {
  const email = 'tretiak@example.test';

  it('die with the next ones, and say so', async () => {
    await issue('P-01', email, 'letter');
    const first = ONE_TIME.exec((await mail.take(email, /Доступ к рабочему месту/)).text)?.[0] ?? '';
    const page = await at('/chair/P-01/officers');
    await finished(await above.person.follow(await above.person.submit(page, /\/reissue$/)));
    const second = ONE_TIME.exec((await mail.take(email, /Доступ к рабочему месту/)).text)?.[0] ?? '';
    expect(text(await typeOneTime(visitor(), email, first))).toContain('одноразовый пароль отменён');

    await open.house.stores.database.query(
      `update office_credential set expires_at = now() where email_key = $1 and voided_at is null`,
      [email],
    );
    expect(text(await typeOneTime(visitor(), email, second))).toContain('Срок одноразового пароля истёк');
    expect(text(await at('/chair/P-01/officers'))).toContain('выдайте новый');
  });
});

describe('many letters to one address', () => {
  const email = 'mnogo@example.test';
  const key = createHash('sha256').update(email).digest('base64url');
  const limiter = () => open.house.stores.limiters('credentials-address', CREDENTIAL_LETTERS_PER_ADDRESS);
  const issuedTo = () =>
    open.house.stores.database.query(
      'select 1 from office_credential where email_key = $1 and issued_at is not null',
      [email],
    );

  it('are refused where they are asked for, what was typed stays, and a sheet is none', async () => {
    await issue('P-02', email, 'letter');
    await mail.take(email, /Доступ к рабочему месту/);
    while ((await limiter().take(key)).allowed);
    const page = await at('/chair/P-02/officers');
    const typed = { family: 'Многова', given: 'Яна', middle: '', email, role: 'chair', way: 'letter' };
    const refused = await above.person.submit(page, /\/officers$/, typed);
    expect(refused.status).toBe(422);
    expect(refused.html.querySelector('#email-problem')?.text).toMatch(
      /ушло 5 писем.* через \d+ минут.* печатный лист/,
    );
    expect(refused.html.querySelector('#family')?.getAttribute('value')).toBe('Многова');
    const again = await above.person.submit(page, /\/reissue$/);
    expect(again.status).toBe(422);
    expect(again.html.querySelector('[id^=waiting-] .wrong')?.text).toContain('ушло 5 писем');
    expect(await issuedTo()).toHaveLength(1);
    passwordOn(await sheetsOf(await issue('P-02', email, 'sheet')));
  });

  it('hold a list up, which names them and leaves when their hour is over', async () => {
    const other = 'odnazhdy@example.test';
    const lines = `Многова Яна; ${email}; P-01\nОднаждова Яна; ${other}; P-01`;
    const checked = await above.person.follow(await check(lines, { way: 'letter', second: true }));
    const held = await above.person.submit(checked, /\/start$/);
    expect(held.status).toBe(422);
    const told = held.html.querySelector('.summary');
    expect(told?.text).toContain('список сохранён');
    expect(told?.querySelectorAll('li').map((line) => line.text)).toEqual([email]);

    await limiter().reset(key);
    const begun = await above.person.follow(await above.person.submit(held, /\/start$/));
    expect(text(await finished(begun))).toContain('Выдано 2 из 2');
    for (const address of [email, other]) await mail.take(address, /Доступ к рабочему месту/);
  });
});

describe('a list', () => {
  it('is told every fault by its line, and nothing is issued', async () => {
    const refused = await check(
      [
        'Фамилия Имя Отчество; E-mail; Организация',
        'Орлова Мария; orlova.m@example.test; P-01',
        'Орлова; никуда; P-01',
        'Белкин Олег Ильич; belkin@example.test; P-99',
        'Орлова Мария; orlova.m@example.test; P-01',
      ].join('\n'),
      { second: true },
    );
    expect(refused.status).toBe(422);
    const told = refused.html.querySelectorAll('.summary li').map((line) => line.structuredText);
    expect(told.map((line) => /Строка (\d+)/.exec(line)?.[1])).toEqual(['3', '3', '4', '5']);
    expect(refused.html.querySelector('textarea')?.structuredText).toContain('belkin@example.test');
    const rows = await open.house.stores.database.query(
      `select 1 from office_credential where email_key = 'orlova.m@example.test'`,
    );
    expect(rows).toHaveLength(0);
  });

  it('of nobody says so', async () => {
    const refused = await check('  \n');
    expect(refused.html.querySelector('.summary')?.text).toContain('Впишите хотя бы одного председателя');
  });

  it('is looked at, issued, and printed one sheet a person', async () => {
    const list = 'Орлова Мария; orlova.m@example.test; P-01\nБелкин Олег Ильич; belkin@example.test; P-02';
    const held = await check(list);
    expect(held.status).toBe(422);
    expect(held.html.querySelector('.summary')?.text).toContain('уже есть председатель');
    expect(held.html.querySelector('#second')).not.toBeNull();
    const checked = await above.person.follow(await check(list, { second: true }));
    expect(text(checked)).toContain('Ошибок нет');
    const begun = await above.person.follow(await above.person.submit(checked, /\/start$/));
    const sheets = await sheetsOf(await finished(begun));
    expect(sheets.html.querySelectorAll('.sheet-password')).toHaveLength(2);
    expect(sheets.html.querySelector('.sheet')?.text).toContain(`${open.issuer}/guides/algorithm`);
  });

  it('does not reach beyond the territory', async () => {
    const foreign = await open.house.stores.database.query<{ id: string }>(
      `select id from organisation where kind = 'primary' and path not like '%T-01/%' limit 1`,
    );
    const refused = await check(`Орлова Мария; orlova.x@example.test; ${foreign[0]?.id ?? ''}`);
    expect(refused.status).toBe(422);
  });
});

describe('the checklist', () => {
  it('is ticked by the chair, and «не завершили» knows', async () => {
    expect(text(await at('/chair/T-01/chairs?unfinished=yes'))).toContain('СОШ № 15');
    const { person } = await enterWorkplace(open, mail, CHAIR);
    const home = await person.open(`${open.issuer}/chair/P-01`);
    // The register is ours: there is no client to install.
    expect(home.html.querySelector('.checklist input[name=client]')).toBeNull();
    const ticks = { video: 'yes', algorithm: 'yes', training: 'yes' };
    const kept = await person.follow(await person.submit(home, /\/checklist$/, ticks));
    expect(kept.html.querySelectorAll('.checklist input[checked]')).toHaveLength(3);
    await open.house.stores.database.query(
      `insert into passport (organisation_id, inpo_version, registration_version, organisation_version,
                             contacts_version, changed_by) values ('P-01', 1, 1, 1, 1, 'test')
       on conflict (organisation_id) do update
         set inpo_version = 1, registration_version = 1, organisation_version = 1, contacts_version = 1`,
    );
    expect(text(await at('/chair/T-01/chairs?unfinished=yes'))).not.toContain('СОШ № 15');
    expect(text(await at('/chair/T-01/chairs'))).toContain('СОШ № 15');
  });
});

describe('the АИС', () => {
  const authorize = async (person: Visitor) => {
    const started = await ais.start();
    const page = await person.follow(await person.request(started.url), ais.isCallback);
    return { started, page };
  };

  it('is told of no organisation before the undertaking, and of hers after it', async () => {
    const { person } = await enterWorkplace(open, mail, CHAIR_WITHOUT_UNDERTAKING);
    const { started, page } = await authorize(person);
    expect(text(page)).toContain('Сначала – обязательство о неразглашении');
    const link = page.html.querySelector('a.button')?.getAttribute('href') ?? '';
    const document = await person.open(new URL(link, open.issuer));
    expect(document.url.pathname).toBe('/chair/P-02/undertaking');
    const terms = document.html.querySelector('input[name=terms]') ? { terms: 'yes' } : {};
    const asked = await person.follow(await person.submit(document, /\/undertaking/, terms));
    const code = codeIn(await mail.take(CHAIR_WITHOUT_UNDERTAKING, SIGNING_CODE));
    const back = await person.follow(await person.submit(asked, /\/code/, { code }), ais.isCallback);
    expect(ais.isCallback(back.url)).toBe(true);
    const tokens = await ais.finish(back.url, started);
    const sub = tokens.claims()?.sub ?? '';
    const told = await client.fetchUserInfo(ais.config, tokens.access_token, sub);
    expect(told.registry_scope).toEqual([{ organisation: 'P-02', kind: 'primary', with_below: false }]);
    expect(told.name).toBe('Ершов Глеб Тарасович');
    const documents = await person.open(`${open.issuer}/cabinet/documents`);
    expect(text(documents)).toContain('Обязательство о неразглашении персональных данных');
  });

  it('is refused to whoever acts for nobody', async () => {
    const person = visitor();
    const door = await person.open((await ais.start()).url);
    const typed = { by: 'email', identifier: 'ivanova@example.test', password: PASSWORD };
    const asked = await person.follow(await person.submit(door, /\/password$/, typed));
    const sent = await person.follow(await person.submit(asked, /\/step-up\/send$/));
    const code = codeIn(await mail.take('ivanova@example.test', /подтверждения входа/));
    const page = await person.follow(await person.submit(sent, /\/step-up\/code$/, { code }), ais.isCallback);
    expect(text(page)).toContain('Этот сервис для председателей и ответственных');
  });

  it('loses whoever is called off, within the minute', async () => {
    const { person } = await enterWorkplace(open, mail, CHAIR);
    const { started, page } = await authorize(person);
    const tokens = await ais.finish(page.url, started);
    const sub = tokens.claims()?.sub ?? '';
    const officers = await at('/chair/P-01/officers');
    const id = (await officeOf(CHAIR)) ?? '';
    const ended = await above.person.follow(
      await above.person.submit(officers, new RegExp(`/officers/${id}/end$`)),
    );
    expect(text(ended)).toContain('Доступ отозван');

    expect((await person.open(`${open.issuer}/chair/P-01`)).status).toBe(404);
    await expect(client.fetchUserInfo(ais.config, tokens.access_token, sub)).rejects.toThrow();
    await expect(client.refreshTokenGrant(ais.config, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    // What the job clears away does not come back with the office.
    const { database } = open.house.stores;
    const cleared = `select 1 from pgboss.job where name = 'office-ended' and state = 'completed'`;
    await expect.poll(async () => (await database.query(cleared)).length, PATIENCE).toBe(1);
    await database.query('update office set revoked_at = null, revoked_by = null where id = $1', [id]);
    await expect(client.fetchUserInfo(ais.config, tokens.access_token, sub)).rejects.toThrow();
    await database.query(`update office set revoked_at = now(), revoked_by = 'test' where id = $1`, [id]);
    await mail.take(CHAIR, /Доступ к рабочему месту закрыт/);
    // Her own pages go on.
    expect((await person.open(`${open.issuer}/cabinet`)).status).toBe(200);
  });
});

describe('before her own undertaking', () => {
  const query = (sql: string, values: string[] = []) => open.house.stores.database.query(sql, values);
  const seen = () => query(`select 1 from audit where event = 'members_seen'`);

  it('the chair above sees how far the organisations are, and nobody’s name or address', async () => {
    await query(
      `update office set undertaken_at = null, undertaken_how = null, undertaken_by = null where account_id = $1`,
      [await accountOf(open, TERRITORIAL_CHAIR)],
    );
    const before = await seen();
    for (const path of ['/chair/T-01', '/chair/T-01/chairs', '/chair/P-02']) {
      const page = await at(path);
      expect(page.status, path).toBe(200);
      expect(text(page), path).not.toMatch(/Ершов|Новиков|example\.test|Имя не указано/);
      expect(page.html.querySelector('a[href$="/officers"]'), path).toBeNull();
    }
    const page = await at('/chair/T-01/chairs');
    expect(text(page)).toContain('СОШ № 15');
    expect(page.html.querySelectorAll('.tick-done').length).toBeGreaterThan(0);
    expect(page.html.querySelector('.notice a')?.getAttribute('href')).toBe('/chair/T-01/undertaking');
    expect(await seen()).toEqual(before);
    const officers = await above.person.request(`${open.issuer}/chair/P-02/officers`);
    expect([officers.status, officers.headers.get('location')]).toEqual([303, '/chair/T-01/undertaking']);
  });

  it('she issues what she has typed herself, and does not see what another has', async () => {
    const checked = await above.person.follow(
      await check('Ранняя Майя; rannyaya@example.test; P-02', { second: true }),
    );
    const begun = await above.person.follow(await above.person.submit(checked, /\/start$/));
    const sheets = await sheetsOf(await finished(begun));
    expect(text(sheets)).toContain('Ранняя Майя');
    passwordOn(sheets);

    await query(
      `with made as (insert into credential_batch (id, organisation_id, issued_by, way)
                     values ('of-another', 'T-01', 'another', 'letter') returning id)
       insert into office_credential (id, batch_id, place, organisation_id, role, email_key, email,
                                      family_name, given_name)
       select 'hidden', id, 0, 'P-02', 'chair', 'hidden@example.test', 'hidden@example.test', 'Скрытая', 'Нина' from made`,
    );
    const path = '/chair/T-01/issues/of-another';
    const answers = [
      await above.person.request(`${open.issuer}${path}`),
      await postAs(above.person, sheets, `${path}/start`),
      await postAs(above.person, sheets, `${path}/sheets`),
    ];
    for (const { status, headers } of answers) {
      expect([status, headers.get('location')]).toEqual([303, '/chair/T-01/undertaking']);
    }
    expect(await query(`select started_at from credential_batch where id = 'of-another'`)).toEqual([
      { started_at: null },
    ]);
  });

  it('everything opens with it', async () => {
    await query(
      `update office set undertaken_at = now(), undertaken_how = 'paper', undertaken_by = 'test' where account_id = $1`,
      [await accountOf(open, TERRITORIAL_CHAIR)],
    );
    expect(text(await at('/chair/T-01/chairs'))).toContain('Ершов Глеб Тарасович');
    expect(text(await at('/chair/T-01/issues/of-another'))).toContain('Скрытая Нина');
  });
});

async function officeOf(email: string): Promise<string | undefined> {
  const [row] = await open.house.stores.database.query<{ id: string }>(
    'select id from office where account_id = $1 and revoked_at is null',
    [await accountOf(open, email)],
  );
  return row?.id;
}
