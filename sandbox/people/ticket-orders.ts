/**
 * Orders of tickets in the register kept by ourselves (domain.md §6.4), the invented members they are for, and 28 more of
 * P-01 whose tickets are to be ordered anew, with one who has not consented (SYS-18). The named people of P-01 are in
 * ORD-1; the twins of P-02 wait for theirs in ORD-2. May be repeated.
 */
import type { Database, Queryable } from '../../adapters/database/database.ts';
import { inventedMember } from './invented-members.ts';
import { paperConsentsOf } from './paper-consents.ts';
import { persons } from './register.ts';

const PRICE = 1_700;
/** Of P-01 with a card in their hands already; M-18 has hers in production by an order of her own. */
const NAMED = ['M-01', 'M-02', 'M-06a', 'M-08', 'M-22'];
const TWINS = ['M-07a', 'M-07b'];
const REGIONAL_OFFICER = 'M-20';

type Order = {
  readonly id: number;
  readonly organisation: string;
  readonly state: 'draft' | 'in_production' | 'at_committee';
  readonly submitted?: string;
  readonly parcel?: string;
  readonly members: readonly string[];
  /** So many of them have theirs. */
  readonly issued: number;
};

const groups = {
  handedOut: numbers(1, 15),
  atCommittee: numbers(16, 23),
  waiting: numbers(24, 51),
  withoutConsent: [52],
  students: numbers(101, 1_100),
};

const ORDERS: readonly Order[] = [
  {
    ...{ id: 1, organisation: 'P-01', state: 'at_committee', submitted: '2025-11-10T08:00:00Z' },
    ...{ parcel: 'RA 000 000 001 RU', issued: 20 },
    members: [...NAMED, ...[...groups.handedOut, ...groups.atCommittee].map((n) => idOf(n))],
  },
  { id: 2, organisation: 'P-02', state: 'draft', members: TWINS, issued: 0 },
  {
    ...{ id: 3, organisation: 'P-05b', state: 'in_production', submitted: '2026-10-05T08:00:00Z' },
    ...{ members: groups.students.map((n) => idOf(n)), issued: 0 },
  },
  {
    ...{ id: 4, organisation: 'P-01', state: 'in_production', submitted: '2026-10-12T08:00:00Z' },
    ...{ members: ['M-18'], issued: 0 },
  },
];

export async function seedTicketOrders(database: Database): Promise<void> {
  await database.transaction(async (tx) => {
    if ((await tx.query('select from ticket_order limit 1')).length > 0) return;
    await writeMembers(tx, 'P-01', groups.handedOut, 'issued');
    await writeMembers(tx, 'P-01', groups.atCommittee, 'at_committee');
    await writeMembers(tx, 'P-01', [...groups.waiting, ...groups.withoutConsent], 'number_assigned');
    await writeMembers(tx, 'P-05b', groups.students, 'in_production');
    await tx.query(`update ticket set state = 'number_assigned' where member_id = any($1)`, [TWINS]);
    await tickConsents(tx);
    for (const order of ORDERS) await writeOrder(tx, order);
    await tx.query(`select setval(pg_get_serial_sequence('ticket_order', 'id'), max(id)) from ticket_order`);
    await writeRanges(tx);
    await tx.query(
      `insert into office (id, account_id, organisation_id, role, granted_by, undertaken_at, undertaken_how, undertaken_by)
       select 'sandbox-R-01', id, 'R-01', 'responsible', 'sandbox', now(), 'paper', 'sandbox'
         from account where member_id = $1 on conflict do nothing`,
      [REGIONAL_OFFICER],
    );
  });
}

