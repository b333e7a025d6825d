import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CaseState, NewCase } from '../../../adapters/case-store/case-store.ts';
import { postgresCases } from '../../../adapters/case-store/postgres.ts';
import type { Database } from '../../../adapters/database/database.ts';
import { postgresDeletions } from '../../../adapters/deletions/postgres.ts';
import { engines } from '../engines.ts';

const ISSUER = 'https://esia.test';

describe.each(engines)('cases on %s', (_name, openDatabase) => {
  let database: Database;
  let serial = 0;
  beforeAll(async () => {
    database = await openDatabase();
  });
  afterAll(() => database.close());

  const cases = () => postgresCases(database);
  const fresh = (more: Partial<NewCase> = {}): NewCase => ({
    side: 'school',
    key: { issuer: ISSUER, subject: `oid-${++serial}` },
    upstream: 'esia',
    schoolPersonId: 'K-10',
    schoolId: 'P-08',
    kinds: ['family_name'],
    told: 'sealed',
    clientId: 'epos-portal',
    ...more,
  });
  const move = (number: string, from: CaseState[], to: CaseState, effectiveAt?: Date) =>
    database.transaction((tx) => cases().move(number, from, to, tx, effectiveAt && { effectiveAt }));
  const account = async () => {
    const id = `case-account-${++serial}`;
    await database.query('insert into account (id) values ($1)', [id]);
    return id;
  };

  it('opened by twenty at once are one, and asked again say what differs now', async () => {
    const one = fresh();
    const opened = await Promise.all(Array.from({ length: 20 }, () => cases().open(one)));
    expect(new Set(opened.map(({ number }) => number)).size).toBe(1);
    expect(opened[0]?.number).toMatch(/^20\d\d-\d{6}$/);

    const again = await cases().open({ ...one, kinds: ['email'], told: 'sealed anew' });
    expect(again).toMatchObject({ number: opened[0]?.number, kinds: ['email'], told: 'sealed anew' });
    expect(await cases().find(again.number)).toEqual(again);
    expect(again).toMatchObject({ ...one, kinds: ['email'], told: 'sealed anew', state: 'open' });
  });

  it('are others for another record, another identity or another side', async () => {
    const one = fresh();
    const { schoolId: _none, schoolPersonId: _neither, ...outside } = one;
    const numbers = [
      await cases().open(one),
      await cases().open({ ...one, schoolPersonId: 'K-11' }),
      await cases().open({ ...one, key: { issuer: 'https://rsaa.test', subject: one.key.subject } }),
      await cases().open({ ...outside, side: 'union' }),
    ].map(({ number }) => number);
    expect(new Set(numbers).size).toBe(4);
    expect(numbers.toSorted()).toEqual(numbers);
  });

  it('count from one with each year', async () => {
    const { number } = await cases().open(fresh());
    const year = Number(number.slice(0, 4));
    await database.query('update case_number set last = 999999 where year = $1', [year]);
    expect((await cases().open(fresh())).number).toBe(`${year}-1000000`);
    await database.query('update case_number set last = 500 where year = $1', [year]);
    expect((await cases().open(fresh())).number).toBe(`${year}-000501`);
  });

  it('open once more when the former one is settled, and not before', async () => {
    const one = fresh();
    const first = await cases().open(one);
    for (const state of ['with_admin', 'reopened'] as const) {
      await move(first.number, ['open', 'with_admin', 'reopened'], state);
      expect((await cases().open(one)).number).toBe(first.number);
      expect((await cases().latestOf('school', one.key))?.state).toBe(state);
    }
    expect(await cases().latestOf('union', one.key)).toBeUndefined();
    await move(first.number, ['reopened'], 'retry_ok');
    expect(await cases().latestOf('school', one.key)).toBeUndefined();
    expect((await cases().open(one)).number).not.toBe(first.number);
  });

  it('of one identity are listed on both sides, settled ones too, and nobody else’s', async () => {
    const one = fresh();
    const { schoolId: _none, schoolPersonId: _neither, ...outside } = one;
    const first = await cases().open(one);
    await move(first.number, ['open'], 'retry_ok');
    const second = await cases().open({ ...outside, side: 'union' });
    await cases().open(fresh());
    const numbers = (await cases().ofIdentity(one.key)).map(({ number }) => number);
    expect(numbers).toEqual([first.number, second.number]);
  });

  it('move from where they are thought to be, and for one of those who try', async () => {
    const { number } = await cases().open(fresh());
    const effectiveAt = new Date('2026-12-01T09:00:00Z');
    const moved = await Promise.all([1, 2, 3, 4].map(() => move(number, ['open'], 'changed', effectiveAt)));
    expect(moved.filter(Boolean)).toHaveLength(1);
    expect(await cases().find(number)).toMatchObject({
      state: 'changed',
      effectiveAt,
      changedAt: expect.any(Date),
    });
    expect(await move(number, ['open', 'with_admin'], 'closed')).toBe(false);
    expect(await move('1999-000001', ['open'], 'closed')).toBe(false);
  });

  it('cannot be changed without a moment from which they are in effect', async () => {
    const { number } = await cases().open(fresh());
    await expect(move(number, ['open'], 'changed')).rejects.toThrow();
  });

  it('of a school are listed for that school alone: unsettled first, then the latest, page by page', async () => {
    const school = `S-${++serial}`;
    const other = await cases().open(fresh({ schoolId: `S-${++serial}` }));
    const { schoolId: _none, ...outside } = fresh();
    const union = await cases().open({ ...outside, side: 'union' });
    const numbers: string[] = [];
    for (let at = 0; at < 5; at += 1)
      numbers.push((await cases().open(fresh({ schoolId: school, schoolPersonId: `K-${at}` }))).number);
    const [a, b, c, d, e] = numbers as [string, string, string, string, string];
    await move(e, ['open'], 'retry_ok');
    await move(c, ['open'], 'closed');

    const of = { side: 'school', schoolId: school } as const;
    const whole = await cases().list(of, { limit: 50 });
    expect(whole.map(({ number }) => number)).toEqual([d, b, a, e, c]);
    expect(whole.map(({ number }) => number)).not.toContain(other.number);
    const pages = [];
    for (let before: string | undefined; ; ) {
      const page = await cases().list(of, { limit: 2, ...(before !== undefined && { before }) });
      if (page.length === 0) break;
      pages.push(page.map(({ number }) => number));
      before = page.at(-1)?.number;
    }
    expect(pages).toEqual([[d, b], [a, e], [c]]);
    const unions = await cases().list({ side: 'union' }, { limit: 50 });
    expect(unions.map(({ number }) => number)).toContain(union.number);
    expect(unions.every(({ side }) => side === 'union')).toBe(true);
  });

  it('need a school on its side, and none on the other', async () => {
    const { schoolId: _none, ...without } = fresh();
    await expect(cases().open(without)).rejects.toThrow();
    await expect(cases().open(fresh({ side: 'union' }))).rejects.toThrow();
  });

  it('keep nothing of whoever has left but that there was one', async () => {
    const accountId = await account();
    const { number } = await cases().open(fresh({ accountId }));
    const settled = await cases().open(fresh({ accountId }));
    await move(settled.number, ['open'], 'retry_ok');
    const deletions = postgresDeletions(database);
    const erased = await database.transaction(async (tx) => {
      await deletions.request(accountId, 0, tx);
      await deletions.close(accountId, tx);
      return deletions.erase(accountId, 3, tx);
    });
    expect(erased).toMatchObject({ mismatch_case: 2, staff_role: 0 });
    const left = await cases().find(number);
    expect([left?.key, left?.told, left?.state]).toEqual([undefined, undefined, 'closed']);
    expect((await cases().find(settled.number))?.state).toBe('retry_ok');
    const rows = await database.query('select * from mismatch_case where number = $1', [number]);
    expect(JSON.stringify(rows)).not.toContain(accountId);
  });

  it('forget what was told some time after they are settled, and one that nobody comes back for', async () => {
    const settled = await cases().open(fresh());
    await move(settled.number, ['open'], 'retry_ok');
    const waiting = await cases().open(fresh());
    const age = (number: string, days: number) =>
      database.query(
        'update mismatch_case set touched_at = now() - make_interval(days => $2) where number = $1',
        [number, days],
      );
    await age(settled.number, 29);
    await age(waiting.number, 364);
    expect(await cases().sweep()).toBe(0);
    await age(settled.number, 31);
    await age(waiting.number, 366);
    expect(await cases().sweep()).toBe(2);
    expect((await cases().find(settled.number))?.told).toBeUndefined();
    expect(await cases().find(waiting.number)).toMatchObject({ state: 'closed', kinds: ['family_name'] });
  });
});
