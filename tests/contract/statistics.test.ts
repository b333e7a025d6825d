/** Numbers over time, as several processes tell them at once, on both engines. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { postgresCensus } from '../../adapters/census/postgres.ts';
import type { Database } from '../../adapters/database/database.ts';
import { postgresStatistics } from '../../adapters/statistics/postgres.ts';
import type { Batch } from '../../adapters/statistics/statistics.ts';
import { engines } from './engines.ts';

const MINUTE = 60_000;
const now = Math.floor(Date.now() / MINUTE) * MINUTE;
const minutesAgo = (minutes: number) => new Date(now - minutes * MINUTE);
const lastHour = { from: minutesAgo(59), stepSeconds: 60, columns: 60 };
const day = (hours: number) => ({
  from: new Date(Math.floor(now / 3_600_000) * 3_600_000 - (hours - 1) * 3_600_000),
  stepSeconds: 3_600,
  columns: hours,
});

const signIns = (count: number, minute: Date, way = 'password_email', reason = ''): Batch => ({
  counts: [{ kind: 'sign_in', way, portal: 'dictation', reason, minute, count }],
  lines: [],
});

describe.each(engines)('statistics on %s', (_name, open) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });
  beforeEach(() =>
    database.script('delete from statistic; delete from hash_line; delete from running_process'),
  );
  afterAll(() => database.close());

  const succeeded = { kind: 'sign_in', by: 'way', outcome: 'success' } as const;

  it('adds up what several processes tell, at once and in any order', async () => {
    const processes = Array.from({ length: 8 }, () => postgresStatistics(database));
    const ways = ['password_email', 'esia', 'qr'];
    await Promise.all(
      processes.map((process, index) =>
        process.add({
          counts: [...ways, ...ways].slice(index % 3, (index % 3) + 3).map((way) => ({
            kind: 'sign_in',
            way,
            portal: 'p',
            reason: '',
            minute: minutesAgo(1),
            count: 2,
          })),
          lines: [{ minute: minutesAgo(1), longest: index }],
        }),
      ),
    );
    const points = await processes[0]!.counts(succeeded, lastHour);
    expect(points.map(({ name, count }) => [name, count]).sort()).toEqual([
      ['esia', 16],
      ['password_email', 16],
      ['qr', 16],
    ]);
    expect(points.map(({ at }) => at)).toEqual([minutesAgo(1), minutesAgo(1), minutesAgo(1)]);
    expect(await processes[0]!.longestLines(lastHour)).toEqual([{ at: minutesAgo(1), count: 7 }]);
  });

  it('tells what went well from what did not, and by what one asks', async () => {
    const statistics = postgresStatistics(database);
    await statistics.add(signIns(3, minutesAgo(2)));
    await statistics.add(signIns(2, minutesAgo(2), 'esia', 'cancelled'));
    expect(await statistics.counts(succeeded, lastHour)).toEqual([
      { at: minutesAgo(2), name: 'password_email', count: 3 },
    ]);
    expect(await statistics.counts({ kind: 'sign_in', by: 'reason', outcome: 'failure' }, lastHour)).toEqual([
      { at: minutesAgo(2), name: 'cancelled', count: 2 },
    ]);
    expect(await statistics.counts({ kind: 'letter', by: 'way', outcome: 'success' }, lastHour)).toEqual([]);
  });

  it('knows hours when the minutes are gone', async () => {
    const statistics = postgresStatistics(database);
    await statistics.add(signIns(3, minutesAgo(8 * 24 * 60)));
    await statistics.add(signIns(4, minutesAgo(401 * 24 * 60)));
    await statistics.add(signIns(5, minutesAgo(1)));
    await statistics.sweep();
    const rows = await database.query(
      'select grain, count::int as count from statistic order by count, grain',
    );
    expect(rows).toEqual([
      { grain: 'hour', count: 3 },
      { grain: 'hour', count: 5 },
      { grain: 'minute', count: 5 },
    ]);
    const points = await statistics.counts(succeeded, day(400 * 24));
    expect(points.map(({ count }) => count).sort()).toEqual([3, 5]);
  });

  it('takes a batch whole or not at all', async () => {
    const statistics = postgresStatistics(database);
    const broken = { ...signIns(1, minutesAgo(1)).counts[0]!, kind: 'other' as 'letter' };
    const batch = { counts: [...signIns(1, minutesAgo(1)).counts, broken], lines: [] };
    await expect(statistics.add(batch)).rejects.toThrow();
    expect(await statistics.counts(succeeded, lastHour)).toEqual([]);
  });

  it('hears of each running process, and no more of one that is silent or has left', async () => {
    const statistics = postgresStatistics(database);
    const one = { id: 'one', inFlight: 1, queued: 4, upstreams: { esia: 'up' } } as const;
    const other = { id: 'other', inFlight: 2, queued: 0, upstreams: { esia: 'degraded' } } as const;
    await statistics.report({ ...one, queued: 9 });
    await statistics.report(one);
    await statistics.report(other);
    await statistics.report({ ...other, id: 'third' });
    await statistics.leave('third');
    expect(await statistics.running()).toEqual([one, other]);
    await database.query(
      `update running_process set seen_at = now() - interval '21 seconds' where id = 'one'`,
    );
    expect(await statistics.running()).toEqual([other]);
  });
});

describe.each(engines)('census on %s', (_name, open) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
    await database.script(`
      insert into account (id) select 'a' || n from generate_series(1, 5) n;
      insert into client (client_id, metadata, registered_by, blocked_at) values
        ('acme', '{"client_name": "Акме"}', 'a2', null), ('dictation', '{}', 'import', now()), ('none', '{}', 'import', null);
      insert into integration (client_id, owner_id, kind, site) values ('acme', 'a2', 'web', 'https://acme.test');
      insert into account_grant (id, account_id, client_id, scope, expires_at)
        select 'g' || n, 'a' || n, 'dictation', 'openid', now() + interval '1 day' from generate_series(1, 3) n;
      insert into account_grant (id, account_id, client_id, scope, expires_at)
        values ('again', 'a1', 'dictation', 'openid', now() + interval '1 day'),
               ('over', 'a4', 'dictation', 'openid', now() - interval '1 day');
      insert into client_consent (account_id, client_id, scope) values ('a1', 'dictation', 'openid'), ('a5', 'acme', 'openid');
      insert into document (id, account_id, place, type, version, title, body, sha256, paper_at, paper_by, withdrawn_at)
        select 'd' || n, 'a' || n, 0, 'union_pd', case when n < 3 then 'v1' else 'v2' end, 't', 'b',
               encode(sha256('b'), 'hex'), now(), 'chair', case when n = 1 then now() end from generate_series(1, 4) n`);
  });
  afterAll(() => database.close());

  it('has nothing to say before it was taken', async () => {
    const census = postgresCensus(database);
    expect((await census.portals({ limit: 10 })).map(({ people }) => people)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(await census.documents()).toEqual([]);
    expect(await census.takenAt()).toBeUndefined();
  });

  it('counts people once, and documents as they stand; what is gone is not counted any more', async () => {
    const census = postgresCensus(database);
    await census.take();
    const [acme, dictation] = await census.portals({ limit: 2 });
    expect(acme).toEqual({ clientId: 'acme', name: 'Акме', stage: 'test', ownerId: 'a2', people: 1 });
    expect(dictation).toEqual({
      clientId: 'dictation',
      name: 'dictation',
      people: 3,
      blockedAt: expect.any(Date),
    });
    expect(await census.portals({ limit: 2, after: 'dictation' })).toEqual([
      { clientId: 'none', name: 'none' },
    ]);
    const document = { type: 'union_pd', form: 'paper' };
    expect(await census.documents()).toEqual([
      { ...document, version: 'v1', state: 'in_force', number: 1 },
      { ...document, version: 'v1', state: 'withdrawn', number: 1 },
      { ...document, version: 'v2', state: 'in_force', number: 2 },
    ]);
    await database.query(`delete from client_consent where client_id = 'acme'`);
    await census.take();
    expect((await census.portals({ limit: 1 }))[0]?.people).toBeUndefined();
    expect((await census.takenAt())?.getTime()).toBeGreaterThan(Date.now() - MINUTE);
  });

  it('counts what waits', async () => {
    const census = postgresCensus(database);
    await database.script(`
      insert into application (id, account_id, purpose, organisation, state, signed_at, sealed)
        values ('x', 'a1', 'joining', '{}', 'signed', now(), 'sealed'), ('y', 'a2', 'joining', '{}', 'received', now(), null),
               ('z', 'a3', 'joining', '{}', 'accepted', now(), null);
      insert into address_trouble (address_key, kind) values ('\\x01', 'bounced'), ('\\x02', 'bounced'), ('\\x03', 'refused')`);
    expect(await census.applications()).toEqual({ onTheWay: 1, underReview: 1 });
    expect(await census.addressTroubles()).toEqual({ bounced: 2, refused: 1, areMore: false });
    await database.query(
      `insert into address_trouble (address_key, kind) select sha256(n::text::bytea), 'refused' from generate_series(1, 10001) n`,
    );
    expect(await census.addressTroubles()).toEqual({ bounced: 2, refused: 10_000, areMore: true });
  });
});