function numbers(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

function idOf(number: number): string {
  return `N-${String(number).padStart(4, '0')}`;
}

/** Begins as all tickets of the sandbox do, and fails Luhn as they do (domain.md §6). */
function ticketOf(number: number): string {
  const body = `99000001${String(number).padStart(7, '0')}`;
  return `${body}${(checkDigitOf(body) + 1) % 10}`;
}

function checkDigitOf(body: string): number {
  const sum = [...body].reverse().reduce((total, digit, at) => {
    const doubled = Number(digit) * (at % 2 === 0 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return (10 - (sum % 10)) % 10;
}

async function writeMembers(
  tx: Queryable,
  organisation: string,
  those: readonly number[],
  state: string,
): Promise<void> {
  const members = those.map(inventedMember);
  const ids = those.map(idOf);
  await tx.query(
    `insert into member (id, organisation_id, family_name, given_name, middle_name, birthdate, membership)
     select id, $1, family, given, middle, birthdate::date, 'member'
       from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
         as made (id, family, given, middle, birthdate)`,
    [
      ...[organisation, ids, members.map(({ family }) => family), members.map(({ given }) => given)],
      ...[members.map(({ middle }) => middle), members.map(({ birthdate }) => birthdate)],
    ],
  );
  await tx.query(
    `insert into ticket (number, member_id, state)
     select number, id, $1 from unnest($2::text[], $3::text[]) as made (number, id)`,
    [state, those.map(ticketOf), ids],
  );
}

/** As their cards say: of the named people what their accounts know from paper, of the others all but one. */
async function tickConsents(tx: Queryable): Promise<void> {
  const named = persons.flatMap(({ id }) => paperConsentsOf(id).map((tick) => ({ id, ...tick })));
  const invented = [groups.handedOut, groups.atCommittee, groups.waiting, groups.students]
    .flat()
    .map((number) => ({
      ...{ id: idOf(number), type: 'union_pd', given: true, at: '2026-03-02T09:00:00Z' },
      by: 'Председатель ППО',
    }));
  const ticks = [...named, ...invented];
  await tx.query(
    `insert into member_consent (member_id, type, given, dated, at, by_account, by_name)
     select id, type, given::boolean, at::timestamptz::date, at::timestamptz, 'sandbox', by
       from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) as tick (id, type, given, at, by)`,
    [
      ...[ticks.map(({ id }) => id), ticks.map(({ type }) => type), ticks.map(({ given }) => String(given))],
      ...[ticks.map(({ at }) => at), ticks.map(({ by }) => by)],
    ],
  );
}

async function writeOrder(
  tx: Queryable,
  { id, organisation, state, submitted, parcel, members, issued }: Order,
): Promise<void> {
  await tx.query(
    `insert into ticket_order (id, organisation_id, state, unit_kopecks, tickets, parcel, created_at, submitted_at)
     values ($1, $2, $3, $4, $5, $6, coalesce($7::timestamptz, now()), $7::timestamptz)`,
    [id, organisation, state, PRICE, members.length, parcel ?? null, submitted ?? null],
  );
  await tx.query(
    `insert into ticket_order_step (order_id, state, at) values ($1, $2, coalesce($3::timestamptz, now()))`,
    [id, state, submitted ?? null],
  );
  await tx.query(
    `insert into ticket_order_line (order_id, member_id, ticket_number, outcome, settled_at, settled_by)
     select $1::bigint, t.member_id, t.number,
            case when place <= $3 then 'issued' end, case when place <= $3 then now() end,
            case when place <= $3 then 'sandbox' end
       from unnest($2::text[]) with ordinality as given (member, place)
       join ticket t on t.member_id = given.member and t.state not in ('blocked', 'replaced')`,
    [id, members, issued],
  );
}

/** Numbers for whoever is put on record. The ranges go round those that Luhn would let pass: one in ten. */
async function writeRanges(tx: Queryable): Promise<void> {
  for (const ten of numbers(0, 49)) {
    const body = `99000009${String(ten).padStart(7, '0')}`;
    const passing = checkDigitOf(body);
    for (const [first, last] of [
      [0, passing - 1],
      [passing + 1, 9],
    ] as const) {
      if (first > last) continue;
      await tx.query(
        `insert into ticket_range (first, last, next, added_by) values ($1::bigint, $2::bigint, $1::bigint, 'sandbox')`,
        [`${body}${first}`, `${body}${last}`],
      );
    }
  }
}
