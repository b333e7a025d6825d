/** Whoever owns the tables can change them; verification has to say so, and where. */
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AuditEvidence, AuditSeals, Seal } from '../../../adapters/audit-log/audit-log.ts';
import { postgresAuditLog } from '../../../adapters/audit-log/postgres.ts';
import { sha256 } from '../../../adapters/audit-log/seal-text.ts';
import { postgresAuditSeals } from '../../../adapters/audit-log/seals.ts';
import type { Database } from '../../../adapters/database/database.ts';
import { postgresArchive } from '../../../adapters/document-store/postgres-archive.ts';
import { verifyEvidence } from '../../../provider/documents/verify-evidence.ts';
import { engines } from '../engines.ts';
import { signingScene } from './scene.ts';
import { tamper } from './tamper.ts';

const unwatched = { begin() {}, at() {}, end() {} };

describe.each(engines)('the audit trail on %s', (_name, openDatabase) => {
  let database: Database;
  let seals: AuditSeals & AuditEvidence;
  beforeAll(async () => {
    database = await openDatabase();
    seals = postgresAuditSeals(database, { settleSeconds: 0, rowsPerSeal: 4 });
  });
  beforeEach(() =>
    tamper(
      database,
      'delete from audit; delete from audit_seal; delete from audit_seal_mark; delete from signing',
    ),
  );
  afterAll(() => database.close());

  // Transactions of other databases on the server hold up sealing, too.
  const sealAll = async (): Promise<number> => {
    let made = 0;
    while ((await seals.unsealed(-1)).rows > 0) {
      if (await seals.sealNext()) made += 1;
      else await setTimeout(2);
    }
    return made;
  };
  const verify = (known?: ReadonlyMap<number, string>) =>
    verifyEvidence({ evidence: seals, archive: postgresArchive(database) }, unwatched, known);
  const happen = async (times: number): Promise<void> => {
    const log = postgresAuditLog(database);
    for (let at = 0; at < times; at += 1) {
      await log.append({
        event: 'sign_in',
        outcome: 'success',
        actor: `a${at}`,
        detail: { method: 'password', at },
      });
    }
  };

  it('agrees with itself, and goes on from where it was', async () => {
    // The ids begin anywhere: those before the first row belong to the first seal.
    await happen(10);
    expect(await sealAll()).toBe(3);
    await happen(3);
    expect(await sealAll()).toBe(1);
    expect(await sealAll()).toBe(0);
    expect(await verify()).toMatchObject({ ok: true, seals: 4, rows: 13, acts: 0 });
  });

  it('has digests that anybody can compute again', async () => {
    await happen(3);
    await sealAll();
    const last = await seals.lastSeal();
    if (!last) throw new Error('no seal');
    const { text } = await seals.sealText(last);
    expect(text).toMatch(/^union-id audit seal 1\nprevious 0{64}\nrows 1-\d+ 3\n([0-9a-f]{64}\n){3}$/);
    expect(sha256(text)).toBe(last.digest);
  });

  const somewhere = '(select id from audit order by id offset 5 limit 1)';
  it.each([
    ['a changed reason', `update audit set reason = 'x' where id = ${somewhere}`, /^Seal 2 .*changed/],
    [
      'a changed time',
      `update audit set at = at + interval '1 microsecond' where id = ${somewhere}`,
      /^Seal 2 .*changed/,
    ],
    [
      'a changed detail',
      `update audit set detail = detail || '{"at": 7}' where id = ${somewhere}`,
      /^Seal 2 .*changed/,
    ],
    [
      'a deleted row',
      `delete from audit where id = ${somewhere}`,
      /^Seal 2 .*4 rows were sealed, 3 are there/,
    ],
    [
      'a row instead of another',
      `delete from audit where id = ${somewhere};
       insert into audit (event, outcome, actor) values ('sign_in', 'success', 'x')`,
      /^Seal 2 .*4 rows were sealed, 3/,
    ],
    [
      'two rows that change places',
      `update audit set actor = case actor when 'a5' then 'a6' else 'a5' end where actor in ('a5', 'a6')`,
      /^Seal 2 .*changed/,
    ],
    ['a missing seal', 'delete from audit_seal where number = 2', /^Seal 2 is missing/],
    [
      'a wider seal',
      'update audit_seal set last_id = last_id + 1 where number = 1',
      /^Seal 1 .*4 rows were sealed, 5 are there/,
    ],
    [
      'seals cut off and the rows left',
      `delete from audit_seal where number > 1; update audit set at = at - interval '2 hours'
         where id > (select last_id from audit_seal)`,
      /is older than an hour and not sealed/,
    ],
  ])('%s is found', async (_what, statement, finding) => {
    await happen(12);
    await sealAll();
    await tamper(database, statement);
    const verdict = await verify();
    expect(verdict.ok).toBe(false);
    if (!verdict.ok) expect(verdict.finding).toMatch(finding);
  });

  it('a row smuggled in under an id that was drawn and never used is found', async () => {
    await happen(2);
    await database.query("select nextval(pg_get_serial_sequence('audit', 'id'))");
    await happen(2);
    await sealAll();
    await tamper(
      database,
      `insert into audit (id, event, outcome, actor) overriding system value
       values ((select max(id) - 2 from audit), 'sign_in', 'success', 'x')`,
    );
    expect(await verify()).toMatchObject({
      ok: false,
      finding: expect.stringMatching(/4 rows were sealed, 5 are there/),
    });
  });

  it('a trail that was cut, or sealed anew as a whole, is found by a digest kept elsewhere', async () => {
    await happen(12);
    await sealAll();
    const last = await seals.lastSeal();
    if (!last) throw new Error('no seal');
    const known = new Map([[last.number, last.digest]]);
    expect((await verify(known)).ok).toBe(true);
    await tamper(
      database,
      'delete from audit_seal where number = 3; delete from audit where id > (select max(last_id) from audit_seal)',
    );
    expect((await verify()).ok).toBe(true);
    expect(await verify(known)).toMatchObject({
      ok: false,
      finding: expect.stringMatching(/^Seal 3 is missing/),
    });
    await tamper(
      database,
      "delete from audit_seal; delete from audit_seal_mark; update audit set actor = 'x'",
    );
    await happen(4);
    await sealAll();
    expect((await verify()).ok).toBe(true);
    expect(await verify(known)).toMatchObject({
      ok: false,
      finding: expect.stringMatching(/^Seal 3 .*rewritten/),
    });
  });

  describe('and signatures', () => {
    const act = async () => {
      const scene = signingScene(database);
      const signing = await scene.signed(scene.person());
      await sealAll();
      expect(await verify()).toMatchObject({ ok: true, acts: 1, documents: 2 });
      return signing;
    };

    it.each([
      [
        'a changed text',
        "update document set body = body || 'и ещё' where place = 0",
        /^Document .*text does not agree/,
      ],
      [
        'a changed text with a new hash',
        "update document set body = 'x', sha256 = encode(sha256('x'), 'hex') where place = 0",
        /^Signing .*not those that were signed/,
      ],
      [
        'documents that change places',
        'update document set place = 1 - place + 10; update document set place = place - 10',
        /^Signing .*not those/,
      ],
      ['a removed document', 'delete from document where place = 1', /^Signing .*not those/],
      ['another signer', "update signing set signer = 'Петрова Анна'", /^Signing .*protocol was changed/],
      ['another address', "update signing set address = 'x@example.test'", /^Signing .*protocol was changed/],
      [
        'another time',
        "update signing set signed_at = signed_at - interval '1 day'",
        /^Signing .*protocol was changed/,
      ],
      ['other terms', "update signing set terms_version = '1'", /^Signing .*protocol was changed/],
      ['a removed act', 'delete from signing', /^Signing .*tells of it, and it is not there/],
      [
        'a forged act',
        `insert into signing (id, account_id, purpose, signer, digest, signed_at, address, terms_version, network, device)
         select 'forged', account_id, purpose, signer, digest, signed_at, address, terms_version, network, device from signing`,
        /^Signing forged: the audit trail knows of no such signature/,
      ],
    ])('%s is found', async (_what, statement, finding) => {
      await act();
      await tamper(database, statement);
      const verdict = await verify();
      expect(verdict.ok).toBe(false);
      if (!verdict.ok) expect(verdict.finding).toMatch(finding);
    });
  });
});

