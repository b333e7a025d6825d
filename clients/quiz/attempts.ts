/**
 * Attempts at a quiz, by the server's clock: when one may begin, until when it takes answers, what it was worth. Each
 * rule is one statement, so that two tabs or two processes cannot slip between reading and writing.
 */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../relying-party/clock.ts';
import type { Database } from '../relying-party/database.ts';
import type { OptionId, QuestionBook } from './question-book.ts';

export type Attempt = {
  readonly id: string;
  /** The person's first, second, …: from 1. */
  readonly ordinal: number;
  readonly startedAt: Date;
  /** Absent when there is no limit. */
  readonly deadline?: Date | undefined;
  /** Present when it takes no answers any more. */
  readonly result?: { readonly finishedAt: Date; readonly correct: number } | undefined;
};

export type Person = { readonly sub: string; readonly region?: string | undefined };

/** Question id → option id. */
export type Answers = ReadonlyMap<string, OptionId>;

export interface Attempts {
  /** The person's open attempt, begun now if there is none; undefined when all attempts are used. */
  begin(person: Person): Attempt | undefined;
  /** All of one person, the first first; overdue ones are closed before. */
  ofPerson(sub: string): readonly Attempt[];
  /** False when the attempt is somebody else's or takes no answers any more; the last answer to a question counts. */
  answer(sub: string, attemptId: string, question: string, option: OptionId): boolean;
  answersOf(attemptId: string): Answers;
  /** False when it was finished before. */
  finish(sub: string, attemptId: string): boolean;
  /** Finishes, as of their deadlines, all attempts whose time is over. */
  closeOverdue(): void;
}

export type AttemptRules = {
  /** How many one person has; absent: as many as she likes. */
  readonly attemptsPerPerson?: number;
};

type Row = {
  id: string;
  ordinal: number;
  started_at: number;
  deadline_at: number | null;
  finished_at: number | null;
  correct: number | null;
};

const COLUMNS = 'id, ordinal, started_at, deadline_at, finished_at, correct';
const COUNT_CORRECT = `(select count(*) from answer join json_each(:key) as k
  on k.key = answer.question and k.value = answer.option where answer.attempt_id = attempt.id)`;

export function sqliteAttempts(
  database: Database,
  clock: Clock,
  { minutes, questions }: Pick<QuestionBook, 'minutes' | 'questions'>,
  { attemptsPerPerson = Number.MAX_SAFE_INTEGER }: AttemptRules,
): Attempts {
  const key = JSON.stringify(Object.fromEntries(questions.map(({ id, answer }) => [id, answer])));

  const insert = database.prepare(
    `insert into attempt (id, sub, ordinal, region, started_at, deadline_at)
     select :id, :sub, 1 + count(*), :region, :now, :deadline from attempt where sub = :sub
     having count(*) < :most and count(*) = count(finished_at)
     on conflict do nothing`,
  );
  const selectOpen = database.prepare(
    `select ${COLUMNS} from attempt where sub = :sub and finished_at is null`,
  );
  const select = database.prepare(`select ${COLUMNS} from attempt where sub = :sub order by ordinal`);
  const upsertAnswer = database.prepare(
    `insert into answer (attempt_id, question, option, answered_at)
     select id, :question, :option, :now from attempt
     where id = :attemptId and sub = :sub and finished_at is null and (deadline_at is null or deadline_at > :now)
     on conflict (attempt_id, question) do update set option = excluded.option, answered_at = excluded.answered_at`,
  );
  const selectAnswers = database.prepare('select question, option from answer where attempt_id = :attemptId');
  const finish = database.prepare(
    `update attempt set finished_at = :now, correct = ${COUNT_CORRECT}
     where id = :attemptId and sub = :sub and finished_at is null`,
  );
  const closeOverdue = database.prepare(
    `update attempt set finished_at = deadline_at, correct = ${COUNT_CORRECT}
     where finished_at is null and deadline_at <= :now`,
  );

  const now = () => clock.now().getTime();
  const close = () => closeOverdue.run({ key, now: now() });

  return {
    begin({ sub, region = null }) {
      close();
      const at = now();
      const deadline = minutes === undefined ? null : at + minutes * 60_000;
      insert.run({ id: randomUUID(), sub, region, now: at, deadline, most: attemptsPerPerson });
      const row = selectOpen.get({ sub });
      return row && toAttempt(row as Row);
    },
    ofPerson(sub) {
      close();
      return (select.all({ sub }) as Row[]).map(toAttempt);
    },
    answer(sub, attemptId, question, option) {
      return upsertAnswer.run({ sub, attemptId, question, option, now: now() }).changes === 1;
    },
    answersOf(attemptId) {
      const rows = selectAnswers.all({ attemptId }) as { question: string; option: OptionId }[];
      return new Map(rows.map(({ question, option }) => [question, option]));
    },
    finish(sub, attemptId) {
      close();
      return finish.run({ sub, attemptId, key, now: now() }).changes === 1;
    },
    closeOverdue: close,
  };
}

function toAttempt({ id, ordinal, started_at, deadline_at, finished_at, correct }: Row): Attempt {
  return {
    id,
    ordinal,
    startedAt: new Date(started_at),
    deadline: deadline_at === null ? undefined : new Date(deadline_at),
    result:
      finished_at === null || correct === null ? undefined : { finishedAt: new Date(finished_at), correct },
  };
}
