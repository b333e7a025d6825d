import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresAccounts } from '../../adapters/account-store/postgres.ts';
import type { Database } from '../../adapters/database/database.ts';
import { postgresRegistrations } from '../../adapters/registration-store/postgres.ts';
import type {
  NewRegistration,
  RegistrationStore,
} from '../../adapters/registration-store/registration-store.ts';
import type { Sweeper } from '../../adapters/storage/storage.ts';
import { engines } from './engines.ts';

describe.each(engines)('registrations on %s', (_name, openDatabase) => {
  let database: Database;
  let store: RegistrationStore & Sweeper;
  let count = 0;

  beforeAll(async () => {
    database = await openDatabase();
    store = postgresRegistrations(database);
  });
  afterAll(() => database.close());

  const address = () => {
    count += 1;
    return { key: `person-${count}@example.test`, original: `Person-${count}@Example.test` };
  };
  const begun = async (more: Partial<NewRegistration> = {}): Promise<NewRegistration> => {
    const registration: NewRegistration = {
      id: randomUUID(),
      email: address(),
      passwordHash: `hash-${count}`,
      locale: 'ru',
      termsVersion: '1',
      device: 'Firefox · Linux',
      network: '203.0.113.0/24',
      ...more,
    };
    await store.add(registration);
    return registration;
  };
  const confirm = (id: string, by = 'a browser') => database.transaction((tx) => store.confirm(id, by, tx));
  const disown = (id: string) => database.transaction((tx) => store.disown(id, tx));
  const readdress = (id: string, email = address()) =>
    database.transaction((tx) => store.readdress(id, email, tx));

  it('gives back what was asked for, and never the hash', async () => {
    const wayBack = { interaction: 'an-interaction', clientId: 'dictation' };
    const { passwordHash, ...asked } = await begun({ wayBack, locale: 'en' });
    const found = await store.find(asked.id);
    expect(found).toEqual({ ...asked, state: 'open', createdAt: expect.any(Date) });
    expect(JSON.stringify(found)).not.toContain(passwordHash);
    expect(await store.find(randomUUID())).toBeUndefined();
  });

  it('is confirmed once, hands the hash over and forgets it', async () => {
    const { id, passwordHash } = await begun();
    expect(await confirm(id)).toMatchObject({ id, passwordHash, state: 'confirmed' });
    expect(await confirm(id)).toBeUndefined();
    expect(await store.find(id)).toMatchObject({ state: 'confirmed', confirmedBy: 'a browser' });
    const rows = await database.query('select * from registration where id = $1', [id]);
    expect(JSON.stringify(rows)).not.toContain(passwordHash);
  });

  it('of twenty who confirm at once, one does', async () => {
    const { id } = await begun();
    const all = await Promise.all(Array.from({ length: 20 }, (_, at) => confirm(id, `browser ${at}`)));
    expect(all.filter(Boolean)).toHaveLength(1);
  });

  it('of several for one address confirmed at once, one is; the others are void', async () => {
    const email = address();
    const rivals = await Promise.all(Array.from({ length: 8 }, () => begun({ email })));
    const elsewhere = await begun();
    const all = await Promise.all(rivals.map(({ id }) => confirm(id)));
    const [winner, ...more] = all.filter((one) => one !== undefined);
    expect(more).toEqual([]);
    for (const { id } of rivals) {
      expect((await store.find(id))?.state).toBe(id === winner?.id ? 'confirmed' : 'void');
      expect(await confirm(id)).toBeUndefined();
    }
    expect((await store.find(elsewhere.id))?.state).toBe('open');
  });

  it('stays open when what came with the confirmation fails', async () => {
    const { id, passwordHash } = await begun();
    const failing = database.transaction(async (tx) => {
      await store.confirm(id, 'a browser', tx);
      throw new Error('no account');
    });
    await expect(failing).rejects.toThrow('no account');
    expect(await confirm(id)).toMatchObject({ passwordHash });
  });

  it('is disowned once, and then worth nothing', async () => {
    const { id } = await begun();
    expect(await disown(id)).toBe(true);
    expect(await disown(id)).toBe(false);
    expect(await confirm(id)).toBeUndefined();
    expect(await readdress(id)).toBe(false);
    expect((await store.find(id))?.state).toBe('void');
  });

  it('takes another address while it is open', async () => {
    const { id } = await begun();
    const corrected = address();
    expect(await readdress(id, corrected)).toBe(true);
    expect(await confirm(id)).toMatchObject({ email: corrected });
    expect(await readdress(id)).toBe(false);
    expect((await store.find(id))?.email).toEqual(corrected);
  });

  it('is forgotten after a week, open or not', async () => {
    const old = [await begun(), await begun()];
    const young = await begun();
    await confirm(String(old[1]?.id));
    for (const { id } of old) {
      await database.query(`update registration set created_at = now() - interval '8 days' where id = $1`, [
        id,
      ]);
    }
    expect(await store.find(String(old[0]?.id))).toBeUndefined();
    expect(await confirm(String(old[0]?.id))).toBeUndefined();
    expect(await store.sweep()).toBe(2);
    expect(await store.find(young.id)).toMatchObject({ state: 'open' });
  });

  it('is what a sign-in finds beside whoever has the address: the latest one', async () => {
    const accounts = postgresAccounts(database);
    const email = address();
    await begun({ email, passwordHash: 'the first' });
    await database.query(
      `update registration set created_at = created_at - interval '1 minute' where email_key = $1`,
      [email.key],
    );
    const latest = await begun({ email, passwordHash: 'the second' });
    expect(await accounts.credentialsOf('email', email.key)).toEqual({
      registration: { id: latest.id, hash: 'the second' },
    });
    expect(await accounts.credentialsOf('ticket', email.key)).toEqual({});
    await confirm(latest.id);
    await accounts.create({ id: latest.id, locale: 'ru', email, passwordHash: 'the second' });
    const rival = await begun({ email, passwordHash: 'a rival after all' });
    expect(await accounts.credentialsOf('email', email.key)).toEqual({
      account: { accountId: latest.id, status: 'confirmed', confirmed: true, hash: 'the second' },
      registration: { id: rival.id, hash: 'a rival after all' },
    });
  });
});
