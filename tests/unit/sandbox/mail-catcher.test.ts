/** The mail catcher over its three doors: SMTP, JSON in MailDev's shape, pages. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DeliveryFailed } from '../../../adapters/mailer/mailer.ts';
import { smtpMailer } from '../../../adapters/mailer/smtp.ts';
import { type CaughtLetter, letterBox } from '../../../sandbox/mail-catcher/letter-box.ts';
import { type MailCatcher, startMailCatcher } from '../../../sandbox/mail-catcher/mail-catcher.ts';

let catcher: MailCatcher;
let mailer: ReturnType<typeof smtpMailer>;

beforeAll(async () => {
  catcher = await startMailCatcher({ smtpPort: 0, webPort: 0 });
  mailer = smtpMailer({
    url: catcher.smtpUrl,
    from: 'confirmation@eseur.ru',
    host: 'id.example.test',
    connections: 4,
  });
});
afterAll(async () => {
  mailer.close();
  await catcher.close();
});
beforeEach(async () => {
  await fetch(`${catcher.apiUrl}/all`, { method: 'DELETE' });
});

const letter = {
  id: '6f8d2a4e-0000-4000-8000-000000000001',
  to: 'ivanova@example.test',
  subject: 'ЛК ОПО. Восстановление пароля.',
  text: 'Откройте ссылку',
  html: '<p><a href="https://id.example.test/reset">Откройте</a><script>alert(1)</script></p>',
};
const caught = async () => (await (await fetch(catcher.apiUrl)).json()) as CaughtLetter[];
const page = async (path: string, init?: RequestInit) => {
  const response = await fetch(`${catcher.webUrl}${path}`, init);
  return { response, body: await response.text() };
};

describe('JSON', () => {
  it('has the letters in the order they came', async () => {
    await mailer.send(letter);
    await mailer.send({ ...letter, subject: 'Второе' });
    const [first, second] = await caught();
    expect(first).toMatchObject({
      subject: letter.subject,
      from: [{ address: 'confirmation@eseur.ru', name: '' }],
      to: [{ address: 'ivanova@example.test', name: '' }],
      envelope: { to: [{ address: 'ivanova@example.test' }] },
      headers: { 'auto-submitted': 'auto-generated' },
    });
    expect(first?.text.trim()).toBe(letter.text);
    expect(first?.html.trim()).toBe(letter.html);
    expect(Date.parse(first?.date ?? '')).toBeGreaterThan(Date.now() - 60_000);
    expect(second?.subject).toBe('Второе');
    expect(second?.id).not.toBe(first?.id);
  });

  it('has one of them by its id', async () => {
    await mailer.send(letter);
    const [only] = await caught();
    expect(await (await fetch(`${catcher.apiUrl}/${only?.id}`)).json()).toEqual(only);
    expect((await fetch(`${catcher.apiUrl}/nothing`)).status).toBe(404);
  });

  it('forgets them all when told', async () => {
    await mailer.send(letter);
    expect(await (await fetch(`${catcher.apiUrl}/all`, { method: 'DELETE' })).json()).toBe(true);
    expect(await caught()).toEqual([]);
  });
});

describe('pages', () => {
  it('list the letters and show one', async () => {
    expect((await page('/')).body).toContain('Писем пока нет');
    await mailer.send({ ...letter, subject: '<b>Тема</b>' });
    const [only] = await caught();
    expect((await page('/')).body).toContain(`<a href="/letters/${only?.id}">&lt;b&gt;Тема&lt;/b&gt;</a>`);
    const shown = (await page(`/letters/${only?.id}`)).body;
    expect(shown).toContain('ivanova@example.test');
    expect(shown).toContain('<pre>Откройте ссылку');
    expect((await page('/letters/nothing')).response.status).toBe(404);
    expect((await page('/style.css')).response.headers.get('content-type')).toContain('text/css');
  });

  it("show a letter's HTML without power over anything", async () => {
    await mailer.send(letter);
    const [only] = await caught();
    const shown = (await page(`/letters/${only?.id}`)).body;
    expect(shown).toMatch(/<iframe[^>]*sandbox="allow-popups allow-popups-to-escape-sandbox"/);
    expect(shown).not.toContain('<script');
    const { response, body } = await page(`/email/${only?.id}/html`);
    expect(body).toContain(letter.html);
    const policy = response.headers.get('content-security-policy');
    expect(policy).toMatch(/^sandbox [^;]*; default-src 'none'/);
    expect(policy).not.toContain('allow-scripts');
  });
});

describe('refusing', () => {
  it('answers «later» to every letter until the time is over', async () => {
    const { body } = await page('/refuse?seconds=60', { method: 'POST' });
    expect(Date.parse(JSON.parse(body).until)).toBeGreaterThan(Date.now() + 50_000);
    expect((await page('/')).body).toContain('отказывает до');
    const failure: unknown = await mailer.send(letter).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DeliveryFailed);
    expect(failure).toMatchObject({ permanent: false });
    expect(await caught()).toEqual([]);

    expect(JSON.parse((await page('/refuse?seconds=0', { method: 'POST' })).body)).toEqual({ until: null });
    await mailer.send(letter);
    expect(await caught()).toHaveLength(1);
  });

  it('brings a browser back to the list', async () => {
    const headers = { accept: 'text/html' };
    const { response } = await page('/refuse?seconds=0', { method: 'POST', headers, redirect: 'manual' });
    expect([response.status, response.headers.get('location')]).toEqual([303, '/']);
  });

  it.each(['', '?seconds=-1', '?seconds=x', '?seconds=1e9', '?seconds=1&seconds=2'])(
    'does not understand «%s»',
    async (query) => {
      const { response } = await page(`/refuse${query}`, { method: 'POST' });
      expect(response.status).toBe(400);
    },
  );
});

describe('refusing an address', () => {
  const failureOf = () =>
    mailer.send(letter).then(
      () => undefined,
      (error: unknown) => error,
    );

  it('answers as told to letters to it alone, until it may have them again', async () => {
    const refuse = (query: string) => page(`/refuse-address?${query}`, { method: 'POST' });
    expect(JSON.parse((await refuse('address=Ivanova@example.test')).body)).toEqual({
      refused: { 'ivanova@example.test': 550 },
    });
    expect(await failureOf()).toMatchObject({ kind: 'recipient', permanent: true });
    await refuse('address=ivanova@example.test&code=450');
    expect(await failureOf()).toMatchObject({ kind: 'letter', permanent: false });
    await mailer.send({ ...letter, to: 'petrov@example.test' });
    expect((await caught()).map(({ to }) => to[0]?.address)).toEqual(['petrov@example.test']);
    expect((await page('/')).body).toContain('ivanova@example.test – позже (450)');

    const accept = await page('/accept-address?address=ivanova@example.test', { method: 'POST' });
    expect(JSON.parse(accept.body)).toEqual({ refused: {} });
    expect(await failureOf()).toBeUndefined();
  });

  it('takes the form of its page', async () => {
    const post = (path: string) =>
      page(path, {
        method: 'POST',
        headers: { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ address: 'a+b@example.test', code: '550' }),
        redirect: 'manual',
      });
    expect((await post('/refuse-address')).response.status).toBe(303);
    expect((await page('/')).body).toContain('a+b@example.test – такого ящика нет');
    expect((await post('/accept-address')).response.status).toBe(303);
    expect((await page('/')).body).not.toContain('a+b@example.test');
  });

  it.each(['', '?address=', '?address=nobody', '?address=a@b@c', '?address=a@b&code=200'])(
    'does not understand «%s»',
    async (query) => {
      const { response } = await page(`/refuse-address${query}`, { method: 'POST' });
      expect(response.status).toBe(400);
    },
  );
});

it('keeps the newest letters only', async () => {
  const box = letterBox(2);
  for (const subject of ['1', '2', '3']) {
    await box.put(Buffer.from(`Subject: ${subject}\r\nDate: some day\r\n\r\nx`), {
      from: '',
      to: ['a@b.test'],
    });
  }
  expect(box.all().map(({ subject }) => subject)).toEqual(['2', '3']);
  expect(Date.parse(box.all()[0]?.date ?? '')).not.toBeNaN();
});

it('listens on loopback alone, and says when a port is taken', async () => {
  expect(new URL(catcher.smtpUrl).hostname).toBe('127.0.0.1');
  const webPort = Number(new URL(catcher.webUrl).port);
  await expect(startMailCatcher({ smtpPort: 0, webPort })).rejects.toThrow('EADDRINUSE');
  const smtpPort = Number(new URL(catcher.smtpUrl).port);
  await expect(startMailCatcher({ smtpPort, webPort: 0 })).rejects.toThrow('EADDRINUSE');
});
