/** Ticks at guides in PostgreSQL. */
import type { Database } from '../database/database.ts';
import type { GuideReads } from './guide-reads.ts';

const READ_BY = {
  name: 'guides-read-by',
  text: `select account_id, array_agg(guide) as guides from guide_read where account_id = any($1) group by account_id`,
};

export function postgresGuideReads(database: Database): GuideReads {
  return {
    async readBy(accountIds, within = database) {
      if (accountIds.length === 0) return new Map();
      const rows = await within.query<{ account_id: string; guides: string[] }>(READ_BY, [accountIds]);
      return new Map(rows.map(({ account_id, guides }) => [account_id, new Set(guides)]));
    },
    async mark(accountId, guide, within = database) {
      const rows = await within.query(
        'insert into guide_read (account_id, guide) values ($1, $2) on conflict do nothing returning 1',
        [accountId, guide],
      );
      return rows.length === 1;
    },
  };
}
