/** Credentials of chairs on both databases: opened once, for their days, by the last one issued, and forgotten then. */
import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aesGcm } from '../../adapters/cipher/aes-gcm.ts';
import type { IssueWay, NewCredential } from '../../adapters/credential-store/credential-store.ts';
import { postgresCredentials } from '../../adapters/credential-store/postgres.ts';
import type { Database, Queryable } from '../../adapters/database/database.ts';
import { engines } from './engines.ts';

const AT_ONCE = 10;
const DAYS = 30;
const ISSUER = 'issuer';

describe.each(engines)('credentials of chairs on %s', (_name, open) => {
  let database: Database;
  let credentials: ReturnType<typeof postgresCredentials>;
  let serial = 0;
  beforeAll(async () => {
    database = await open();
    await database.script(`
      insert into organisation (id, kind, name, short_name, region, parent_id) values
        ('T-1', 'territorial', 'Городская организация', 'Горком', 'Край', null),
        ('P-1', 'primary', 'Школа № 1', 'СОШ 1', 'Край', 'T-1'), ('P-2', 'primary', 'Школа № 2', 'СОШ 2', 'Край', 'T-1');`);
    const cipher = aesGcm([{ id: 'k1', key: randomBytes(32) }]);
    credentials = postgresCredentials(database, cipher, randomBytes(32));
  });
  afterAll(() => database.close());

  const within = <T>(work: (tx: Queryable) => Promise<T>): Promise<T> => database.transaction(work);
  const atOnce = <T>(work: (tx: Queryable) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: AT_ONCE }, () => within(work)));

  const chair = (told: Partial<NewCredential> = {}): NewCredential => {
    serial += 1;
    return {
      ...{ id: randomUUID(), organisationId: 'P-1', role: 'chair' },
      email: { key: `chair-${serial}@example.test`, original: `Chair-${serial}@example.test` },
      name: { family: 'Орлова', given: 'Мария', middle: 'Ильинична' },
      ...told,
    };
  };
  const draft = async (listed: readonly NewCredential[], way: IssueWay = 'sheet'): Promise<string> => {
    const id = randomUUID();
    await within((tx) => credentials.draft({ id, organisationId: 'T-1', by: ISSUER, way }, listed, tx));
    return id;
  };
  /** As the job does it; the one-time password of each is its id. */
  const press = async (batchId: string): Promise<void> => {
    await within((tx) => credentials.start('T-1', batchId, tx));
    for (const due of await credentials.due(batchId, 100)) {
      expect(await within((tx) => credentials.issue(due, due.id, DAYS, tx))).toBe(true);
    }
  };
  const issued = async (told: Partial<NewCredential> = {}, way: IssueWay = 'sheet') => {
    const credential = chair(told);
    const batchId = await draft([credential], way);
    await press(batchId);
    return { ...credential, batchId, key: credential.email.key };
  };
  const age = (id: string, by: string) =>
    database.query(
      `update office_credential set issued_at = issued_at - $2::interval, expires_at = expires_at - $2::interval
        where id = $1`,
      [id, by],
    );

  it('wait in a list, and open nothing before it is started, once', async () => {
    const listed = [chair(), chair({ organisationId: 'P-2' }), chair()];
    const [first] = listed;
    if (!first) throw new Error('nobody is listed');
    const batchId = await draft(listed);
    expect((await credentials.listed(batchId, 2)).map(({ id }) => id)).toEqual(
      listed.slice(0, 2).map(({ id }) => id),
    );
    expect(await credentials.due(batchId, 10)).toEqual([]);
    expect(await credentials.waitingFor(first.email.key)).toEqual([]);
    expect(await credentials.batch('T-1', batchId)).toMatchObject({ total: 3, issued: 0, sealed: 0 });
    expect(await credentials.batch('P-1', batchId)).toBeUndefined();
    expect(await within((tx) => credentials.start('P-1', batchId, tx))).toBe(false);
    const starts = await atOnce((tx) => credentials.start('T-1', batchId, tx));
    expect(starts.filter(Boolean)).toHaveLength(1);
    expect((await credentials.due(batchId, 10)).map(({ id }) => id)).toEqual(listed.map(({ id }) => id));
  });

  it('are issued once, and hold neither password nor a hash of it that can be tried without the key', async () => {
    const { id, batchId, key } = await issued();
    const [credential] = await credentials.listed(batchId, 1);
    if (!credential) throw new Error('it is not listed');
    const again = await atOnce((tx) => credentials.issue(credential, 'another', DAYS, tx));
    expect(again.filter(Boolean)).toEqual([]);
    expect(await credentials.openedBy(key, 'another')).toBeUndefined();
    const [row] = await database.query<{ kept: string }>(
      'select to_jsonb(c)::text as kept from office_credential c where id = $1',
      [id],
    );
    expect(row?.kept.split(id)).toHaveLength(2);
    const another = postgresCredentials(
      database,
      aesGcm([{ id: 'k2', key: randomBytes(32) }]),
      randomBytes(32),
    );
    expect(await another.openedBy(key, id)).toBeUndefined();
  });

  it('are opened by address and password together; of parallel tries one uses them, and they are forgotten', async () => {
    const { id, key } = await issued();
    expect(await credentials.openedBy(key, id)).toEqual({ id, state: 'good' });
    expect(await credentials.openedBy('another@example.test', id)).toBeUndefined();
    expect(await credentials.find(id)).toMatchObject({
      ...{ id, organisationId: 'P-1', organisationName: 'СОШ 1', role: 'chair', issuedBy: ISSUER },
      ...{ way: 'sheet', name: { family: 'Орлова' }, email: { key } },
    });
    const uses = await atOnce((tx) => credentials.use(id, tx));
    expect(uses.filter(Boolean)).toHaveLength(1);
    expect([await credentials.openedBy(key, id), await credentials.find(id)]).toEqual([undefined, undefined]);
    const [row] = await database.query<{ kept: string }>(
      'select to_jsonb(c)::text as kept from office_credential c where id = $1',
      [id],
    );
    expect(row?.kept).not.toMatch(/Орлова|Мария|Ильинична|example\.test/);
  });

  it('are good again when what they were used for fails', async () => {
    const { id, key } = await issued();
    const failed = within(async (tx) => {
      await credentials.use(id, tx);
      throw new Error('killed here');
    });
    await expect(failed).rejects.toThrow('killed here');
    expect(await credentials.openedBy(key, id)).toEqual({ id, state: 'good' });
  });

  it('expire after their days', async () => {
    const { id, key } = await issued();
    await age(id, `${DAYS} days`);
    expect(await credentials.openedBy(key, id)).toEqual({ id, state: 'expired' });
    expect([await credentials.find(id), await credentials.waitingFor(key)]).toEqual([undefined, []]);
    expect(await within((tx) => credentials.use(id, tx))).toBe(false);
    expect((await credentials.standing('P-1')).map((each) => each.id)).toContain(id);
  });

  it('are taken back by the organisation they are for, while they stand', async () => {
    const { id, key } = await issued();
    expect(await within((tx) => credentials.void('P-2', id, 'chair', tx))).toBe(false);
    const voids = await atOnce((tx) => credentials.void('P-1', id, 'chair', tx));
    expect(voids.filter(Boolean)).toHaveLength(1);
    expect(await credentials.openedBy(key, id)).toEqual({ id, state: 'void' });
    expect(await within((tx) => credentials.use(id, tx))).toBe(false);
    expect((await credentials.standing('P-1')).map((each) => each.id)).not.toContain(id);
    const used = await issued();
    await within((tx) => credentials.use(used.id, tx));
    expect(await within((tx) => credentials.void('P-1', used.id, 'chair', tx))).toBe(false);
  });

  it('are taken back or used, never both', async () => {
    const { id } = await issued();
    const done = await Promise.all([
      within((tx) => credentials.use(id, tx)),
      within((tx) => credentials.void('P-1', id, 'chair', tx)),
    ]);
    expect(done.filter(Boolean)).toHaveLength(1);
  });

  it('die with the next ones for the address at the organisation, not with those at another', async () => {
    const first = await issued();
    const { email } = first;
    const elsewhere = await issued({ email, organisationId: 'P-2' });
    const next = await issued({ email });
    expect(await credentials.openedBy(first.key, first.id)).toEqual({ id: first.id, state: 'void' });
    expect((await credentials.waitingFor(first.key)).map(({ id }) => id)).toEqual([elsewhere.id, next.id]);
    await age(next.id, `${DAYS} days`);
    const last = await issued({ email });
    expect((await credentials.standing('P-1')).filter((each) => each.email.key === first.key)).toMatchObject([
      { id: last.id },
    ]);
  });

  it('show their passwords once, within the hour, where they were issued', async () => {
    const listed = [chair(), chair(), chair(), chair()];
    const batchId = await draft(listed);
    await press(batchId);
    const [, , late, taken] = listed.map(({ id }) => id);
    await age(late ?? '', '61 minutes');
    await within((tx) => credentials.void('P-1', taken ?? '', 'chair', tx));
    expect(await within((tx) => credentials.takeSheets('P-1', batchId, tx))).toEqual([]);
    const sheets = await atOnce((tx) => credentials.takeSheets('T-1', batchId, tx));
    const shown = sheets.filter((each) => each.length > 0);
    expect(shown).toHaveLength(1);
    expect(shown[0]?.map(({ password }) => password)).toEqual(listed.slice(0, 2).map(({ id }) => id));
    const byLetter = await issued({}, 'letter');
    expect(await within((tx) => credentials.takeSheets('T-1', byLetter.batchId, tx))).toEqual([]);
  });

  it('are swept: passwords nobody fetched, lists nobody started, persons who never came', async () => {
    const [unseen, never] = [await issued(), await issued()];
    await age(unseen.id, '2 hours');
    await age(never.id, `${DAYS + 91} days`);
    const left = await draft([chair()]);
    await database.query(
      `update credential_batch set created_at = created_at - interval '25 hours' where id = $1`,
      [left],
    );
    expect(await credentials.sweep()).toBeGreaterThanOrEqual(3);
    expect(await credentials.batch('T-1', unseen.batchId)).toMatchObject({ total: 1, issued: 1, sealed: 0 });
    expect(await credentials.batch('T-1', never.batchId)).toMatchObject({ total: 0 });
    expect(await credentials.batch('T-1', left)).toBeUndefined();
    expect(await credentials.openedBy(unseen.key, unseen.id)).toEqual({ id: unseen.id, state: 'good' });
  });
});
