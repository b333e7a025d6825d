/** Accounts that came through an upstream: without a password, without an address, and with everything else. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Federation, openFederation } from '../../support/esia/federation.ts';
import { PASSWORD } from '../../support/house.ts';
import { linkIn, type Mail, openMail } from '../../support/mail.ts';
import { type Page, type Visitor, visitor } from '../../support/visitor.ts';

let mail: Mail;
let scene: Federation;
beforeAll(async () => {
  mail = await openMail();
  scene = await openFederation({ environment: { SMTP_URL: mail.smtpUrl } });
});
afterAll(async () => {
  await scene.close();
  await mail.close();
});
// Everybody here is in one process: when its clock leaps, all of them are that much later.
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: Date.now() }));
afterEach(() => void vi.useRealTimers());

const ELEVEN_MINUTES_MS = 11 * 60_000;
const database = () => scene.open.house.stores.database;
const at = (path: string) => `${scene.open.issuer}${path}`;
const isAway = (url: URL) => url.origin !== new URL(scene.open.issuer).origin;
const textOf = ({ html }: Page) => html.querySelector('main')?.text.replaceAll(/\s+/g, ' ') ?? '';
const press = async (person: Visitor, page: Page, action: RegExp, fields: Record<string, string> = {}) =>
  person.follow(await person.submit(page, action, fields));
const accountOf = async (email: string) => {
  const [row] = await database().query<{ account_id: string }>(
    `select account_id from identifier where kind = 'email' and value = $1`,
    [email],
  );
  return row?.account_id ?? '';
};

/** What an account made through an upstream that vouches for no address looks like; its id. */
const strip = async (email: string): Promise<string> => {
  const id = await accountOf(email);
  await database().query('delete from password where account_id = $1', [id]);
  await database().query(`delete from identifier where account_id = $1 and kind = 'email'`, [id]);
  return id;
};
const enter = async (upstream: 'esia' | 'rsaa', login: string, room = '/cabinet') => {
  const person = visitor();
  const signIn = await person.open(at(room));
  const link = signIn.html.querySelector(`a[data-upstream="${upstream}"]`)?.getAttribute('href') ?? '';
  const left = await person.follow(await person.request(new URL(link, signIn.url)), isAway);
  return { person, page: await person.open(await scene.signInAt(upstream, left.url, login)) };
};