describe('sealing on PostgreSQL while others write', () => {
  it('waits for a transaction that drew its id before, and seals its row in its place', async () => {
    const [, openDatabase] = engines.find(([name]) => name === 'PostgreSQL') ?? [];
    if (!openDatabase) throw new Error('no PostgreSQL');
    const database = await openDatabase();
    const seals = postgresAuditSeals(database, { settleSeconds: 0 });
    const log = postgresAuditLog(database);
    const entry = { event: 'e', outcome: 'success', actor: 'slow' } as const;
    let finish = () => {};
    let written = () => {};
    const isWritten = new Promise<void>((resolve) => {
      written = resolve;
    });
    const slow = database.transaction(async (tx) => {
      await log.append(entry, tx);
      written();
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
    });
    await isWritten;
    await log.append({ ...entry, actor: 'quick' });
    for (let at = 0; at < 3; at += 1) expect(await seals.sealNext()).toBeUndefined();
    finish();
    await slow;
    const sealed: Seal[] = [];
    while (sealed.length === 0) sealed.push(...(await sealedAtOnce(seals)));
    expect(sealed).toMatchObject([{ number: 1, rows: 2 }]);
    // Processes whose jobs start in the same second make no seal twice.
    await log.append(entry);
    while (sealed.length === 1) sealed.push(...(await sealedAtOnce(seals)));
    expect(sealed).toMatchObject([{ number: 1 }, { number: 2, rows: 1 }]);
    await database.close();
  });
});

async function sealedAtOnce(seals: AuditSeals): Promise<readonly Seal[]> {
  const made = await Promise.all(Array.from({ length: 6 }, () => seals.sealNext()));
  return made.filter((seal) => seal !== undefined);
}
