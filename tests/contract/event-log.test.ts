import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aesGcm } from '../../adapters/cipher/aes-gcm.ts';
import { postgresClients } from '../../adapters/client-store/postgres.ts';
import type { Database } from '../../adapters/database/database.ts';
import { postgresEventLog } from '../../adapters/event-stream-store/postgres-log.ts';
import { postgresEventStreams } from '../../adapters/event-stream-store/postgres-streams.ts';
import { engines } from './engines.ts';

const cipher = aesGcm([{ id: 'k1', key: Buffer.alloc(32, 7) }]);
const clientId = 'receiver';

describe.each(engines)('events on %s', (_name, openDatabase) => {
  let database: Database;
  beforeAll(async () => {
    database = await openDatabase();
  });
  afterAll(() => database.close());

  it('of a blocked client wait until it is let in again', async () => {
    const clients = postgresClients(database, cipher);
    const log = postgresEventLog(database);
    await clients.save({ client_id: clientId }, 'test');
    await database.transaction(async (tx) => {
      const delivery = { method: 'push', endpoint: 'https://receiver.example.ru/events' } as const;
      await postgresEventStreams(database, cipher).save({ clientId, delivery, events: [] }, tx);
      await log.append({ clientId, type: 'urn:test', subject: 'she', detail: {}, at: new Date() }, tx);
    });
    await clients.setBlocked(clientId, true);
    expect(await log.waiting(clientId, 10)).toEqual([]);
    expect(await log.claim(clientId, 30)).toBeUndefined();
    await clients.setBlocked(clientId, false);
    expect(await log.waiting(clientId, 10)).toHaveLength(1);
    expect(await log.claim(clientId, 30)).toMatchObject({ subject: 'she' });
  });
});
