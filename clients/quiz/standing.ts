/** Where a person stands with the quiz, in the words of a page: what is open, what is done, what was best. Pure. */
import type { Answers, Attempt } from './attempts.ts';
import { dayOf, minutesUntil, timeOf } from './moments.ts';
import { gradeOf, OPTION_IDS, type QuestionBook } from './question-book.ts';

export type Finished = {
  readonly ordinal: number;
  readonly correct: number;
  readonly total: number;
  readonly grade: string;
  readonly day: string;
  readonly time: string;
};

export type Standing = {
  /** The attempt under way. */
  readonly open?: Attempt | undefined;
  /** The last first. */
  readonly finished: readonly Finished[];
  /** Of equals the earliest. */
  readonly best?: Finished | undefined;
};

export function standingOf(attempts: readonly Attempt[], book: QuestionBook): Standing {
  const finished = attempts.flatMap((attempt) => finishedOf(attempt, book) ?? []);
  return {
    open: attempts.find(({ result }) => result === undefined),
    finished: finished.toReversed(),
    best: finished.reduce<Finished | undefined>(
      (best, one) => (best && best.correct >= one.correct ? best : one),
      undefined,
    ),
  };
}

export function finishedOf({ ordinal, result }: Attempt, book: QuestionBook): Finished | undefined {
  return (
    result && {
      ordinal,
      correct: result.correct,
      total: book.questions.length,
      grade: gradeOf(result.correct, book),
      day: dayOf(result.finishedAt),
      time: timeOf(result.finishedAt),
    }
  );
}

/** For the line that tells the time left; `now` lets a script correct a wrong clock of the computer. */
export function timeLeft({ deadline }: Attempt, now: Date) {
  return (
    deadline && {
      minutes: minutesUntil(deadline, now),
      until: timeOf(deadline),
      deadline: deadline.getTime(),
      now: now.getTime(),
    }
  );
}

/** Numbers, from 1, of the questions without an answer. */
export function unanswered({ questions }: QuestionBook, answers: Answers): number[] {
  return questions.flatMap(({ id }, index) => (answers.has(id) ? [] : [index + 1]));
}

/** Each question with what was chosen and what is right. */
export function marked({ questions }: QuestionBook, answers: Answers) {
  return questions.map(({ id, text, options, answer, explanation }, index) => {
    const chosen = answers.get(id);
    return {
      number: index + 1,
      text,
      chosen: chosen && options[chosen],
      right: options[answer],
      isRight: chosen === answer,
      explanation,
    };
  });
}

/** The options of a question in the order of their letters. */
export function choices({ options }: QuestionBook['questions'][number]) {
  return OPTION_IDS.map((id) => ({ id, text: options[id] }));
}
