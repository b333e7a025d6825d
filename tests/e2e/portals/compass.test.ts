/** The Compass: many attempts, the best one counts. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readQuestionBook } from '../../../clients/quiz/question-book.ts';
import type { Visitor } from '../../support/visitor.ts';
import { heading, type OpenPortal, openPortal, signedIn, somebody } from './open-portal.ts';

const { questions } = readQuestionBook(new URL('../../../clients/compass/questions.json', import.meta.url));

let portal: OpenPortal;
beforeAll(async () => {
  portal = await openPortal('compass');
});
afterAll(() => portal.stop());
beforeEach(() => {
  portal.op.person = somebody();
});

async function take(who: Visitor, right: number) {
  let page = await who.follow(await who.submit(await who.open(portal.url), /^\/start$/));
  for (const { answer } of questions.slice(0, right)) {
    page = await who.follow(await who.submit(page, /^\/questions\//, { option: answer }));
  }
  return who.follow(await who.submit(await who.open(`${portal.url}/finish`), /^\/finish$/));
}

test('keeps every attempt, and shows the best', async () => {
  const { who, page } = await signedIn(portal);
  expect(heading(page)).toBe('Здравствуйте, Мария!');
  expect((await take(who, 9)).url.pathname).toBe('/results/1');
  expect((await take(who, 20)).body).toContain('Штурман');
  const third = await take(who, 4);
  expect(third.body).toContain('Лучший результат: 20 из 20');
  await portal.restart();
  const home = await who.open(portal.url);
  expect(home.html.querySelector('.score-number')?.text).toBe('20 из 20');
  const history = home.html.querySelectorAll('tbody tr').map((row) => row.text);
  expect(history).toHaveLength(3);
  expect(history[0]).toContain('4 из 20');
});

test('an attempt waits as long as one likes, and there is one at a time', async () => {
  const { who, page } = await signedIn(portal);
  const starts = await Promise.all([1, 2, 3].map(() => who.submit(page, /^\/start$/)));
  expect(starts.map(({ headers }) => headers.get('location'))).toEqual(Array(3).fill('/questions/1'));
  await who.submit(await who.open(`${portal.url}/questions/1`), /^\/questions/, { option: 'a' });
  portal.later(30 * 24 * 3_600_000);
  const back = await signedIn(portal);
  expect(back.page.body).toContain('Сохранено ответов: 1 из 20');
  const next = await back.who.follow(await back.who.submit(back.page, /^\/start$/));
  expect(next.url.pathname).toBe('/questions/2');
});
