/** SYS-17: news go to whoever has agreed, by the ways they have agreed to, once; and one click ends them. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Catcher } from '../../sandbox/catchers/catcher.ts';
import { startMessageCatcher } from '../../sandbox/catchers/messages.ts';
import { type OpenHouse, openHouse } from '../support/house.ts';
import { type Mail, openMail } from '../support/mail.ts';
import { testStores } from '../support/stores.ts';
import { visitor } from '../support/visitor.ts';
import { configured, type Outcome, unionId } from './cli/union-id.ts';

const PATIENCE = { timeout: 15_000 };

let open: OpenHouse;
let mail: Mail;
let messages: Catcher;
let folder: string;
let databaseUrl: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'union-id-news-'));
  mail = await openMail();
  const token = randomBytes(16).toString('hex');
  messages = await startMessageCatcher(0, token);
  const stores = await testStores();
  databaseUrl = stores.DATABASE_URL;
  open = await openHouse({
    ...stores,
    SMTP_URL: mail.smtpUrl,
    MESSENGER_URL: messages.url,
    MESSENGER_TOKEN: token,
  });
  // On paper, as it is for most: all ways, from everybody.
  for (const email of ['anna@example.test', 'alla@example.test', 'petrov1@example.test']) await agree(email);
});
afterAll(async () => {
  await open.close();
  await messages.close();
  await mail.close();
  await rm(folder, { recursive: true });
});

async function accountOf(email: string): Promise<string> {
  const [row] = await open.house.stores.database.query<{ account_id: string }>(
    "select account_id from identifier where kind = 'email' and value = $1",
    [email],
  );
  return row?.account_id ?? '';
}

async function agree(email: string): Promise<void> {
  const accountId = await accountOf(email);
  const paper = { at: new Date('2026-03-01T09:00:00Z'), by: 'Председатель ППО' };
  await open.house.stores.database.transaction((tx) =>
    open.house.documents.recordPaper(accountId, 'union_messages', true, paper, tx),
  );
}

async function send(text: string, ...options: string[]): Promise<Outcome> {
  const file = join(folder, 'news.txt');
  await writeFile(file, text);
  return unionId(
    configured({ DATABASE_URL: databaseUrl }),
    ...['news', 'send', '--subject', 'Новости Профсоюза', '--text', file, ...options],
  );
}

/** Now, rather than at the full minute. */
const goOn = () => open.house.stores.jobs.add('news', {});
const newsTo = async (address: string) =>
  (await mail.all(address)).filter(({ subject }) => subject === 'Новости Профсоюза');
type Message = { channel: string; to: string; text: string };
const caught = async (): Promise<Message[]> =>
  (await fetch(messages.url)).json() as unknown as Promise<Message[]>;

