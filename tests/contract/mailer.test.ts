/** Letters against a real SMTP server; security.md class 30 and c2 #80. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AddressRefused, DeliveryFailed } from '../../adapters/mailer/mailer.ts';
import { connectionOf, smtpMailer } from '../../adapters/mailer/smtp.ts';

type Taken = { readonly from: string; readonly to: readonly string[]; readonly raw: string };

const closers: (() => Promise<void> | void)[] = [];
const taken: Taken[] = [];
let mailer: ReturnType<typeof smtpMailer>;

beforeEach(async () => {
  taken.length = 0;
  mailer = mailerTo(await listen());
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function mailerTo(url: string): ReturnType<typeof smtpMailer> {
  const opened = smtpMailer({ url, from: 'confirmation@eseur.ru', host: 'id.example.test', connections: 4 });
  closers.push(() => opened.close());
  return opened;
}

async function listen(options: SMTPServerOptions = {}): Promise<string> {
  const server = new SMTPServer({
    logger: false,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    async onData(stream, { envelope }, done) {
      const raw = (await buffer(stream)).toString();
      const from = envelope.mailFrom ? envelope.mailFrom.address : '';
      taken.push({ from, to: envelope.rcptTo.map(({ address }) => address), raw });
      done();
    },
    ...options,
  });
  server.on('error', () => {});
  const listener = server.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  closers.push(() => new Promise<void>((resolve) => server.close(resolve)));
  return `smtp://127.0.0.1:${(listener.address() as AddressInfo).port}`;
}

const letter = {
  id: '6f8d2a4e-0000-4000-8000-000000000001',
  to: 'ivanova@example.test',
  subject: 'ЛК ОПО. Пароль изменён.',
  text: 'Здравствуйте, Мария!',
  html: '<p>Здравствуйте, Мария!</p>',
};
const headersOf = async ({ raw }: Taken) =>
  new Map((await PostalMime.parse(raw)).headers.map(({ key, value }) => [key, value]));

it('hands the letter over whole, with text and HTML', async () => {
  await mailer.send(letter);
  expect(taken).toHaveLength(1);
  const [caught] = taken as [Taken];
  expect([caught.from, caught.to]).toEqual(['confirmation@eseur.ru', ['ivanova@example.test']]);
  const read = await PostalMime.parse(caught.raw);
  expect(read.subject).toBe(letter.subject);
  expect(read.text?.trim()).toBe(letter.text);
  expect(read.html?.trim()).toBe(letter.html);
  expect(read.from?.address).toBe('confirmation@eseur.ru');
  expect(read.to?.map(({ address }) => address)).toEqual(['ivanova@example.test']);
});

it('gives a letter the same Message-ID however often it leaves', async () => {
  await mailer.send(letter);
  await mailer.send(letter);
  const ids = await Promise.all(taken.map(async (caught) => (await headersOf(caught)).get('message-id')));
  expect(ids).toEqual(Array(2).fill(`<${letter.id}@id.example.test>`));
});

it('tells what the server answered, without the addresses in it', async () => {
  const url = await listen({
    onData(stream, { envelope }, done) {
      stream.resume().on('end', () => done(null, `queued as 4F2 for <${envelope.rcptTo[0]?.address}>`));
    },
  });
  expect(await mailerTo(url).send(letter)).toBe('250 queued as 4F2 for …');
});

it('offers to end letters that may be refused, with one click, and no others', async () => {
  const unsubscribeUrl = 'https://id.example.test/unsubscribe/token';
  await mailer.send({ ...letter, unsubscribeUrl });
  await mailer.send(letter);
  const [news, plain] = await Promise.all(taken.map(headersOf));
  expect(news?.get('list-unsubscribe')).toBe(`<${unsubscribeUrl}>`);
  expect(news?.get('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
  expect(plain?.has('list-unsubscribe')).toBe(false);
});

it('marks letters as automatic, and their priority only when it has one', async () => {
  await mailer.send({ ...letter, priority: 'high' });
  await mailer.send(letter);
  const [urgent, plain] = await Promise.all(taken.map(headersOf));
  expect(urgent?.get('auto-submitted')).toBe('auto-generated');
  expect(urgent?.get('importance')).toBe('High');
  expect(plain?.has('importance')).toBe(false);
});

it('writes to Cyrillic addresses', async () => {
  await mailer.send({ ...letter, to: 'учитель@пример.испытание' });
  await mailer.send({ ...letter, to: 'info@школа.рф' });
  expect(taken.map(({ to }) => to)).toEqual([['учитель@пример.испытание'], ['info@школа.рф']]);
});

describe('refuses, sending nothing,', () => {
  it.each([
    ...['', 'alice', '@example.test', 'alice@', 'alice@localhost'],
    ...['"alice@evil.test"@example.test', '"a b"@example.test', 'alice@evil.test@example.test'],
    ...['alice@example.test, mallory@evil.test', 'alice@example.test;mallory@evil.test'],
    ...['alice@example.test mallory@evil.test', 'Alice <mallory@evil.test>', '<mallory@evil.test>'],
    ...['mallory@evil.test (alice@example.test)', 'team: alice@example.test, mallory@evil.test;'],
    ...['alice@example.test\r\nBcc: mallory@evil.test', 'alice@example.test\nRCPT TO:<mallory@evil.test>'],
    ...['alice@example.test\0@evil.test', 'alice\\@evil.test', 'alice@example.test>', 'alice@[127.0.0.1]'],
    ...['alice%evil.test@example.test', 'evil.test!alice@example.test', '@evil.test:alice@example.test'],
    ...['alice@example..test', '.alice@example.test', 'al..ice@example.test', ' alice@example.test'],
    `alice@${'a'.repeat(250)}.test`,
  ])('%j', async (to) => {
    await expect(mailer.send({ ...letter, to })).rejects.toThrow(AddressRefused);
    expect(taken).toHaveLength(0);
  });
});

it('refuses a sender that is no address, before any letter', () => {
  const options = { url: 'smtp://127.0.0.1:1', host: 'id.example.test', connections: 4 };
  expect(() => smtpMailer({ ...options, from: 'Union <a@b.test>' })).toThrow(AddressRefused);
});

it('makes no header of a line break in the subject', async () => {
  await mailer.send({ ...letter, subject: 'Привет\r\nBcc: mallory@evil.test\r\n\r\n<b>body</b>' });
  const [caught] = taken as [Taken];
  expect(caught.to).toEqual(['ivanova@example.test']);
  const headers = await headersOf(caught);
  expect(headers.has('bcc')).toBe(false);
  expect((await PostalMime.parse(caught.raw)).text?.trim()).toBe(letter.text);
});

describe('a letter that is not taken', () => {
  const refusing = (responseCode: number): SMTPServerOptions => ({
    onRcptTo({ address }, _session, done) {
      done(Object.assign(new Error(`no mailbox for ${address}`), { responseCode }));
    },
  });
  const failureOf = async (url: string): Promise<DeliveryFailed> => {
    const failure: unknown = await mailerTo(url)
      .send(letter)
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DeliveryFailed);
    return failure as DeliveryFailed;
  };

  const at = (step: 'onMailFrom' | 'onRcptTo', responseCode: number, text = 'no'): SMTPServerOptions => ({
    [step]: (_address: unknown, _session: unknown, done: (error: Error) => void) =>
      done(Object.assign(new Error(text), { responseCode })),
  });
  const inData = (responseCode: number): SMTPServerOptions => ({
    onData(stream, _session, done) {
      stream.resume().on('end', () => done(Object.assign(new Error('no'), { responseCode })));
    },
  });

  it.each([
    ['the mailbox is not there', at('onRcptTo', 550), 'recipient', true],
    ['the mailbox is not there, RFC 3463', at('onRcptTo', 550, '5.1.1 no such user'), 'recipient', true],
    ['the address is greylisted', at('onRcptTo', 450), 'letter', false],
    ['we are banned', at('onRcptTo', 554, '5.7.1 access denied'), 'letter', true],
    ['the server is closing', at('onRcptTo', 421), 'server', false],
    ['nothing is taken now', at('onMailFrom', 451), 'server', false],
    ['the sender is not allowed: that is no fault of the letter', at('onMailFrom', 550), 'server', false],
    ['the text is not liked', inData(554), 'letter', true],
    ['the disk is full', inData(452), 'letter', false],
  ])('%s', async (_what, options, kind, permanent) => {
    expect(await failureOf(await listen(options))).toMatchObject({ kind, permanent });
  });

  it('is told about without the address, which the server repeats in its words', async () => {
    const failure = await failureOf(await listen(refusing(550)));
    expect(failure.message).toContain('550');
    const logged = JSON.stringify(failure, Object.getOwnPropertyNames(failure));
    expect(logged).not.toMatch(/ivanova|Мария/);
    expect(failure.cause).toBeUndefined();
  });

  it('may be tried again when nobody listens', async () => {
    const url = await listen();
    await closers.pop()?.();
    expect(await failureOf(url)).toMatchObject({ kind: 'server', permanent: false });
  });
});

describe('TLS', () => {
  it('is begun at once for smtps://', async () => {
    const url = await listen();
    await expect(mailerTo(url.replace('smtp://', 'smtps://')).send(letter)).rejects.toThrow(DeliveryFailed);
    expect(taken).toHaveLength(0);
  });

  it.each([
    ['smtp://mail.example.test', { port: 587, secure: false, requireTLS: true, ignoreTLS: false }],
    ['smtps://mail.example.test', { port: 465, secure: true, requireTLS: false, ignoreTLS: false }],
    ['smtp://mailpit:1025?tls=off', { port: 1025, secure: false, requireTLS: false, ignoreTLS: true }],
    ['smtps://mail.example.test?tls=off', { port: 465, secure: true, requireTLS: false, ignoreTLS: false }],
    ['smtp://localhost:1025', { port: 1025, secure: false, requireTLS: false, ignoreTLS: false }],
    ['smtp://[::1]:1025', { host: '::1', requireTLS: false }],
    ['smtp://localhost.evil.test', { requireTLS: true }],
    [
      'smtp://a%40b:p%2Fw@mail.example.test',
      { host: 'mail.example.test', auth: { user: 'a@b', pass: 'p/w' } },
    ],
  ])('%s', (url, expected) => {
    expect(connectionOf(new URL(url))).toMatchObject(expected);
  });

  it('checks the certificate', async () => {
    const untrusted = await listen({ disabledCommands: ['AUTH'] });
    await expect(mailerTo(untrusted).send(letter)).rejects.toThrow(DeliveryFailed);
    expect(taken).toHaveLength(0);
  });
});

it('sends many letters over few connections', async () => {
  let connections = 0;
  const url = await listen({
    onConnect(_session, done) {
      connections += 1;
      done();
    },
  });
  const many = mailerTo(url);
  await Promise.all(
    Array.from({ length: 40 }, (_, at) => many.send({ ...letter, to: `member${at}@example.test` })),
  );
  expect(new Set(taken.flatMap(({ to }) => to)).size).toBe(40);
  expect(connections).toBeLessThanOrEqual(4);
});
