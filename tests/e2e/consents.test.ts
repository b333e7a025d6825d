import { randomBytes } from 'node:crypto';
import { fetchUserInfo, refreshTokenGrant, tokenIntrospection } from 'openid-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Catcher } from '../../sandbox/catchers/catcher.ts';
import { startRecipient } from '../../sandbox/catchers/recipient.ts';
import { type OpenHouse, openHouse, PASSWORD } from '../support/house.ts';
import { codeIn, type Mail, openMail } from '../support/mail.ts';
import { dictation, profcards } from '../support/portals.ts';
import type { RelyingParty } from '../support/relying-party.ts';
import { testStores } from '../support/stores.ts';
import { type Page, type Visitor, visitor } from '../support/visitor.ts';
import { signIn } from '../support/walks.ts';

let open: OpenHouse;
let mail: Mail;
let recipient: Catcher;
let bonus: RelyingParty;
let quiz: RelyingParty;
beforeAll(async () => {
  mail = await openMail();
  const token = randomBytes(16).toString('hex');
  recipient = await startRecipient(0, token);
  open = await openHouse({
    ...(await testStores()),
    SMTP_URL: mail.smtpUrl,
    // One person signs twice within a minute here.
    THROTTLE: 'off',
    RECIPIENT_FINFORT_URL: recipient.url,
    RECIPIENT_FINFORT_TOKEN: token,
  });
  bonus = await profcards(open);
  quiz = await dictation(open);
});
afterAll(async () => {
  await open.close();
  await recipient.close();
  await mail.close();
});

async function enter(identifier: string, person: Visitor, room = '/cabinet/documents'): Promise<Page> {
  const page = await person.open(`${open.issuer}${room}`);
  const answer = await person.submit(page, /\/password$/, { by: 'email', identifier, password: PASSWORD });
  return person.follow(answer);
}

const ALL_TICKS = { email: 'yes', sms: 'yes', push: 'yes', union: 'yes', organisations: 'yes' };

/** From «Мои документы» through text and code; ends in the list again. */
async function sign(person: Visitor, email: string, type: string, ticks: Record<string, string> = {}) {
  const choice = await person.open(`${open.issuer}/cabinet/consents/${type}`);
  const text = await person.follow(await person.submit(choice, new RegExp(`/consents/${type}$`), ticks));
  const asked = await person.submit(text, new RegExp(`/consents/${type}/[^/]+$`), { terms: 'yes' });
  const code = await person.follow(asked);
  expect(code.body).toContain('Код подтверждения был направлен Вам на адрес электронной почты.');
  const letter = await mail.take(email, /Код подтверждения/);
  return person.follow(await person.submit(code, /\/code$/, { code: codeIn(letter) }));
}

async function withdraw(person: Visitor, title: RegExp): Promise<Page> {
  const list = await person.open(`${open.issuer}/cabinet/documents`);
  const link = list.html
    .querySelectorAll('a[href$="/withdraw"]')
    .find((each) => title.test(each.getAttribute('aria-label') ?? ''));
  const page = await person.open(new URL(link?.getAttribute('href') ?? '', open.issuer));
  return person.follow(await person.submit(page, /\/withdraw$/));
}

type Event = { id: string; type: string; subject: string; at: string; document_version: string | null };
const told = async (): Promise<Event[]> => (await fetch(recipient.url)).json() as Promise<Event[]>;
const accountOf = async (email: string): Promise<string> => {
  const [row] = await open.house.stores.database.query<{ account_id: string }>(
    "select account_id from identifier where kind = 'email' and value = $1",
    [email],
  );
  return row?.account_id ?? '';
};
const userInfo = async (person: Visitor, email: string) => {
  const { tokens } = await signIn(person, bonus, { identifier: email });
  return {
    tokens,
    info: await fetchUserInfo(bonus.config, tokens.access_token, tokens.claims()?.sub ?? ''),
  };
};

