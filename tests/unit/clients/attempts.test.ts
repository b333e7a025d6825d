/** The rules of an attempt against a clock that stands still. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AttemptRules, type Attempts, sqliteAttempts } from '../../../clients/quiz/attempts.ts';
import type { QuestionBook } from '../../../clients/quiz/question-book.ts';
import { type Database, openDatabase } from '../../../clients/relying-party/database.ts';

const SCHEMA = new URL('../../../clients/quiz/schema.sql', import.meta.url);
const MINUTE = 60_000;
const START = Date.parse('2026-09-27T09:00:00Z');
const MARIA = { sub: 'maria', region: 'Приозерская республика' };

const questions: QuestionBook['questions'] = (['a', 'b', 'c'] as const).map((answer, index) => ({
  id: `q${index + 1}`,
  text: `Вопрос ${index + 1}`,
  options: { a: 'первый', b: 'второй', c: 'третий', d: 'четвёртый' },
  answer,
  explanation: 'Потому что.',
}));

let folder: string;
let now: number;
const open: Database[] = [];

function attemptsOn(file: string, rules: AttemptRules, minutes?: number): Attempts {
  const database = openDatabase(join(folder, file), [SCHEMA]);
  open.push(database);
  const clock = { now: () => new Date(now) };
  return sqliteAttempts(database, clock, { questions, minutes }, rules);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'attempts-'));
  now = START;
});
afterEach(() => {
  for (const database of open.splice(0)) database.close();
  rmSync(folder, { recursive: true });
});

describe('one attempt of an hour', () => {
  let attempts: Attempts;
  beforeEach(() => {
    attempts = attemptsOn('one.sqlite', { attemptsPerPerson: 1 }, 60);
  });

  test('ends an hour after it began', () => {
    expect(attempts.begin(MARIA)).toMatchObject({
      ordinal: 1,
      startedAt: new Date(START),
      deadline: new Date(START + 60 * MINUTE),
      result: undefined,
    });
  });

  test('begun again is the same, with the same deadline', () => {
    const first = attempts.begin(MARIA);
    now += 20 * MINUTE;
    expect(attempts.begin(MARIA)).toEqual(first);
  });

  test('cannot be begun again once it is finished', () => {
    const { id } = attempts.begin(MARIA)!;
    expect(attempts.finish(MARIA.sub, id)).toBe(true);
    expect(attempts.begin(MARIA)).toBeUndefined();
    expect(attempts.ofPerson(MARIA.sub)).toHaveLength(1);
  });

  test('cannot be begun again once its time is over', () => {
    attempts.begin(MARIA);
    now += 61 * MINUTE;
    expect(attempts.begin(MARIA)).toBeUndefined();
  });

  test('counts the last answer to each question', () => {
    const { id } = attempts.begin(MARIA)!;
    expect(attempts.answer(MARIA.sub, id, 'q1', 'd')).toBe(true);
    expect(attempts.answer(MARIA.sub, id, 'q1', 'a')).toBe(true);
    expect(attempts.answer(MARIA.sub, id, 'q2', 'b')).toBe(true);
    expect(attempts.answer(MARIA.sub, id, 'q3', 'a')).toBe(true);
    now += 5 * MINUTE;
    expect(attempts.finish(MARIA.sub, id)).toBe(true);
    expect(attempts.ofPerson(MARIA.sub)[0]?.result).toEqual({ finishedAt: new Date(now), correct: 2 });
  });

  test('takes an answer a millisecond before the deadline, and none at it', () => {
    const { id } = attempts.begin(MARIA)!;
    now = START + 60 * MINUTE - 1;
    expect(attempts.answer(MARIA.sub, id, 'q1', 'a')).toBe(true);
    now += 1;
    expect(attempts.answer(MARIA.sub, id, 'q2', 'b')).toBe(false);
    expect(attempts.answersOf(id)).toEqual(new Map([['q1', 'a']]));
  });

  test('left alone is closed as of its deadline with what was answered', () => {
    const { id, deadline } = attempts.begin(MARIA)!;
    attempts.answer(MARIA.sub, id, 'q1', 'a');
    now += 5 * 60 * MINUTE;
    attempts.closeOverdue();
    expect(attempts.ofPerson(MARIA.sub)[0]?.result).toEqual({ finishedAt: deadline, correct: 1 });
  });

  test('finished too late is finished at the deadline', () => {
    const { id, deadline } = attempts.begin(MARIA)!;
    now += 60 * MINUTE + 1;
    expect(attempts.finish(MARIA.sub, id)).toBe(false);
    expect(attempts.ofPerson(MARIA.sub)[0]?.result?.finishedAt).toEqual(deadline);
  });

  test('finished twice keeps the first result', () => {
    const { id } = attempts.begin(MARIA)!;
    attempts.finish(MARIA.sub, id);
    const [first] = attempts.ofPerson(MARIA.sub);
    now += MINUTE;
    expect(attempts.finish(MARIA.sub, id)).toBe(false);
    expect(attempts.answer(MARIA.sub, id, 'q1', 'a')).toBe(false);
    expect(attempts.ofPerson(MARIA.sub)).toEqual([first]);
  });

  test('is nobody else’s', () => {
    const { id } = attempts.begin(MARIA)!;
    expect(attempts.answer('artyom', id, 'q1', 'a')).toBe(false);
    expect(attempts.finish('artyom', id)).toBe(false);
    expect(attempts.ofPerson('artyom')).toEqual([]);
    expect(attempts.answersOf(id).size).toBe(0);
  });

  test('is one for two processes on one file', () => {
    const neighbour = attemptsOn('one.sqlite', { attemptsPerPerson: 1 }, 60);
    const first = attempts.begin(MARIA);
    expect(neighbour.begin(MARIA)).toEqual(first);
    expect(neighbour.finish(MARIA.sub, first!.id)).toBe(true);
    expect(attempts.begin(MARIA)).toBeUndefined();
  });
});

describe('many attempts without a clock', () => {
  test('follow one another, one at a time', () => {
    const attempts = attemptsOn('many.sqlite', {});
    for (const ordinal of [1, 2, 3]) {
      const attempt = attempts.begin(MARIA)!;
      expect(attempt.ordinal).toBe(ordinal);
      expect(attempt.deadline).toBeUndefined();
      expect(attempts.begin(MARIA)).toEqual(attempt);
      now += 30 * 24 * 60 * MINUTE;
      expect(attempts.answer(MARIA.sub, attempt.id, 'q1', 'a')).toBe(true);
      attempts.finish(MARIA.sub, attempt.id);
    }
    expect(attempts.ofPerson(MARIA.sub).map(({ result }) => result?.correct)).toEqual([1, 1, 1]);
  });
});
