import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresAccounts } from '../../adapters/account-store/postgres.ts';
import type { NewPasskey } from '../../adapters/authenticators/authenticators.ts';
import { postgresCodeApps } from '../../adapters/authenticators/postgres-code-apps.ts';
import { postgresPasskeys } from '../../adapters/authenticators/postgres-passkeys.ts';
import { postgresProtections } from '../../adapters/authenticators/postgres-protections.ts';
import { postgresRecoveryCodes } from '../../adapters/authenticators/postgres-recovery-codes.ts';
import { aesGcm } from '../../adapters/cipher/aes-gcm.ts';
import type { Database } from '../../adapters/database/database.ts';
import { engines } from './engines.ts';

const AT_ONCE = 20;
const cipher = aesGcm([{ id: 't1', key: randomBytes(32) }]);

describe.each(engines)('authenticators on %s', (_name, openDatabase) => {
  let database: Database;
  let serial = 0;
  beforeAll(async () => {
    database = await openDatabase();
  });
  afterAll(() => database.close());

  const account = async (): Promise<string> => {
    const id = `owner-${++serial}`;
    await database.query('insert into account (id) values ($1)', [id]);
    return id;
  };
  const apps = () => postgresCodeApps(database, cipher);
  const keys = () => postgresPasskeys(database);
  const protections = () => postgresProtections(database);
  const papers = postgresRecoveryCodes(randomBytes(32));
  const atOnce = async (act: () => Promise<unknown>) =>
    (await Promise.all(Array.from({ length: AT_ONCE }, act))).filter(
      (done) => done !== false && done !== undefined,
    );

  const appOf = async (accountId: string, step = 100): Promise<string> => {
    await apps().add({ accountId, name: 'Телефон', secret: 'JBSWY3DPEHPK3PXP', step });
    return (await apps().of(accountId)).at(-1)?.id ?? '';
  };
  const keyOf = (accountId: string, told: Partial<NewPasskey> = {}): NewPasskey => ({
    ...{ accountId, name: 'Ноутбук', credentialId: randomBytes(16).toString('base64url') },
    ...{ publicKey: new Uint8Array([1, 2, 3]), counter: 0, transports: ['internal', 'hybrid'] },
    ...{ syncable: true, backedUp: false, ...told },
  });

  it('keep the secret of an application sealed, to its row', async () => {
    const id = await account();
    await appOf(id);
    const [kept] = await database.query<{ secret: string }>(
      'select secret from code_app where account_id = $1',
      [id],
    );
    expect(kept?.secret).not.toContain('JBSWY3DPEHPK3PXP');
    expect((await apps().secretsOf(id)).map(({ secret }) => secret)).toEqual(['JBSWY3DPEHPK3PXP']);
    const other = await account();
    const foreign = await appOf(other);
    await database.query('update code_app set secret = $2 where id = $1', [foreign, kept?.secret ?? '']);
    await expect(apps().secretsOf(other)).rejects.toThrow();
  });

  it('use each step once, of parallel calls by one, and none before it afterwards', async () => {
    const app = await appOf(await account());
    expect(await atOnce(() => apps().useStep(app, 101))).toHaveLength(1);
    expect(await apps().useStep(app, 101)).toBe(false);
    expect(await apps().useStep(app, 100)).toBe(false);
    expect(await apps().useStep(app, 102)).toBe(true);
  });

  it('have the code that has confirmed an application used up', async () => {
    const app = await appOf(await account(), 500);
    expect(await apps().useStep(app, 500)).toBe(false);
  });

  it('remove what is hers and nobody else’s', async () => {
    const [id, other] = [await account(), await account()];
    const app = await appOf(id);
    await protections().userHandleOf(id);
    await keys().add(keyOf(id));
    const [key] = await keys().of(id);
    const asOther = await database.transaction(async (tx) => [
      await apps().remove(other, app, tx),
      await keys().remove(other, key?.id ?? '', tx),
    ]);
    expect(asOther).toEqual([false, false]);
    const asOwner = await database.transaction(async (tx) => [
      await apps().remove(id, app, tx),
      await keys().remove(id, key?.id ?? '', tx),
    ]);
    expect(asOwner).toEqual([true, true]);
  });

  it('find a passkey by its credential, with all that judges its answers', async () => {
    const id = await account();
    const handle = await protections().userHandleOf(id);
    const key = keyOf(id, { counter: 7 });
    expect(await keys().add(key)).toBe(true);
    const other = await account();
    await protections().userHandleOf(other);
    expect(await keys().add({ ...key, accountId: other })).toBe(false);
    const { name: _n, syncable: _s, backedUp: _b, ...judged } = key;
    expect(await keys().find(key.credentialId)).toEqual({
      ...{ ...judged, userHandle: handle, id: expect.any(String) },
    });
    expect(await keys().find('nobody')).toBeUndefined();
    expect(await keys().credentialsOf(id)).toHaveLength(1);
  });

  it('take a counter that grows, or none at all; of parallel answers with one counter, one', async () => {
    const id = await account();
    await protections().userHandleOf(id);
    await keys().add(keyOf(id));
    const key = (await keys().of(id))[0]?.id ?? '';
    expect(await keys().used(key, 0, false)).toBe(true);
    expect(await atOnce(() => keys().used(key, 5, true))).toHaveLength(1);
    expect([await keys().used(key, 4, true), await keys().used(key, 0, true)]).toEqual([false, false]);
    expect((await keys().of(id))[0]).toMatchObject({ backedUp: true, usedAt: expect.any(Date) });
  });

  it('redeem a code of the paper once, say how many are left, and void the former paper', async () => {
    const [id, other] = [await account(), await account()];
    const write = (codes: readonly string[]) => database.transaction((tx) => papers.replace(id, codes, tx));
    const redeem = (who: string, code: string) => database.transaction((tx) => papers.redeem(who, code, tx));
    await write(['AAAAAAAAAA', 'BBBBBBBBBB', 'CCCCCCCCCC']);
    expect(await redeem(other, 'AAAAAAAAAA')).toBeUndefined();
    expect(await atOnce(() => redeem(id, 'AAAAAAAAAA'))).toEqual([2]);
    expect((await protections().of(id)).recoveryCodes).toBe(2);
    await write(['DDDDDDDDDD']);
    expect([await redeem(id, 'BBBBBBBBBB'), await redeem(id, 'DDDDDDDDDD')]).toEqual([undefined, 0]);
  });

  it('give one handle to an account, whoever asks first', async () => {
    const id = await account();
    const handles = await Promise.all(Array.from({ length: AT_ONCE }, () => protections().userHandleOf(id)));
    expect(new Set(handles).size).toBe(1);
    expect(handles[0]).not.toBe(await protections().userHandleOf(await account()));
  });

  it('are forgotten all at once, for whoever has lost them', async () => {
    const [id, other] = [await account(), await account()];
    for (const who of [id, other]) {
      await appOf(who);
      await protections().userHandleOf(who);
      await keys().add(keyOf(who));
      await database.transaction(async (tx) => {
        await papers.replace(who, ['AAAAAAAAAA', 'BBBBBBBBBB'], tx);
        await protections().askAlways(who, true, tx);
      });
    }
    const forget = () => database.transaction((tx) => protections().forgetAll(id, tx));
    expect([await forget(), await forget()]).toEqual([4, 0]);
    const nothing = { codeApps: 0, passkeys: 0, recoveryCodes: 0, alwaysAsked: false };
    expect(await protections().of(id)).toEqual(nothing);
    expect(await protections().of(other)).toMatchObject({ codeApps: 1, passkeys: 1, alwaysAsked: true });
  });

  it('count what there is, and say how she wants to be asked', async () => {
    const id = await account();
    const find = async () => (await postgresAccounts(database).find(id))?.alwaysAsked;
    expect(await protections().of(id)).toEqual({
      ...{ codeApps: 0, passkeys: 0, recoveryCodes: 0, alwaysAsked: false },
    });
    const always = (wanted: boolean) => database.transaction((tx) => protections().askAlways(id, wanted, tx));
    expect([await always(false), await always(true), await always(true)]).toEqual([false, true, false]);
    expect(await find()).toEqual({ mailCounts: false });

    const letMail = () => database.transaction((tx) => protections().letMailCount(id, 24, tx));
    expect([await letMail(), await letMail()]).toEqual([true, false]);
    expect(await find()).toEqual({ mailCounts: false });
    const { mailCountsAt = new Date(0) } = await protections().of(id);
    expect(Math.round((mailCountsAt.getTime() - Date.now()) / 3_600_000)).toBe(24);
    await database.query(
      `update account_protection set mail_counts_at = mail_counts_at - interval '24 hours' where account_id = $1`,
      [id],
    );
    expect(await find()).toEqual({ mailCounts: true });
    expect([await protections().stopMailCounting(id), await protections().stopMailCounting(id)]).toEqual([
      true,
      false,
    ]);
    expect(await find()).toEqual({ mailCounts: false });
    expect([await always(false), await find()]).toEqual([true, undefined]);
  });
});
