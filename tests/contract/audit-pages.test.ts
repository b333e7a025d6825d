/** The trail by pages: the latest first, each entry on one page, however many digits its number has. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditPage } from '../../adapters/audit-log/audit-log.ts';
import { postgresAuditPages } from '../../adapters/audit-log/pages.ts';
import { postgresAuditLog } from '../../adapters/audit-log/postgres.ts';
import { aesGcm } from '../../adapters/cipher/aes-gcm.ts';
import type { Database } from '../../adapters/database/database.ts';
import { engines } from './engines.ts';

const WRITTEN = ['first', 'second', 'third', 'fourth', 'fifth'];
const LATEST_FIRST = WRITTEN.toReversed();

describe.each(engines)('the trail by pages on %s', (_name, openDatabase) => {
  let database: Database;
  const pages = () => postgresAuditPages(database, aesGcm([{ id: 't1', key: Buffer.alloc(32) }]));
  beforeAll(async () => {
    database = await openDatabase();
    await database.script('alter table audit alter column id restart with 97');
    const log = postgresAuditLog(database);
    for (const reason of WRITTEN) {
      const sight = { event: 'person_seen', outcome: 'success', actor: 'operator' } as const;
      await log.append({ ...sight, accountId: 'she', reason, detail: { fields: 'name', member: 'M-1' } });
    }
  });
  afterAll(() => database.close());

  it.each([
    ['of an account', (page: AuditPage) => pages().ofAccount('she', page)],
    [
      'of a span of time',
      (page: AuditPage) =>
        pages().ofTime(
          { from: new Date(0), until: new Date(Date.now() + 60_000), events: ['person_seen'] },
          page,
        ),
    ],
    ['of views', (page: AuditPage) => pages().sightsOf({ accountId: 'she', memberId: 'M-1' }, page)],
  ])('%s', async (_of, read) => {
    const all = await read({ limit: 10 });
    expect(all.map(({ reason }) => reason)).toEqual(LATEST_FIRST);
    const first = await read({ limit: 2 });
    const next = await read({ limit: 10, before: first[1]?.id ?? '' });
    expect([...first, ...next]).toEqual(all);
  });

  it('a case of hers that was looked at is a view, too', async () => {
    const log = postgresAuditLog(database);
    const seen = { event: 'case_seen', outcome: 'success', actor: 'a-1', accountId: 'with-a-case' } as const;
    await log.append({ ...seen, detail: { case: '2026-000003', side: 'union' } });
    await log.append({ ...seen, detail: { case: '2026-000004', side: 'school' } });
    const found = await pages().sightsOf({ accountId: 'with-a-case' }, { limit: 10 });
    expect(found).toMatchObject([
      { reason: 'case', fields: ['case'], atSchool: true },
      { reason: 'case', fields: ['case'] },
    ]);
    expect(found[1]).not.toHaveProperty('atSchool');
  });
});
