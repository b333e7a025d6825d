/** Counts in PostgreSQL. */
import type { Database } from '../database/database.ts';
import type { Census, Counted, DocumentCount, PortalPeople, Standing } from './census.ts';

const LONGEST_MS = 600_000;
/** One count at a time, whoever asks for it. */
const LOCK = 0x63656e73;

const TAKE = `
  with fresh as (
    select 'portal' as topic, array[client_id] as keys, count(*) as number
      from (select client_id, account_id from account_grant where expires_at > now()
            union
            select client_id, account_id from client_consent) as connected
     group by client_id
    union all
    select 'document', array[type, version, state, "on"], count(*)
      from (select d.type, d.version, case when d.withdrawn_at is null then 'in_force' else 'withdrawn' end as state,
                   case when d.paper_at is null then 'signed' else 'paper' end as "on"
              from document d left join signing s on s.id = d.signing_id
             where d.paper_at is not null or s.signed_at is not null) as given
     group by type, version, state, "on"
  ), forgotten as (
    delete from census where (topic, keys) not in (select topic, keys from fresh)
  )
  insert into census (topic, keys, number) select topic, keys, number from fresh
  on conflict (topic, keys) do update set number = excluded.number`;

export function postgresCensus(database: Database): Census & Standing {
  const counted = async <Item>(topic: string, item: (keys: readonly string[], number: number) => Item) => {
    const at = await takenAt();
    if (!at) return undefined;
    const rows = await database.query<{ keys: string[]; number: number }>(
      'select keys, number::float8 as number from census where topic = $1 order by keys',
      [topic],
    );
    return { at, items: rows.map(({ keys, number }) => item(keys, number)) } satisfies Counted<Item>;
  };

  return {
    async take() {
      await database.transaction(async (tx) => {
        await tx.script(`set local statement_timeout = ${LONGEST_MS}`);
        await tx.query('select pg_advisory_xact_lock($1)', [LOCK]);
        await tx.query(TAKE);
        await tx.query('update census_taken set at = now()');
      });
    },
    portals: () => counted('portal', ([clientId = ''], people): PortalPeople => ({ clientId, people })),
    documents: () =>
      counted(
        'document',
        ([type, version, state, on], number) => ({ type, version, state, on, number }) as DocumentCount,
      ),
    takenAt,

    async applications() {
      const [row] = await database.query<{ onTheWay: number; underWay: number }>(
        `select (select count(*) from application where sealed is not null)::int as "onTheWay",
                (select count(*) from application where state in ('signed', 'delivered', 'received'))::int as "underWay"`,
      );
      const { onTheWay = 0, underWay = 0 } = row ?? {};
      return { onTheWay, underReview: Math.max(0, underWay - onTheWay) };
    },
    async addressTroubles() {
      const rows = await database.query<{ kind: 'refused' | 'bounced'; number: number }>(
        'select kind, count(*)::int as number from address_trouble group by kind',
      );
      const of = (kind: string) => rows.find((row) => row.kind === kind)?.number ?? 0;
      return { refused: of('refused'), bounced: of('bounced') };
    },
  };

  async function takenAt(): Promise<Date | undefined> {
    const [row] = await database.query<{ at: Date | null }>('select at from census_taken');
    return row?.at ?? undefined;
  }
}
