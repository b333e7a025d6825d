/** The table of regions: how many took part, how many were excellent. Counts only; nobody can be found in it. */
import type { Database } from '../relying-party/database.ts';

export type RegionRow = {
  readonly region: string;
  readonly participants: number;
  readonly excellent: number;
};

/** `excellentFrom`: least number of right answers. The most participants first. */
export function regionTable(database: Database, excellentFrom: number): () => readonly RegionRow[] {
  const select = database.prepare(
    `select region, count(*) as participants, sum(correct >= :excellentFrom) as excellent
     from attempt where finished_at is not null and region is not null
     group by region order by participants desc, excellent desc, region`,
  );
  return () => (select.all({ excellentFrom }) as RegionRow[]).map((row) => ({ ...row }));
}
