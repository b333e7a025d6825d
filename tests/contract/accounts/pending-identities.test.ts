/** security.md class 1: a proof that waits is sealed, its owner's alone, and used once. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aesGcm } from '../../../adapters/cipher/aes-gcm.ts';
import type { Database } from '../../../adapters/database/database.ts';
import { postgresStorage } from '../../../adapters/storage/postgres.ts';
import { pendingIdentities } from '../../../provider/accounts/pending-identities.ts';
import { engines } from '../engines.ts';
import { ESIA } from './scene.ts';

const cipher = aesGcm([{ id: 't', key: Buffer.alloc(32, 1) }]);
const proved = (family: string) => ({
  identity: { issuer: 'https://esia.example.test', subject: family, claims: { family_name: family } },
  ...{ upstream: ESIA, clientId: 'dictation' },
});

describe.each(engines)('pending identities on %s', (_name, open) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());
  const pending = () => pendingIdentities(postgresStorage(database), cipher);

  it('are looked at as often as one likes, and taken once', async () => {
    await pending().hold('owner-1', proved('Иванова'));
    expect(await pending().look('owner-1')).toEqual(proved('Иванова'));
    expect(await pending().look('owner-1')).toEqual(proved('Иванова'));
    const taken = await Promise.all([1, 2, 3, 4, 5].map(() => pending().take('owner-1')));
    expect(taken.filter(Boolean)).toEqual([proved('Иванова')]);
    expect(await pending().look('owner-1')).toBeUndefined();
    expect(await pending().take('owner-1')).toBeUndefined();
  });

  it('are of one owner, the last one of each', async () => {
    await pending().hold('owner-2', proved('Иванова'));
    await pending().hold('owner-2', proved('Петрова'));
    expect(await pending().take('owner-3')).toBeUndefined();
    expect(await pending().take('owner-2')).toEqual(proved('Петрова'));
    await pending().hold('owner-2', proved('Иванова'));
    expect(await pending().look('owner-2')).toEqual(proved('Иванова'));
  });

  it('are gone after a quarter of an hour, and say nothing to who reads the store', async () => {
    await pending().hold('owner-4', proved('Иванова'));
    const rows = await database.query<{ text: string; expires_at: Date }>(
      `select t::text as text, expires_at from passing_artefact t where model = 'PendingIdentity'
       union all select t::text, expires_at from artefact t where model = 'PendingIdentity'`,
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const { text, expires_at } of rows) {
      expect(text).not.toMatch(/Иванова|owner-4/);
      expect(expires_at.getTime() - Date.now()).toBeLessThanOrEqual(15 * 60_000);
    }
  });
});
