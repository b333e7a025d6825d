/** Is the database there, recent enough, up to date and writable? */
import type { Database } from '../../../adapters/database/database.ts';
import { pendingMigrations } from '../stores.ts';
import { type Finding, findings, reasonOf } from './finding.ts';

const OLDEST_VERSION = 15;

/** False as `usable` means that checks of what is kept there make no sense. */
export async function checkDatabase(
  database: Database,
  embedded: boolean,
): Promise<{ usable: boolean; found: readonly Finding[] }> {
  const { found, ok, warning, wrong } = findings('database');
  try {
    const [row] = await database.query<{ version: string }>(
      `select current_setting('server_version') as version`,
    );
    const version = row?.version ?? '';
    if (Number.parseInt(version, 10) < OLDEST_VERSION) {
      wrong(`PostgreSQL ${version} is too old`, `Upgrade it to ${OLDEST_VERSION} or later.`);
    } else {
      ok(`PostgreSQL ${version} answers`);
    }
  } catch (error) {
    wrong(
      `cannot be reached: ${reasonOf(error)}`,
      'Is the server running? Are host, port, user and password in DATABASE_URL right?',
    );
    return { usable: false, found };
  }
  if (embedded) warning('is the embedded one', 'Fit for one process; set DATABASE_URL for production.');

  const pending = await pendingMigrations(database);
  if (pending.length > 0) {
    wrong(`the schema is ${pending.length} migration(s) behind`, 'Run «union-id migrate».');
    return { usable: false, found };
  }
  ok('the schema is current');

  try {
    // Touches no row, but asks for the right to write, and for a server that is not a replica.
    await database.query('update client set updated_at = updated_at where false');
    ok('is writable');
  } catch (error) {
    wrong(
      `cannot be written: ${reasonOf(error)}`,
      'Point DATABASE_URL at the primary, as a user who may write the tables.',
    );
  }
  return { usable: true, found };
}