describe('SYS-10: the consent to ООО «ФИНФОРТ»', () => {
  const email = 'sofia@example.test';

  it('lets ticket and e-mail out while it is in force, and tells the recipient of both moments', async () => {
    const before = await userInfo(visitor(), email);
    expect(before.info).toMatchObject({ family_name: 'Римская-Корсакова', membership: 'member' });
    expect(before.info).not.toHaveProperty('ticket_number');
    expect(before.info).not.toHaveProperty('email');
    expect(await told()).toEqual([]);

    const person = visitor();
    await enter(email, person);
    const list = await sign(person, email, 'finfort_pd');
    expect(list.body).toContain('Согласие на передачу персональных данных ООО «ФИНФОРТ»');
    expect(list.body).toContain('Действует');

    const during = await userInfo(visitor(), email);
    expect(during.info).toMatchObject({ ticket_number: '9900000000000037', email, email_verified: true });
    const introspected = await tokenIntrospection(bonus.config, during.tokens.access_token);
    expect(introspected.active).toBe(true);
    expect(introspected).not.toHaveProperty('email');
    await vi.waitFor(async () => expect(await told()).toHaveLength(1), { timeout: 10_000 });
    const [granted] = await told();
    expect(granted).toMatchObject({
      type: 'granted',
      subject: during.tokens.claims()?.sub,
      document_version: '1',
    });
    expect(JSON.stringify(granted)).not.toMatch(/sofia|Корсакова|9900/);

    await withdraw(person, /ФИНФОРТ/);
    // Claims end with the commit, tokens within a moment.
    await expect(
      fetchUserInfo(bonus.config, during.tokens.access_token, during.info.sub).then(
        (info) => info.ticket_number ?? info.email,
        () => undefined,
      ),
    ).resolves.toBeUndefined();
    await vi.waitFor(
      () =>
        expect(fetchUserInfo(bonus.config, during.tokens.access_token, during.info.sub)).rejects.toThrow(),
      { timeout: 10_000 },
    );
    await expect(refreshTokenGrant(bonus.config, during.tokens.refresh_token ?? '')).rejects.toThrow();
    const after = await userInfo(visitor(), email);
    expect(after.info).not.toHaveProperty('ticket_number');
    expect(after.info).not.toHaveProperty('email');
    await vi.waitFor(async () => expect(await told()).toHaveLength(2), { timeout: 10_000 });
    expect((await told())[1]).toMatchObject({ type: 'withdrawn', subject: granted?.subject });
    expect((await mail.take(email, /Согласие отозвано/)).text).toContain('ФИНФОРТ');
  });

  it('stays in the list with both dates', async () => {
    const page = await enter(email, visitor());
    expect(page.body).toContain('Отозвано');
    const facts = page.html.querySelectorAll('dt').map(({ text }) => text);
    expect(facts).toEqual(expect.arrayContaining(['Подписано', 'Отозвано']));
  });

  it('on paper says so, who and when, and the member sees it', async () => {
    const { database } = open.house.stores;
    const accountId = await accountOf('timur@example.test');
    const tick = (given: boolean, at: string) =>
      database.transaction((tx) =>
        open.house.documents.recordPaper(
          accountId,
          'finfort_pd',
          given,
          { at: new Date(at), by: 'Председатель ППО' },
          tx,
        ),
      );
    const known = (await told()).length;
    await tick(true, '2026-03-01T09:00:00Z');
    await tick(true, '2026-03-01T09:00:00Z');
    const person = visitor();
    const list = await enter('timur@example.test', person);
    expect(list.body).toContain('Бумажное, отметку поставил: Председатель ППО');
    await vi.waitFor(async () => expect(await told()).toHaveLength(known + 1), { timeout: 10_000 });
    expect((await told()).at(-1)).toMatchObject({ type: 'granted', document_version: null });
    await tick(false, '2026-04-01T09:00:00Z');
    await vi.waitFor(async () => expect(await told()).toHaveLength(known + 2), { timeout: 10_000 });
  });
});

