/** Whether an account exists is nobody's business: text, status, headers and time (security.md c2 #71, class 5). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountOf, addressOf } from '../../support/crowd.ts';
import { patient } from '../../support/reach.ts';
import { type Page, visitor } from '../../support/visitor.ts';
import { toSignIn } from '../../support/walks.ts';
import { type Scene, scene } from './scene.ts';

const PAIRS = 60;
/** Beyond these somebody could tell, given patience (Mann–Whitney U as a share of all pairs). */
const [LEAST, MOST] = [0.3, 0.7];

let stage: Scene;
beforeAll(async () => {
  // One hash at a time and one person after another: nothing else shares the clock.
  stage = await scene({ HASHES_AT_ONCE: '1' }, PAIRS + 10);
});
afterAll(() => stage.close());

const guess = async (identifier: string, by: 'email' | 'ticket' = 'email'): Promise<Page> => {
  const person = visitor({}, patient(fetch));
  const { page } = await toSignIn(person, stage.portal);
  return person.submit(page, /\/password$/, { by, identifier, password: 'none of ours, whatever it is' });
};

/** What differs from one request to the next anyway. */
const masked = ({ body }: Page, identifier: string) =>
  body
    .replaceAll(identifier, 'IDENTIFIER')
    .replace(/\/interaction\/[\w-]+/g, '/interaction/ID')
    .replace(/\?from=[\w-]+/g, '?from=ID')
    .replace(/(name="csrf" value=")[^"]*/g, '$1TOKEN');

const shapeOf = ({ status, headers }: Page) => ({
  status,
  headers: [...headers.keys()].filter((name) => name !== 'content-length').sort(),
  cookies: headers
    .getSetCookie()
    .map((line) => line.replace(/=[^;]*/, '=VALUE').replace(/expires=[^;]*/, 'expires=THEN')),
});

describe('#71 an unknown address', () => {
  it('answers to the letter as a wrong password, a locked, a closed and an unconfirmed account, and one without a password', async () => {
    const { database } = stage.open.house.stores;
    await database.query("update account set status = 'locked' where id = $1", [accountOf(PAIRS + 1)]);
    await database.query("update account set status = 'closed' where id = $1", [accountOf(PAIRS + 2)]);
    await database.query('update identifier set confirmed_at = null where account_id = $1', [
      accountOf(PAIRS + 3),
    ]);
    await database.query('delete from password where account_id = $1', [accountOf(PAIRS + 4)]);
    const unknown = 'stranger@example.test';
    const first = await guess(unknown);
    for (const known of [0, 1, 2, 3, 4].map((offset) => addressOf(PAIRS + offset))) {
      const answer = await guess(known);
      expect(masked(answer, known), known).toBe(masked(first, unknown));
      expect(shapeOf(answer), known).toEqual(shapeOf(first));
    }
  });

  it('is locked as soon as a known one, in the same words', async () => {
    const both = [addressOf(PAIRS + 5), 'somebody@example.test'] as const;
    const last: string[] = [];
    for (const identifier of both) {
      const answers: Page[] = [];
      for (let tries = 0; tries < 7; tries += 1) answers.push(await guess(identifier));
      expect(
        answers.map(({ status }) => status),
        identifier,
      ).toEqual([422, 422, 422, 422, 422, 429, 429]);
      last.push(masked(answers.at(-1) as Page, identifier).replace(/\d+ мин/, 'N мин'));
    }
    expect(last[0]).toBe(last[1]);
  });

  it('takes as long as a known one', { timeout: 60_000 }, async () => {
    const time = async (identifier: string, by?: 'ticket'): Promise<number> => {
      const person = visitor({}, patient(fetch));
      const { page } = await toSignIn(person, stage.portal);
      const begun = performance.now();
      const answer = await person.submit(page, /\/password$/, {
        by: by ?? 'email',
        identifier,
        password: 'none of ours, whatever it is',
      });
      expect(answer.status).toBe(422);
      return performance.now() - begun;
    };
    const known: number[] = [];
    const unknown: number[] = [];
    for (let pair = 1; pair <= PAIRS; pair += 1) {
      const measure = {
        known: async () => known.push(await time(addressOf(pair))),
        unknown: async () => unknown.push(await time(`nobody-${pair}@example.test`)),
      };
      // In turn, so that a machine that slows down slows both.
      for (const which of pair % 2 === 0
        ? (['known', 'unknown'] as const)
        : (['unknown', 'known'] as const)) {
        await measure[which]();
      }
    }
    const slower = known.flatMap((one) =>
      unknown.map((other) => (one > other ? 1 : one === other ? 0.5 : 0)),
    );
    const share = slower.reduce((sum: number, win) => sum + win, 0) / slower.length;
    expect(share).toBeGreaterThan(LEAST);
    expect(share).toBeLessThan(MOST);
    // The measure can tell: an answer without a hash stands out.
    const refused: number[] = [];
    for (let count = 0; count < 10; count += 1) {
      const person = visitor({}, patient(fetch));
      const { page } = await toSignIn(person, stage.portal);
      const begun = performance.now();
      await person.submit(page, /\/password$/, { by: 'email', identifier: 'no address', password: 'x' });
      refused.push(performance.now() - begun);
    }
    const quicker = refused.flatMap((one) => unknown.map((other): number => (one < other ? 1 : 0)));
    expect(quicker.reduce((sum, win) => sum + win, 0) / quicker.length).toBeGreaterThan(MOST);
  });
});
