/** Applications in the register kept by ourselves: the desk of chairs, and what waits there too long. */
import { postgresDesk } from '../../adapters/application-desk/postgres.ts';
import { postgresOverdue } from '../../adapters/application-desk/postgres-overdue.ts';
import type { Cipher } from '../../adapters/cipher/cipher.ts';
import { systemClock } from '../../adapters/clock.ts';
import { postgresTicketRanges } from '../../adapters/ticket-ranges/postgres.ts';
import { employmentOf } from '../applications/employment.ts';
import { remindOfApplications } from '../applications/remind.ts';
import type { Config } from '../config.ts';
import type { Records } from './records.ts';
import type { Stores } from './stores.ts';

export function openApplications({ database }: Stores, { cipher }: { readonly cipher: Cipher }) {
  const ranges = postgresTicketRanges(database);
  return { applicationDesk: postgresDesk(database, { cipher, ranges, employmentOf }) };
}

/** Where the АИС keeps the register, it reminds whom it will. */
export async function workOnApplications(
  { registry }: Pick<Config, 'registry'>,
  { database, jobs }: Stores,
  { offices, calendar, post, events }: Records,
): Promise<void> {
  if (registry.external) return;
  await remindOfApplications(jobs, {
    ...{ database, offices, calendar, post, events, clock: systemClock },
    overdueApplications: postgresOverdue(database),
  });
}