describe('one document', () => {
  const email = 'fedorov@example.test';
  let owner: Visitor;
  let path: string;
  beforeAll(async () => {
    owner = visitor();
    await enter(email, owner);
    const list = await sign(owner, email, 'finfort_pd');
    const links = list.html.querySelectorAll('a[href^="/cabinet/documents/"]');
    path = links[0]?.getAttribute('href') ?? '';
  });

  it('shows the text and its protocol, and checks the hash', async () => {
    const page = await owner.open(`${open.issuer}${path}`);
    for (const piece of [
      'Протокол подписания',
      email,
      'Фёдоров-Ёлкин Артём Семёнович',
      'МСК',
      'UTC',
      'Firefox · Linux',
      '29.02.1988',
    ]) {
      expect(page.body).toContain(piece);
    }
    expect(page.headers.get('cache-control')).toBe('no-store');
    const checked = await owner.submit(page, /\/check$/);
    expect(checked.body).toContain('Хеши совпали');
  });

  it('comes as a file that names nobody', async () => {
    const pdf = await fetch(`${open.issuer}${path}.pdf`, {
      headers: { cookie: await owner.jar.getCookieString(open.issuer) },
    });
    expect(pdf.headers.get('content-type')).toBe('application/pdf');
    expect(pdf.headers.get('content-disposition')).toMatch(
      /^attachment; filename="finfort-pd-1-\d{4}-\d\d-\d\d\.pdf"$/,
    );
    expect(pdf.headers.get('cache-control')).toBe('no-store');
    expect(
      Buffer.from(await pdf.arrayBuffer())
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
  });

  it('does not exist for anybody else', async () => {
    const stranger = visitor();
    const own = await enter('kuznetsov@example.test', stranger);
    const csrf = own.html.querySelector('input[name=csrf]')?.getAttribute('value') ?? '';
    const post = (target: string) =>
      stranger.request(`${open.issuer}${target}`, {
        method: 'POST',
        headers: { origin: open.issuer },
        body: new URLSearchParams({ csrf }),
      });
    for (const target of [path, `${path}.pdf`, `${path}/withdraw`]) {
      expect((await stranger.request(`${open.issuer}${target}`)).status, target).toBe(404);
    }
    for (const target of [`${path}/withdraw`, `${path}/check`]) {
      expect((await post(target)).status, target).toBe(404);
    }
    expect((await owner.open(`${open.issuer}${path}`)).body).toContain('Действует');
  });

  it('is withdrawn once, however often the button is pressed', async () => {
    const before = (await told()).length;
    const page = await owner.open(`${open.issuer}${path}/withdraw`);
    const answers = await Promise.all(Array.from({ length: 20 }, () => owner.submit(page, /\/withdraw$/)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303]));
    const { database } = open.house.stores;
    const rows = await database.query(
      "select 1 from audit where event = 'document_withdrawn' and account_id = $1",
      [await accountOf(email)],
    );
    expect(rows).toHaveLength(1);
    await vi.waitFor(async () => expect((await told()).length).toBeGreaterThan(before), { timeout: 10_000 });
    const subjects = (await told()).map(({ subject, type }) => `${subject} ${type}`);
    expect(new Set(subjects.slice(before)).size).toBe(subjects.length - before);
  });
});

describe('the consent to the union', () => {
  const email = 'long@example.test';

  it('ends online services and nothing else: portals closed, cabinet open, given again in it', async () => {
    const person = visitor();
    await enter(email, person);
    await sign(person, email, 'union_pd');
    const { tokens } = await signIn(visitor(), quiz, { identifier: email });
    await withdraw(person, /обработку персональных данных/);

    await vi.waitFor(
      () =>
        expect(fetchUserInfo(quiz.config, tokens.access_token, tokens.claims()?.sub ?? '')).rejects.toThrow(),
      { timeout: 10_000 },
    );
    const refused = await person.open((await quiz.start()).url);
    expect(refused.body).toContain('Вы отозвали согласие на обработку персональных данных');
    const home = await person.open(`${open.issuer}/cabinet`);
    expect(home.body).toContain('ВЫ ЯВЛЯЕТЕСЬ ЧЛЕНОМ');
    const [organisation] = await open.house.stores.database.query<{ email: string | null }>(
      "select o.email from organisation o join member m on m.organisation_id = o.id where m.id = 'M-31'",
    );
    if (organisation?.email) {
      const letter = await mail.take(organisation.email, /отозвал согласие/);
      expect(letter.text).toContain('M-31');
      expect(letter.text).not.toContain('Константинопольская');
    }

    await sign(person, email, 'union_pd');
    const back = await person.open((await quiz.start()).url).catch(() => undefined);
    expect(back?.body ?? '').not.toContain('Вы отозвали согласие');
  });
});

describe('SYS-17: messages', () => {
  const email = 'anna@example.test';

  it('are agreed to by ticks that nobody sets but the person', async () => {
    const person = visitor();
    await enter(email, person);
    const choice = await person.open(`${open.issuer}/cabinet/consents/union_messages`);
    expect(choice.html.querySelectorAll('input[type=checkbox][checked]')).toHaveLength(0);
    const refused = await person.submit(choice, /union_messages$/);
    expect(refused.status).toBe(422);
    expect(refused.body).toContain('Отметьте хотя бы один способ');
    const half = await person.submit(choice, /union_messages$/, { sms: 'yes' });
    expect(half.html.querySelector('#sms')?.hasAttribute('checked')).toBe(true);
    const list = await sign(person, email, 'union_messages', ALL_TICKS);
    expect(list.body).toContain('PUSH-уведомления');
  });
});
