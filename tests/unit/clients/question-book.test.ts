/** The questions of both portals, and what the check at start finds. */
import { describe, expect, test } from 'vitest';
import {
  gradeOf,
  parseQuestionBook,
  QuestionBookError,
  readQuestionBook,
} from '../../../clients/quiz/question-book.ts';
import { standingOf } from '../../../clients/quiz/standing.ts';

const fileOf = (portal: string) => new URL(`../../../clients/${portal}/questions.json`, import.meta.url);
const dictation = readQuestionBook(fileOf('dictation'));
const compass = readQuestionBook(fileOf('compass'));

test('the Dictation has 30 questions and an hour, the Compass 20 and no clock', () => {
  expect([dictation.questions.length, dictation.minutes]).toEqual([30, 60]);
  expect([compass.questions.length, compass.minutes]).toEqual([20, undefined]);
});

test.each([
  ['Dictation', dictation],
  ['Compass', compass],
])('no letter gives the answers of the %s away', (_name, { questions }) => {
  for (const letter of ['a', 'b', 'c', 'd']) {
    const share = questions.filter(({ answer }) => answer === letter).length / questions.length;
    expect(share).toBeGreaterThan(0.1);
    expect(share).toBeLessThan(0.45);
  }
});

test.each([
  [30, 'excellent'],
  [27, 'excellent'],
  [26, 'good'],
  [21, 'good'],
  [20, 'fair'],
  [15, 'fair'],
  [14, 'participant'],
  [0, 'participant'],
])('%i right answers are %s', (correct, grade) => {
  expect(gradeOf(correct, dictation)).toBe(grade);
});

describe('a faulty file', () => {
  const question = {
    id: 'one',
    text: 'Сколько?',
    options: { a: '1', b: '2', c: '3', d: '4' },
    answer: 'a',
    explanation: 'Так.',
  };
  const book = { grades: [{ code: 'all', from: 0 }], questions: [question] };
  const faultsOf = (faulty: object) => {
    try {
      parseQuestionBook(JSON.stringify(faulty));
    } catch (error) {
      if (error instanceof QuestionBookError) return error.message;
    }
    return 'none';
  };

  test('is told from a good one', () => {
    expect(faultsOf(book)).toBe('none');
  });

  test.each([
    ['two questions with one id', { questions: [question, question] }, 'ids must differ'],
    [
      'two equal options',
      { questions: [{ ...question, options: { ...question.options, b: '1' } }] },
      'options must differ',
    ],
    ['three options', { questions: [{ ...question, options: { a: '1', b: '2', c: '3' } }] }, 'options'],
    ['an answer that is no option', { questions: [{ ...question, answer: 'e' }] }, 'answer'],
    ['no explanation', { questions: [{ ...question, explanation: ' ' }] }, 'explanation'],
    ['grades that do not reach 0', { grades: [{ code: 'all', from: 1 }] }, 'must fall'],
    [
      'grades that rise',
      {
        grades: [
          { code: 'low', from: 0 },
          { code: 'high', from: 9 },
        ],
      },
      'must fall',
    ],
    ['an unknown field', { minuts: 60 }, 'minuts'],
  ])('with %s is refused', (_what, over, fault) => {
    expect(faultsOf({ ...book, ...over })).toContain(fault);
  });

  test('is refused with all its faults at once', () => {
    const faults = faultsOf({ minutes: 0, grades: [], questions: [] });
    for (const part of ['minutes', 'grades', 'questions']) expect(faults).toContain(part);
  });
});

describe('the best of several attempts', () => {
  const finished = (ordinal: number, correct: number) => ({
    id: String(ordinal),
    ordinal,
    startedAt: new Date(0),
    result: { finishedAt: new Date(0), correct },
  });

  test('is the earliest of equals', () => {
    const { best, finished: list } = standingOf([finished(1, 7), finished(2, 15), finished(3, 15)], compass);
    expect(best).toMatchObject({ ordinal: 2, correct: 15, grade: 'course' });
    expect(list.map(({ ordinal }) => ordinal)).toEqual([3, 2, 1]);
  });

  test('is none while none is finished', () => {
    const attempt = { id: '1', ordinal: 1, startedAt: new Date(0) };
    expect(standingOf([attempt], compass)).toEqual({ open: attempt, finished: [], best: undefined });
  });
});
