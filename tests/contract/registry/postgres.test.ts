import { randomBytes } from 'node:crypto';
import { postgresDesk } from '../../../adapters/application-desk/postgres.ts';
import { aesGcm } from '../../../adapters/cipher/aes-gcm.ts';
import type { Database } from '../../../adapters/database/database.ts';
import { migrate } from '../../../adapters/database/migrate.ts';
import { openPg } from '../../../adapters/database/pg.ts';
import { postgresRegistry } from '../../../adapters/registry/postgres.ts';
import { postgresTicketRanges } from '../../../adapters/ticket-ranges/postgres.ts';
import { seedRegister } from '../../../sandbox/people/seed.ts';
import { openEmbedded } from '../../support/services/embedded.ts';
import { createDatabase } from '../../support/services/given.ts';
import { registryContract, type TestedRegistry } from './registry-contract.ts';

const cipher = aesGcm([{ id: 'k', key: randomBytes(32) }]);

async function keptIn(database: Database): Promise<TestedRegistry> {
  await migrate(database);
  await seedRegister(database);
  const desk = postgresDesk(database, {
    cipher,
    ranges: postgresTicketRanges(database),
    employmentOf: () => undefined,
  });
  let numbers = 5_000;
  let open = true;
  const close = async () => {
    if (open) await database.close();
    open = false;
  };
  return {
    registry: postgresRegistry(database, { cipher, admitsNobody: 'Организация не принимает заявлений.' }),
    async accept(id) {
      numbers += 1;
      const ticket = { kind: 'typed', number: `99${String(numbers).padStart(14, '0')}` } as const;
      await desk.accept(id, 'all', { ticket, by: 'operator' });
    },
    async decline(id, state, reason) {
      await desk.decline(id, 'all', { state, reason, by: 'operator' });
    },
    goAway: close,
    close,
  };
}

registryContract('kept in PGlite', async () => keptIn(await openEmbedded()));
registryContract('kept in PostgreSQL', async () =>
  keptIn(openPg({ url: (await createDatabase()).url, poolSize: 5 })),
);
