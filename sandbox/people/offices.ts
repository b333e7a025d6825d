/** Who of the sandbox's people acts for which organisation (domain.md §6.2), and who of them has given the undertaking. */
import { randomUUID } from 'node:crypto';
import type { Queryable } from '../../adapters/database/database.ts';

const OFFICES = [
  { person: 'M-22', organisation: 'P-01', role: 'chair', undertaken: true },
  { person: 'M-23', organisation: 'P-02', role: 'chair', undertaken: false },
  { person: 'M-24', organisation: 'T-01', role: 'chair', undertaken: true },
  { person: 'M-25', organisation: 'T-01', role: 'responsible', undertaken: true },
] as const;

/** Whoever has held an office there, were it over by now, is not given it again. */
export async function writeOffices(tx: Queryable): Promise<void> {
  for (const { person, organisation, role, undertaken } of OFFICES) {
    await tx.query(
      `insert into office (id, account_id, organisation_id, role, granted_by,
                           undertaken_at, undertaken_how, undertaken_by)
       select $1, a.id, $3, $4, 'sandbox',
              case when $5 then now() end, case when $5 then 'paper' end, case when $5 then 'sandbox' end
         from account a
        where a.member_id = $2
          and not exists (select from office where account_id = a.id and organisation_id = $3)`,
      [randomUUID(), person, organisation, role, undertaken],
    );
  }
}
