/** The questions of a quiz: a file, checked at start. Knows nothing of those who answer. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const line = z.string().trim().min(1).max(600);

const question = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9-]{1,40}$/),
    text: line,
    options: z.record(z.enum(['a', 'b', 'c', 'd']), line),
    answer: z.enum(['a', 'b', 'c', 'd']),
    /** Why the answer is right; one or two sentences. */
    explanation: line,
  })
  .refine(({ options }) => new Set(Object.values(options)).size === Object.keys(options).length, {
    message: 'options must differ',
    path: ['options'],
  });

const book = z
  .strictObject({
    /** Time for one attempt; without it there is no limit. */
    minutes: z.int().min(1).optional(),
    /** From the best downwards; the last is for whoever took part. `from`: least number of right answers. */
    grades: z.array(z.strictObject({ code: z.string().regex(/^[a-z_]+$/), from: z.int().min(0) })).min(1),
    questions: z.array(question).min(1),
  })
  .refine(({ questions }) => new Set(questions.map(({ id }) => id)).size === questions.length, {
    message: 'ids must differ',
    path: ['questions'],
    when: () => true,
  })
  .refine(({ grades }) => grades.at(-1)?.from === 0 && areFalling(grades.map(({ from }) => from)), {
    message: 'must fall from the best to one that begins at 0',
    path: ['grades'],
    when: () => true,
  });

export type QuestionBook = z.output<typeof book>;
export type Question = z.output<typeof question>;
export type OptionId = Question['answer'];
export const OPTION_IDS = ['a', 'b', 'c', 'd'] as const satisfies readonly OptionId[];

export class QuestionBookError extends Error {
  override name = 'QuestionBookError';
}

/** Throws QuestionBookError that names every fault of the file. */
export function parseQuestionBook(json: string): QuestionBook {
  const parsed = book.safeParse(JSON.parse(json));
  if (!parsed.success) throw new QuestionBookError(z.prettifyError(parsed.error));
  return parsed.data;
}

export function readQuestionBook(file: URL): QuestionBook {
  return parseQuestionBook(readFileSync(file, 'utf8'));
}

/** Code of the grade; its words are `grade.<code>` in the catalogue. */
export function gradeOf(correct: number, { grades }: Pick<QuestionBook, 'grades'>): string {
  return grades.find(({ from }) => correct >= from)!.code;
}

function areFalling(numbers: readonly number[]): boolean {
  return numbers.every((number, index) => index === 0 || number < numbers[index - 1]!);
}
