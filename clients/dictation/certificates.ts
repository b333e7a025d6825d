/** Certificates: one for a finished attempt, with the name as it was on the day of issue. */
import type { Clock } from '../relying-party/clock.ts';
import type { Database } from '../relying-party/database.ts';

export type Certificate = { readonly number: number; readonly fullName: string; readonly issuedAt: Date };

export interface Certificates {
  of(attemptId: string): Certificate | undefined;
  /** Issues once; a second call changes nothing. */
  issue(attemptId: string, fullName: string): void;
}

type Row = { number: number; full_name: string; issued_at: number };

export function sqliteCertificates(database: Database, clock: Clock): Certificates {
  const select = database.prepare(
    'select number, full_name, issued_at from certificate where attempt_id = :attemptId',
  );
  const insert = database.prepare(
    `insert into certificate (attempt_id, full_name, issued_at) values (:attemptId, :fullName, :now)
     on conflict do nothing`,
  );
  return {
    of(attemptId) {
      const row = select.get({ attemptId }) as Row | undefined;
      return row && { number: row.number, fullName: row.full_name, issuedAt: new Date(row.issued_at) };
    },
    issue(attemptId, fullName) {
      insert.run({ attemptId, fullName, now: clock.now().getTime() });
    },
  };
}