describe('by e-mail', () => {
  it('go to those with the tick, once, however often the command is run', async () => {
    const dry = await send('Первый абзац.\n\nВторой абзац.', '--dry-run');
    expect(dry).toMatchObject({ code: 0 });
    expect(dry.out).toContain('agreed 3, already on the list 0, new 3');
    expect((await send('Первый абзац.\n\nВторой абзац.')).out).toContain('3 people put on the list');
    expect((await send('Первый абзац.\n\nВторой абзац.')).out).toContain('0 people put on the list, 3 were');
    await Promise.all([goOn(), goOn()]);
    for (const address of ['anna@example.test', 'alla@example.test', 'petrov1@example.test']) {
      await vi.waitFor(async () => expect(await newsTo(address)).toHaveLength(1), PATIENCE);
    }
    expect(await newsTo('ivanova@example.test')).toEqual([]);
    const [letter] = await newsTo('anna@example.test');
    expect(letter?.text).toContain('Второй абзац.');
    expect(letter?.headers['list-unsubscribe-post']).toBe('List-Unsubscribe=One-Click');
  });

  it('end with one click and no sign-in; other ways stay, and twenty clicks are one', async () => {
    const [letter] = await newsTo('anna@example.test');
    const link = /<(.+)>/.exec(letter?.headers['list-unsubscribe'] ?? '')?.[1] ?? '';
    expect(link).toMatch(new RegExp(`^${open.issuer}/unsubscribe/[\\w-]{43}$`));
    const { database } = open.house.stores;
    const channelsOf = async () =>
      database.query<{ channel: string; closed_by: string | null }>(
        'select channel, closed_by from message_channel where account_id = $1 order by channel',
        [await accountOf('anna@example.test')],
      );

    for (let fetched = 0; fetched < 3; fetched += 1) {
      const page = await visitor().open(link);
      expect(page.status).toBe(200);
      expect(page.body).not.toMatch(/anna|Сидорова/);
      await visitor().request(link, { method: 'HEAD' });
    }
    expect((await channelsOf()).every(({ closed_by }) => closed_by === null)).toBe(true);

    const oneClick = () =>
      fetch(link, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) });
    const answers = await Promise.all(Array.from({ length: 20 }, oneClick));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await channelsOf()).toEqual([
      { channel: 'email', closed_by: 'link' },
      { channel: 'push', closed_by: null },
      { channel: 'sms', closed_by: null },
    ]);
    expect(await database.query("select 1 from audit where event = 'unsubscribe'")).toHaveLength(1);

    const stranger = `${open.issuer}/unsubscribe/${randomBytes(32).toString('base64url')}`;
    const [known, unknown] = await Promise.all([visitor().open(link), visitor().open(stranger)]);
    const alike = (body: string) => body.replaceAll(/[\w-]{43}/g, '');
    expect(alike(unknown.body)).toBe(alike(known.body));
    expect((await visitor().open(`${open.issuer}/unsubscribe/short`)).status).toBe(404);

    await send('Ещё новости.');
    await goOn();
    await vi.waitFor(async () => expect(await newsTo('alla@example.test')).toHaveLength(2), PATIENCE);
    expect(await newsTo('anna@example.test')).toHaveLength(1);
  });

  it('do not go to somebody who has closed the channel since she was put on the list', async () => {
    await send('Последние новости.');
    const [letter] = await newsTo('petrov1@example.test');
    const link = /<(.+)>/.exec(letter?.headers['list-unsubscribe'] ?? '')?.[1] ?? '';
    const person = visitor();
    const done = await person.submit(await person.open(link), /\/unsubscribe\//);
    expect(done.body).toContain('Вы отписались');
    await goOn();
    await vi.waitFor(async () => expect(await newsTo('alla@example.test')).toHaveLength(3), PATIENCE);
    expect((await newsTo('petrov1@example.test')).map(({ text }) => text).join()).not.toContain('Последние');
    expect(open.logged()).toContain('"reason":"channel_closed"');
  });
});

describe('by SMS and PUSH', () => {
  it('go to Russian mobiles alone, and the log says why not, without the number', async () => {
    const { database } = open.house.stores;
    const set = async (email: string, phone: string | null) =>
      database.query('update account set phone = $2 where id = $1', [await accountOf(email), phone]);
    await set('anna@example.test', '+79000000086');
    await set('alla@example.test', '+375290000001');
    await set('petrov1@example.test', null);
    for (const channel of ['sms', 'push'] as const) {
      expect((await send('Коротко.', '--channel', channel)).code).toBe(0);
      await goOn();
      await vi.waitFor(
        async () =>
          expect((await caught()).filter((each) => each.channel === channel)).toMatchObject([
            { to: '+79000000086', text: 'Коротко.' },
          ]),
        PATIENCE,
      );
    }
    const skipped = await database.query<{ reason: string }>(
      "select distinct d.reason from news_delivery d join news_issue i on i.id = d.issue_id where i.channel = 'sms' and d.state = 'skipped' order by 1",
    );
    expect(skipped.map(({ reason }) => reason)).toEqual(['no_phone', 'not_russian_mobile']);
    const log = open.logged();
    expect(log).toContain('"reason":"not_russian_mobile"');
    expect(log).toContain(await accountOf('alla@example.test'));
    expect(log).not.toContain('375290000001');
  });

  it('arrive once although the operator was away for a while', async () => {
    await fetch(`${messages.webUrl}/refuse?seconds=3`, { method: 'POST' });
    await send('После перерыва.', '--channel', 'sms');
    await goOn();
    await vi.waitFor(
      async () => expect((await caught()).filter(({ text }) => text === 'После перерыва.')).toHaveLength(1),
      { timeout: 25_000 },
    );
  });
});

it('tells what is wrong with a command', async () => {
  const { code, err } = await send('', '--channel', 'pigeon', '--sender', 'nobody');
  expect(code).toBe(1);
  expect(err).toContain('--channel must be one of');
  expect(err).toContain('--sender must be');
  expect(err).toContain('The text must have');
  expect((await send('Текст', '--sender', 'organisation', '--organisation', 'no-such')).err).toContain(
    'There is no organisation',
  );
});
