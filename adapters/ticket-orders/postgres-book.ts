/** Orders of tickets as they are read from PostgreSQL. */
import type { Database, Value } from '../database/database.ts';
import type {
  Numberless,
  OrderBook,
  OrderLine,
  OrderScope,
  OrderState,
  TicketOrder,
} from './ticket-orders.ts';

type OrderRow = {
  id: string;
  organisation_id: string;
  short_name: string;
  state: OrderState;
  unit_kopecks: number;
  tickets: number;
  issued: number;
  voided: number;
  parcel: string | null;
  created_at: Date;
  submitted_at: Date | null;
};

type NameRow = {
  member_id: string;
  family_name: string;
  given_name: string;
  middle_name: string | null;
};

type LineRow = NameRow & {
  ticket_number: string;
  membership: string;
  outcome: 'issued' | 'void' | null;
  settled_at: Date | null;
};

const ORDER = `select q.id::text, q.organisation_id, o.short_name, q.state, q.unit_kopecks, q.tickets, q.parcel,
                      q.created_at, q.submitted_at, n.issued, n.voided
                 from ticket_order q
                 join organisation o on o.id = q.organisation_id
                cross join lateral (select count(*) filter (where l.outcome = 'issued')::int as issued,
                                           count(*) filter (where l.outcome = 'void')::int as voided
                                      from ticket_order_line l where l.order_id = q.id) n`;
const MEMBER = 'm.family_name, m.given_name, m.middle_name, m.membership';
const BY_NAME = 'm.name_key, m.id';

const UNORDERED = `select m.id as member_id, ${MEMBER}, t.number as ticket_number
                     from member m
                     join ticket t on t.member_id = m.id and t.state = 'number_assigned'
                    where m.organisation_id = $1 and m.membership = 'member'
                      and not exists (select from ticket_order_line l where l.member_id = m.id and l.settled_at is null)
                    order by ${BY_NAME}`;

const NUMBERLESS = `select m.id as member_id, ${MEMBER}
                      from member m
                     where m.organisation_id = $1 and m.membership = 'member'
                       and not exists (select from ticket t
                                        where t.member_id = m.id and t.state not in ('blocked', 'replaced'))
                     order by ${BY_NAME}`;

export function postgresOrderBook(database: Database): OrderBook {
  return {
    async find(id, scope, within = database) {
      const { where, values } = scoped(scope);
      const [row] = await within.query<OrderRow>(`${ORDER} where q.id = $1::bigint and ${where(2)}`, [
        id,
        ...values,
      ]);
      return row && toOrder(row);
    },

    async list(scope, { limit, before, state }) {
      const { where, values } = scoped(scope);
      const rows = await database.query<OrderRow>(
        `${ORDER} where ($1::bigint is null or q.id < $1::bigint) and ($2::text is null or q.state = $2)
                    and ${where(4)}
          order by q.id desc limit $3`,
        [before ?? null, state ?? null, limit, ...values],
      );
      return rows.map(toOrder);
    },

    async lines(id, page) {
      const rows = await database.query<LineRow>(
        `select l.member_id, ${MEMBER}, l.ticket_number, l.outcome, l.settled_at
           from ticket_order_line l join member m on m.id = l.member_id
          where l.order_id = $1::bigint
            and ($2::text is null or (${BY_NAME}) >
                 (select x.name_key, x.id from member x where x.id = $2))
          order by ${BY_NAME} limit $3`,
        [id, page?.after ?? null, page?.limit ?? null],
      );
      return rows.map(toLine);
    },

    async steps(id) {
      return database.query<{ state: OrderState; at: Date }>(
        'select state, at from ticket_order_step where order_id = $1::bigint order by at',
        [id],
      );
    },

    async years(scope) {
      const { where, values } = scoped(scope);
      return database.query<{ year: string; orders: number; tickets: number; kopecks: number }>(
        `select to_char(q.submitted_at at time zone 'Europe/Moscow', 'YYYY') as year, count(*)::int as orders,
                sum(q.tickets)::int as tickets, sum(q.tickets::bigint * q.unit_kopecks)::float8 as kopecks
           from ticket_order q join organisation o on o.id = q.organisation_id
          where q.submitted_at is not null and ${where(1)}
          group by 1 order by 1 desc`,
        values,
      );
    },

    async unordered(organisationId, within = database) {
      return (await within.query<LineRow>(UNORDERED, [organisationId])).map(toLine);
    },

    async numberless(organisationId) {
      return (await database.query<NameRow>(NUMBERLESS, [organisationId])).map(toPerson);
    },
  };
}

/** The condition, told the place of its parameter. */
function scoped(scope: OrderScope): { where: (place: number) => string; values: readonly Value[] } {
  if (scope === 'union') return { where: () => `q.state <> 'draft'`, values: [] };
  if ('at' in scope) return { where: (place) => `q.organisation_id = $${place}`, values: [scope.at] };
  return { where: (place) => `o.path ^@ $${place} and q.state <> 'draft'`, values: [scope.below] };
}

function toOrder(row: OrderRow): TicketOrder {
  const { id, organisation_id, short_name: shortName, state, unit_kopecks: unitKopecks } = row;
  const { tickets, issued, voided, parcel, created_at: createdAt, submitted_at: submittedAt } = row;
  return {
    ...{ id, state, unitKopecks, tickets, issued, voided, createdAt },
    organisation: { id: organisation_id, shortName },
    ...(parcel !== null && { parcel }),
    ...(submittedAt !== null && { submittedAt }),
  };
}

function toPerson(row: NameRow): Numberless {
  return {
    memberId: row.member_id,
    family: row.family_name,
    given: row.given_name,
    ...(row.middle_name !== null && { middle: row.middle_name }),
  };
}

function toLine(row: LineRow): OrderLine {
  return {
    ...toPerson(row),
    ticket: row.ticket_number,
    onRecord: row.membership === 'member',
    ...(row.outcome && { outcome: row.outcome }),
    ...(row.settled_at && { settledAt: row.settled_at }),
  };
}
