/** «Забыли пароль?» in hostile hands: two recipients, foreign hosts, and a clock (security.md classes 3, 5, 21). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressOf } from '../../support/crowd.ts';
import { linkIn, type Mail, openMail } from '../../support/mail.ts';
import { type Page, visitor } from '../../support/visitor.ts';
import { type Scene, scene } from './scene.ts';
import { sendBytes } from './wire.ts';

const PAIRS = 60;
/** Beyond these somebody could tell, given patience (Mann–Whitney U as a share of all pairs). */
const [LEAST, MOST] = [0.3, 0.7];
const THIEF = 'thief@evil.test';

let mail: Mail;
let stage: Scene;
beforeAll(async () => {
  mail = await openMail();
  stage = await scene({ SMTP_URL: mail.smtpUrl }, PAIRS + 40);
});
afterAll(async () => {
  await stage.close();
  await mail.close();
});

/** A form of our own, with its cookie, filled in by hand. */
const opened = async () => {
  const person = visitor();
  const page = await person.open(`${stage.issuer}/recovery`);
  const csrf = page.html.querySelector('input[name=csrf]')?.getAttribute('value') ?? '';
  return { person, csrf };
};
const post = async (body: string, type = 'application/x-www-form-urlencoded', query = ''): Promise<Page> => {
  const { person, csrf } = await opened();
  return person.request(`${stage.issuer}/recovery${query}`, {
    method: 'POST',
    headers: { origin: stage.issuer, 'sec-fetch-site': 'same-origin', 'content-type': type },
    body: body.replace('CSRF', encodeURIComponent(csrf)),
  });
};

it('class 34: nobody writes a text of his own into a letter of ours', async () => {
  const email = addressOf(PAIRS + 30);
  const link = async (client: string) => {
    const query = `?${new URLSearchParams({ from: 'x', client })}`;
    const body = `csrf=CSRF&email=${encodeURIComponent(email)}`;
    expect((await post(body, undefined, query)).status).toBe(200);
    return linkIn(await mail.take(email, /./), '/recovery/');
  };
  expect(new URL(await link('http://evil.test/ you have won')).search).toBe('');
  // Whence she came is remembered as long as there is such a portal.
  expect(new URL(await link('portal')).search).toBe('?from=x&client=portal');
});

describe('class 21: two recipients', () => {
  const victim = encodeURIComponent(addressOf(1));
  const thief = encodeURIComponent(THIEF);
  it.each([
    ['repeated', `csrf=CSRF&email=${victim}&email=${thief}`],
    ['repeated, the thief first', `csrf=CSRF&email=${thief}&email=${victim}`],
    ['an array', `csrf=CSRF&email[]=${victim}&email[]=${thief}`],
    ['an array with places', `csrf=CSRF&email[0]=${victim}&email[1]=${thief}`],
    ['an object', `csrf=CSRF&email[to]=${victim}&email[cc]=${thief}`],
    ['beside an array', `csrf=CSRF&email=${victim}&email[]=${thief}`],
    ['a comma', `csrf=CSRF&email=${victim},${thief}`],
    ['a semicolon', `csrf=CSRF&email=${victim};${thief}`],
    ['a space', `csrf=CSRF&email=${victim}%20${thief}`],
    ['a line break', `csrf=CSRF&email=${victim}%0D%0ABcc:${thief}`],
    ['a NUL', `csrf=CSRF&email=${victim}%00${thief}`],
    ['a second «@»', `csrf=CSRF&email=${victim}@evil.test`],
    ['another field', `csrf=CSRF&email=${victim}&cc=${thief}`],
    ['another spelling of the field', `csrf=CSRF&email=${victim}&Email=${thief}`],
  ])('%s: refused', async (_name, body) => {
    const answer = await post(body);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
  });

  it('as JSON, in parts or in the address: refused, and the thief gets nothing', async () => {
    const json = JSON.stringify({ csrf: 'CSRF', email: [addressOf(1), THIEF] });
    expect((await post(json, 'application/json')).status).toBeGreaterThanOrEqual(400);
    const answer = await post(
      `csrf=CSRF&email=${encodeURIComponent(addressOf(2))}`,
      undefined,
      `?email=${THIEF}`,
    );
    expect(answer.status).toBe(200);
    await mail.take(addressOf(2), /Восстановление/);
    expect(await mail.all(THIEF)).toEqual([]);
    expect(await mail.all(addressOf(1))).toEqual([]);
  });
});

it('class 3: seven poisoned headers move no link to another host', async () => {
  const poisons = [
    'Host: evil.test',
    `Host: ${new URL(stage.issuer).host}@evil.test`,
    'X-Forwarded-Host: evil.test',
    'X-Forwarded-Proto: https',
    'Forwarded: host=evil.test;proto=https',
    'X-Original-URL: https://evil.test/',
    'Referer: https://evil.test/recovery',
  ];
  for (const [at, poison] of poisons.entries()) {
    const { person, csrf } = await opened();
    const address = addressOf(10 + at);
    const body = new URLSearchParams({ csrf, email: address }).toString();
    const host = poison.startsWith('Host:') ? poison : `Host: ${new URL(stage.issuer).host}\r\n${poison}`;
    const answer = await sendBytes(
      stage.port,
      [
        'POST /recovery HTTP/1.1',
        host,
        `Origin: ${stage.issuer}`,
        `Cookie: ${await person.jar.getCookieString(stage.issuer)}`,
        'Content-Type: application/x-www-form-urlencoded',
        `Content-Length: ${body.length}`,
        'Connection: close',
        '',
        body,
      ].join('\r\n'),
    );
    if (answer.status !== 200) {
      expect(answer.status, poison).toBe(421);
      continue;
    }
    const letter = await mail.take(address, /Восстановление/);
    expect(`${letter.text}${letter.html}`, poison).not.toContain('evil.test');
    expect(letter.text, poison).toContain(`${stage.issuer}/recovery/`);
  }
});

it('class 5: a known address takes as long as an unknown one, with the same headers', {
  timeout: 90_000,
}, async () => {
  const shapes = new Set<string>();
  const time = async (email: string): Promise<number> => {
    const person = visitor();
    const page = await person.open(`${stage.issuer}/recovery`);
    const begun = performance.now();
    const answer = await person.submit(page, /^\/recovery/, { email });
    const took = performance.now() - begun;
    const headers = [...answer.headers.keys()].filter((name) => name !== 'content-length').sort();
    shapes.add(JSON.stringify([answer.status, headers, answer.headers.getSetCookie().length]));
    return took;
  };
  const known: number[] = [];
  const unknown: number[] = [];
  for (let pair = 1; pair <= PAIRS; pair += 1) {
    const measures = [
      async () => known.push(await time(addressOf(30 + pair))),
      async () => unknown.push(await time(`nobody-${pair}@example.test`)),
    ];
    // In turn, so that a machine that slows down slows both.
    for (const measure of pair % 2 === 0 ? measures : measures.toReversed()) await measure();
  }
  expect(shapes.size).toBe(1);
  const slower = known.flatMap((one) => unknown.map((other) => (one > other ? 1 : one === other ? 0.5 : 0)));
  const share = slower.reduce((sum: number, win) => sum + win, 0) / slower.length;
  expect(share).toBeGreaterThan(LEAST);
  expect(share).toBeLessThan(MOST);
});
