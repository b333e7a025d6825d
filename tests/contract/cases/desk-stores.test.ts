import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresCalendar } from '../../../adapters/calendar-store/postgres.ts';
import type { Database } from '../../../adapters/database/database.ts';
import { postgresStaff } from '../../../adapters/staff-store/postgres.ts';
import { engines } from '../engines.ts';

describe.each(engines)('what the desk knows, on %s:', (_name, openDatabase) => {
  let database: Database;
  beforeAll(async () => {
    database = await openDatabase();
    await database.script(`insert into account (id) values ('staff-1'), ('staff-2')`);
  });
  afterAll(() => database.close());

  it('staff roles are granted once, to one account, and taken back', async () => {
    const staff = postgresStaff(database);
    expect(await staff.has('staff-1', 'union_operator')).toBe(false);
    expect(await staff.grant('staff-1', 'union_operator', 'operator')).toBe(true);
    expect(await staff.grant('staff-1', 'union_operator', 'operator')).toBe(false);
    expect(await staff.has('staff-1', 'union_operator')).toBe(true);
    expect(await staff.has('staff-2', 'union_operator')).toBe(false);
    expect(await staff.revoke('staff-1', 'union_operator')).toBe(true);
    expect(await staff.revoke('staff-1', 'union_operator')).toBe(false);
    expect(await staff.has('staff-1', 'union_operator')).toBe(false);
  });

  it('the holidays of 2026 with their transfers, and those of the law after it', async () => {
    const days = (await postgresCalendar(database).nonWorkingDays('2026-01-01')).map(({ day }) => day);
    const of = (year: string) => days.filter((day) => day.startsWith(year)).map((day) => day.slice(5));
    expect(of('2026')).toEqual([
      ...['01-01', '01-02', '01-03', '01-04', '01-05', '01-06', '01-07', '01-08', '01-09', '02-23'],
      ...['03-09', '05-01', '05-11', '06-12', '11-04', '12-31'],
    ]);
    expect(of('2027')).toHaveLength(14);
  });

  it('days that operators add, once, from a day on', async () => {
    const calendar = postgresCalendar(database);
    const day = { day: '2031-06-13', name: 'перенос' };
    expect(await calendar.add(day)).toBe(true);
    expect(await calendar.add(day)).toBe(false);
    expect(await calendar.nonWorkingDays('2031-06-13')).toEqual([day]);
    expect(await calendar.nonWorkingDays('2031-06-14')).toEqual([]);
  });
});
