/** Counts in PostgreSQL. */
import type { Database } from '../database/database.ts';
import type { Census, DocumentCount, PortalRow, Standing } from './census.ts';

/** Of what somebody waits to see. */
const COUNTED_AT_MOST = 10_000;
const LONGEST_MS = 600_000;
/** One count at a time, whoever asks for it. */
const LOCK = 0x63656e73;

type Row = Pick<PortalRow, 'clientId' | 'name'> & {
  readonly [Field in 'stage' | 'ownerId' | 'blockedAt' | 'people']: Required<PortalRow>[Field] | null;
};

const TAKE = `
  with fresh as (
    select 'portal' as topic, array[client_id] as keys, count(*) as number
      from (select client_id, account_id from account_grant where expires_at > now()
            union
            select client_id, account_id from client_consent) as connected
     group by client_id
    union all
    select 'document', array[type, version, state, form], count(*)
      from (select d.type, d.version, case when d.withdrawn_at is null then 'in_force' else 'withdrawn' end as state,
                   case when d.paper_at is null then 'signed' else 'paper' end as form
              from document d left join signing s on s.id = d.signing_id
             where d.paper_at is not null or s.signed_at is not null) as given
     group by type, version, state, form
  ), forgotten as (
    delete from census where (topic, keys) not in (select topic, keys from fresh)
  )
  insert into census (topic, keys, number) select topic, keys, number from fresh
  on conflict (topic, keys) do update set number = excluded.number`;

export function postgresCensus(database: Database): Census & Standing {
  return {
    async take() {
      await database.transaction(async (tx) => {
        await tx.script(`set local statement_timeout = ${LONGEST_MS}`);
        await tx.query('select pg_advisory_xact_lock($1)', [LOCK]);
        await tx.query(TAKE);
        await tx.query('update census_taken set at = now()');
      });
    },
    async takenAt() {
      const [row] = await database.query<{ at: Date | null }>('select at from census_taken');
      return row?.at ?? undefined;
    },
    async portals({ limit, after = '' }) {
      const rows = await database.query<Row>(
        `select c.client_id as "clientId", coalesce(c.metadata->>'client_name', c.client_id) as name,
                i.stage, i.owner_id as "ownerId", c.blocked_at as "blockedAt", n.number::float8 as people
           from client c
           left join integration i on i.client_id = c.client_id
           left join census n on n.topic = 'portal' and n.keys = array[c.client_id]
          where c.client_id > $2 order by c.client_id limit $1`,
        [limit, after],
      );
      return rows.map(({ stage, ownerId, blockedAt, people, ...row }) => ({
        ...row,
        ...(stage !== null && { stage }),
        ...(ownerId !== null && { ownerId }),
        ...(blockedAt !== null && { blockedAt }),
        ...(people !== null && { people }),
      }));
    },
    async documents() {
      const rows = await database.query<{ keys: string[]; number: number }>(
        `select keys, number::float8 as number from census where topic = 'document' order by keys`,
      );
      return rows.map(
        ({ keys: [type, version, state, form], number }) =>
          ({ type, version, state, form, number }) as DocumentCount,
      );
    },

    async applications() {
      const [row] = await database.query<{ onTheWay: number; underWay: number }>(
        `select (select count(*) from application where sealed is not null)::int as "onTheWay",
                (select count(*) from application where state in ('signed', 'delivered', 'received'))::int as "underWay"`,
      );
      const { onTheWay = 0, underWay = 0 } = row ?? {};
      return { onTheWay, underReview: Math.max(0, underWay - onTheWay) };
    },
    async addressTroubles() {
      const [{ refused, bounced } = { refused: 0, bounced: 0 }] = await database.query<
        Record<'refused' | 'bounced', number>
      >(
        `select (select count(*) from (select from address_trouble where kind = 'refused' limit $1) as r)::int as refused,
                (select count(*) from (select from address_trouble where kind = 'bounced' limit $1) as b)::int as bounced`,
        [COUNTED_AT_MOST],
      );
      return { refused, bounced, areMore: Math.max(refused, bounced) === COUNTED_AT_MOST };
    },
  };
}
