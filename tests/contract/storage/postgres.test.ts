import { describe, expect, it } from 'vitest';
import type { Database } from '../../../adapters/database/database.ts';
import { migrate } from '../../../adapters/database/migrate.ts';
import { openPg } from '../../../adapters/database/pg.ts';
import { postgresStorage } from '../../../adapters/storage/postgres.ts';
import { openEmbedded } from '../../support/services/embedded.ts';
import { createDatabase } from '../../support/services/given.ts';
import { type Opened, storageContract } from './storage-contract.ts';

async function onServer() {
  const { url, drop } = await createDatabase();
  const database = openPg({ url, poolSize: 10, connectionTimeout: 10_000 });
  const close = async (): Promise<void> => {
    await database.close();
    await drop();
  };
  return { database, close };
}

async function inProcess() {
  const database = await openEmbedded();
  await migrate(database);
  return { database, close: () => database.close() };
}

const opened = ({ database, close }: { database: Database; close(): Promise<void> }): Opened => ({
  storage: postgresStorage(database),
  close,
  async dump() {
    const rows = [];
    for (const table of ['artefact', 'passing_artefact', 'revoked_grant']) {
      rows.push(...(await database.query<{ row: string }>(`select t::text as row from ${table} t`)));
    }
    // The text of a row doubles quotation marks.
    return rows.map(({ row }) => row.replaceAll('""', '"')).join('\n');
  },
});

storageContract('PostgreSQL', async () => opened(await onServer()));
storageContract('PGlite', async () => opened(await inProcess()));

describe.each([
  { name: 'PostgreSQL', open: onServer },
  { name: 'PGlite', open: inProcess },
])('sweeping on $name', ({ open }) => {
  it('removes what has expired, however much it is, and nothing else', async () => {
    const { database, close } = await open();
    const storage = postgresStorage(database, { revokedGrantMemory: -1 });
    await storage('Session').upsert('alive', {}, 3_600);
    for (const table of ['artefact', 'passing_artefact']) {
      await database.query(
        `insert into ${table} (model, id, payload, expires_at)
         select 'Session', n::text, '{}', now() - interval '1 second' from generate_series(1, 5500) n`,
      );
    }
    await storage('Session').revokeByGrantId('long forgotten');
    expect(await storage.sweep()).toBe(11_001);
    expect(await storage.sweep()).toBe(0);
    expect(await storage('Session').find('alive')).toEqual({ jti: 'alive' });
    await close();
  });
});