describe('an account without password and address', () => {
  const login = 'zaitsev@example.test';
  const address = 'nikita@example.test';

  it('gets an address by a link, once it is shown who asks', async () => {
    await strip(login);
    const { person, page } = await enter('esia', login);
    expect(page.url.pathname).toBe('/cabinet');
    expect(textOf(page)).toContain('Добавьте E-mail');

    vi.setSystemTime(Date.now() + ELEVEN_MINUTES_MS);
    const late = await person.open(at('/cabinet/email'));
    expect(late.html.querySelector('main form')).toBeNull();
    const proof = late.html.querySelector('#prove')?.getAttribute('href') ?? '';
    const left = await person.follow(await person.request(at(proof)), isAway);
    expect(isAway(left.url)).toBe(true);
    const room = await person.open(await scene.signInAt('esia', left.url, login));
    expect(room.url.pathname).toBe('/cabinet/email');
    expect(room.html.querySelector('input[type=password]')).toBeNull();

    vi.setSystemTime(Date.now() + ELEVEN_MINUTES_MS);
    const over = await person.submit(room, /\/cabinet\/email$/, { email: address });
    expect(over.status).toBe(422);
    expect(textOf(over)).toContain('прошло больше 10 минут');
    expect(await accountOf(address)).toBe('');
  });

  it('of an address that is somebody’s nothing is said but to its owner', async () => {
    const { person, page } = await enter('esia', login, '/cabinet/email');
    const sent = await press(person, page, /\/cabinet\/email$/, { email: 'ivanova@example.test' });
    await mail.take('ivanova@example.test', /уже есть/);
    const free = await press(person, sent, /\/email\/cancel$/);
    const other = await press(person, free, /\/cabinet\/email$/, { email: address });
    const masked = (one: Page, typed: string) => textOf(one).replaceAll(typed, 'ADDRESS');
    expect(masked(other, address)).toBe(masked(sent, 'ivanova@example.test'));

    const link = linkIn(await mail.take(address, /Подтверждение нового адреса/), '/email/confirm/');
    const elsewhere = visitor();
    const asked = await elsewhere.open(link);
    const done = await Promise.all([1, 2, 3].map(() => elsewhere.submit(asked, /\/email\/confirm\//)));
    expect(done.map(({ status }) => status).sort()).toEqual([200, 410, 410]);
    expect(done.map(textOf).join()).toContain('Адрес добавлен');
    expect(textOf(await person.open(at('/cabinet')))).toContain(address);
  });

  it('a link that needed no code is worth nothing once there is an address', async () => {
    const id = await accountOf(address);
    await database().query(`delete from identifier where account_id = $1 and kind = 'email'`, [id]);
    const { person, page } = await enter('esia', login, '/cabinet/email');
    await press(person, page, /\/cabinet\/email$/, { email: 'second@example.test' });
    const link = linkIn(
      await mail.take('second@example.test', /Подтверждение нового адреса/),
      '/email/confirm/',
    );
    await database().query(
      `insert into identifier (kind, value, account_id, original, confirmed_at) values ('email', $1, $2, $1, now())`,
      [address, id],
    );
    const elsewhere = visitor();
    const tried = await elsewhere.submit(await elsewhere.open(link), /\/email\/confirm\//);
    expect(tried.status).toBe(410);
    expect(await accountOf('second@example.test')).toBe('');
    expect(await accountOf(address)).toBe(id);
  });

  it('sets a first password, which opens it from then on', async () => {
    const fresh = 'берёза над тихой водой';
    const { person, page } = await enter('esia', login, '/cabinet/password');
    expect(textOf(page)).toContain('Задать пароль');
    const differing = await person.submit(page, /\/password$/, { fresh, repeated: PASSWORD });
    expect(differing.status).toBe(422);
    const second = await person.open(at('/cabinet/password'));
    const done = await person.submit(page, /\/password$/, { fresh, repeated: fresh });
    expect(textOf(done)).toContain('Пароль задан');
    expect((await mail.take(address, /Добавлен способ входа/)).text).toContain('Пароль');
    // The page that was open beside it replaces nothing: there is a password now, and it is asked for.
    const again = await person.submit(second, /\/password$/, { fresh: PASSWORD, repeated: PASSWORD });
    expect(again.status).toBe(422);

    const byPassword = visitor();
    const signIn = await byPassword.open(at('/cabinet/ways'));
    const inside = await press(byPassword, signIn, /\/password$/, {
      ...{ by: 'email', identifier: address, password: fresh },
    });
    expect(inside.html.querySelector('a[href="/cabinet/ways/esia/remove"]')).not.toBeNull();
  });
});

describe('somebody who is no member', () => {
  it('is sent for an address before she joins, and comes back', async () => {
    await strip('fomina@example.test');
    const { person, page } = await enter('rsaa', 'fomina_rk', '/join/question');
    expect(page.url.pathname).toBe('/cabinet/email');
    const useless = await person.open(at('/cabinet/password'));
    expect(textOf(useless)).toContain('Сначала добавьте E‑mail');
    const consent = await person.open(at('/cabinet/consents/finfort_pd'));
    expect(['/cabinet/email', '/cabinet/documents']).toContain(consent.url.pathname);

    await press(person, page, /\/cabinet\/email$/, { email: 'raisa@example.test' });
    const link = linkIn(
      await mail.take('raisa@example.test', /Подтверждение нового адреса/),
      '/email/confirm/',
    );
    const done = await person.submit(await person.open(link), /\/email\/confirm\//);
    const on = done.html.querySelector('main a[href^="/join/"]')?.getAttribute('href') ?? '';
    const question = await person.open(at(on));
    expect(question.url.pathname).toBe('/join/question');
    expect(question.status).toBe(200);
  });
});

describe('the end of an account without an address', () => {
  const login = 'polyakova@example.test';

  it('takes a proof and its days; the data held name the link; she can begin anew, as somebody new', async () => {
    const id = await strip(login);
    const { person } = await enter('esia', login);
    const data = await person.open(at('/cabinet/data'));
    const file = await person.submit(data, /\/data\/file$/);
    const held = JSON.parse(file.body) as Record<string, Record<string, unknown>[]>;
    expect(held.links).toMatchObject([{ upstream: 'esia', told: { family: 'Полякова', confirmed: true } }]);
    expect(held.identifiers?.map(({ kind }) => kind)).toEqual(['ticket']);

    const room = await person.open(at('/cabinet/delete'));
    const waiting = await press(person, room, /\/cabinet\/delete$/);
    expect(textOf(waiting)).toContain('Кабинет будет удалён');
    await database().query('update account_deletion set due_at = now() where account_id = $1', [id]);
    await scene.open.house.stores.jobs.add('deletions', {});
    const erased = () =>
      database().query('select from account_deletion where account_id = $1 and erased_at is not null', [id]);
    await expect.poll(async () => (await erased()).length, { timeout: 15_000 }).toBe(1);
    const left = await database().query(
      `select account_id from linked_identity where account_id = $1
        union all select account_id from former_link where account_id = $1
        union all select account_id from identifier where account_id = $1`,
      [id],
    );
    expect(left).toEqual([]);

    const { person: anew, page: asked } = await enter('esia', login);
    const page = await press(anew, asked, /\/create$/);
    const fresh = /Номер личного кабинета\s*([\w-]+)/.exec(textOf(page))?.[1];
    expect(fresh).toBeDefined();
    expect(fresh).not.toBe(id);
    const [link] = await database().query<{ account_id: string }>(
      `select account_id from linked_identity where subject = '1000000124'`,
    );
    expect(link?.account_id).toBe(fresh);
  });
});
