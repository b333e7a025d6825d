/** The two databases every rule of accounts must hold on. */
import type { Database } from '../../../adapters/database/database.ts';
import { migrate } from '../../../adapters/database/migrate.ts';
import { openPg } from '../../../adapters/database/pg.ts';
import { openEmbedded } from '../../support/services/embedded.ts';
import { createDatabase } from '../../support/services/given.ts';

export type OpenedDatabase = { readonly database: Database; close(): Promise<void> };

export const engines: [string, () => Promise<OpenedDatabase>][] = [
  [
    'PGlite',
    async () => {
      const database = await openEmbedded();
      await migrate(database);
      return { database, close: () => database.close() };
    },
  ],
  [
    'PostgreSQL',
    async () => {
      const { url, drop } = await createDatabase();
      const database = openPg({ url, poolSize: 8, connectionTimeout: 20_000 });
      const close = async (): Promise<void> => {
        await database.close();
        await drop();
      };
      return { database, close };
    },
  ],
];
