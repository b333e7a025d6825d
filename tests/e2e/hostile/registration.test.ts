/** With REVEAL_EXISTING_EMAIL=off only the owner of a mailbox learns whether it has an account (X-5, class 5). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressOf } from '../../support/crowd.ts';
import { linkIn, type Mail, openMail } from '../../support/mail.ts';
import { patient } from '../../support/reach.ts';
import { registeringAt } from '../../support/registering.ts';
import { type Page, visitor } from '../../support/visitor.ts';
import { toSignIn } from '../../support/walks.ts';
import { type Scene, scene } from './scene.ts';

const PAIRS = 60;
/** Beyond these somebody could tell, given patience (Mann–Whitney U as a share of all pairs). */
const [LEAST, MOST] = [0.3, 0.7];

let stage: Scene;
let mail: Mail;
let walk: ReturnType<typeof registeringAt>;
beforeAll(async () => {
  mail = await openMail();
  // One hash at a time and one person after another: nothing else shares the clock.
  stage = await scene(
    { HASHES_AT_ONCE: '1', REVEAL_EXISTING_EMAIL: 'off', SMTP_URL: mail.smtpUrl },
    PAIRS + 10,
  );
  walk = registeringAt(stage.issuer, mail);
});
afterAll(async () => {
  await stage.close();
  await mail.close();
});

/** What differs from one request to the next anyway. */
const masked = ({ body }: Page, email: string) =>
  body.replaceAll(email, 'ADDRESS').replace(/(name="csrf" value=")[^"]*/g, '$1TOKEN');
const shapeOf = ({ status, headers }: Page) => ({
  status,
  location: headers.get('location'),
  headers: [...headers.keys()].filter((name) => name !== 'content-length').sort(),
  cookies: headers
    .getSetCookie()
    .map((line) => line.replace(/=[^;]*/, '=VALUE').replace(/expires=[^;]*/, 'expires=THEN')),
});

describe('an address that has an account', () => {
  it('is answered to the letter as any other: the form, the page that waits, the letter asked for again, the correction', async () => {
    const steps = async (email: string, corrected: string) => {
      const person = visitor({}, patient(fetch));
      const asked = await walk.ask(person, { email });
      const waiting = await person.follow(asked);
      const again = await person.submit(waiting, /\/again$/);
      const other = await person.submit(waiting, /\/address$/, { email: corrected });
      const then = await person.follow(other);
      return [asked, waiting, again, other, then].map((page) => ({
        ...shapeOf(page),
        body: masked({ ...page, body: page.body.replaceAll(corrected, 'OTHER') }, email).replace(
          /через \d+ секунд[уы]?/g,
          'через N секунд',
        ),
      }));
    };
    expect(await steps(addressOf(PAIRS + 1), addressOf(PAIRS + 2))).toEqual(
      await steps('stranger@example.test', 'stranger-2@example.test'),
    );
  });

  it('gets a letter that leads to the sign-in and holds nothing to confirm', async () => {
    const email = addressOf(PAIRS + 3);
    await walk.ask(visitor(), { email });
    const letter = await mail.take(email, /Личный кабинет уже есть/);
    expect(() => linkIn(letter, '/join/confirm/')).toThrow('no link');
  });

  it('keeps its account and its password', async () => {
    const { database } = stage.open.house.stores;
    const email = addressOf(PAIRS + 4);
    const hashes = () =>
      database.query('select hash from password join identifier using (account_id) where value = $1', [
        email,
      ]);
    const before = await hashes();
    await walk.ask(visitor(), { email, password: 'another password of another person' });
    expect(await hashes()).toEqual(before);
    const login = await database.query(`select from identifier where kind = 'email' and value = $1`, [email]);
    expect(login).toHaveLength(1);
  });

  it('is not told by signing in with the password one has just asked for an account with', async () => {
    const password = 'a password of whoever wants to know';
    const tries = async (email: string) => {
      await walk.ask(visitor(), { email, password });
      const answers: unknown[] = [];
      for (let count = 0; count < 7; count += 1) {
        const person = visitor({}, patient(fetch));
        const { page } = await toSignIn(person, stage.portal);
        const door = { by: 'email', identifier: email, password };
        const answer = await person.submit(page, /\/password$/, door);
        answers.push([answer.status, answer.headers.get('location'), answer.headers.getSetCookie().length]);
      }
      return answers;
    };
    const known = await tries(addressOf(PAIRS + 5));
    expect(known).toEqual(await tries('stranger-3@example.test'));
    // And it buys no tries: the one who has the account keeps her own five.
    expect(known[0]).toEqual([303, '/join/letter', expect.any(Number)]);
    expect(known.at(-1)).toEqual([429, null, expect.any(Number)]);
  });

  it('takes as long as any other', { timeout: 60_000 }, async () => {
    const time = async (email: string): Promise<number> => {
      const person = visitor({}, patient(fetch));
      const form = await person.open(`${stage.issuer}/join`);
      const begun = performance.now();
      const password = 'a password as good as any other';
      const answer = await person.submit(form, /^\/join$/, { email, password, terms: 'yes' });
      expect(answer.status).toBe(303);
      return performance.now() - begun;
    };
    // Prepared statements, connections and the queue are warm.
    for (let warm = 0; warm < 5; warm += 1) await time(`warm-${warm}@example.test`);
    const taken: number[] = [];
    const free: number[] = [];
    for (let pair = 1; pair <= PAIRS; pair += 1) {
      const measure = [
        async () => taken.push(await time(addressOf(pair))),
        async () => free.push(await time(`nobody-${pair}@example.test`)),
      ];
      // In turn, so that a machine that slows down slows both.
      for (const step of pair % 2 === 0 ? measure : measure.toReversed()) await step();
    }
    const share = (slow: readonly number[], fast: readonly number[]) =>
      slow.flatMap((one) => fast.map((other): number => (one > other ? 1 : one === other ? 0.5 : 0)));
    const mean = (wins: readonly number[]) => wins.reduce((sum, win) => sum + win, 0) / wins.length;
    const told = mean(share(taken, free));
    expect(told).toBeGreaterThan(LEAST);
    expect(told).toBeLessThan(MOST);
    // The measure can tell: an answer without a hash stands out.
    const refused: number[] = [];
    for (let count = 0; count < 10; count += 1) {
      const person = visitor({}, patient(fetch));
      const form = await person.open(`${stage.issuer}/join`);
      const begun = performance.now();
      await person.submit(form, /^\/join$/, { email: 'no address', password: 'x' });
      refused.push(performance.now() - begun);
    }
    expect(mean(share(free, refused))).toBeGreaterThan(MOST);
  });
});
