/** Cards written to PostgreSQL, with what the register's readers are told of them. */
import type { Queryable, Value } from '../database/database.ts';
import { recordChange } from '../registry/change-log.ts';
import type { MemberData, MemberWriter, SealedSnils } from './member-book.ts';

const TYPES = [
  'text',
  'text',
  'text',
  'date',
  'text',
  'text',
  'text',
  'text',
  'text',
  'text',
  'date',
  'date',
];
/** Places of a card's columns among the parameters. */
const ADDED = parameters(8, 12);
const CORRECTED = parameters(6, 12);

export function postgresMemberWriter(): MemberWriter {
  return {
    async add(organisationId, id, { ticket, snils, membership, reason, since, ...data }, within) {
      const added = await within.query(
        `insert into member (id, organisation_id, membership, membership_reason, membership_since, snils_sealed,
                             snils_hmac, family_name, given_name, middle_name, birthdate, sex, phone, email, unit_id,
                             employment, position, joined_on, on_record_since)
         select $1, $2, $3, $4, $5::date, $6, $7, ${ADDED}
          where not exists (select from ticket where number = $20)
         on conflict do nothing returning 1`,
        [
          ...[id, organisationId, membership, reason ?? null, since ?? null],
          ...[snils?.sealed ?? null, snils?.digest ?? null, ...valuesOf(data), ticket ?? null],
        ],
      );
      if (added.length === 0) return false;
      if (ticket !== undefined && !(await giveTicket(id, ticket, within))) {
        throw new Error('somebody else was given that number a moment ago');
      }
      return true;
    },

    async correct(organisationId, id, version, { snils, ...data }, within) {
      return isChanged(
        within,
        `update member
            set snils_sealed = coalesce($4, snils_sealed), snils_hmac = coalesce($5, snils_hmac),
                (family_name, given_name, middle_name, birthdate, sex, phone, email, unit_id, employment, position,
                 joined_on, on_record_since) = row(${CORRECTED}),
                version = version + 1, updated_at = now()
          where id = $1 and organisation_id = $2 and version = $3 returning 1`,
        [id, organisationId, version, ...snilsValues(snils), ...valuesOf(data)],
      );
    },

    stand(organisationId, id, version, { membership, reason, since }, within) {
      return isChanged(
        within,
        `update member
            set membership = $4, membership_reason = $5, membership_since = $6, version = version + 1,
                updated_at = now()
          where id = $1 and organisation_id = $2 and version = $3 returning 1`,
        [id, organisationId, version, membership, reason ?? null, since ?? null],
      );
    },

    giveTicket,

    async tell(memberIds, within) {
      for (const memberId of memberIds) await recordChange(within, { memberId });
    },
  };
}

function giveTicket(memberId: string, number: string, within: Queryable): Promise<boolean> {
  return isChanged(
    within,
    `insert into ticket (number, member_id, state) values ($1, $2, 'number_assigned')
     on conflict (number) do nothing returning 1`,
    [number, memberId],
  );
}

/** Placeholders of `valuesOf`, from number `first` on. */
function parameters(first: number, count: number): string {
  return TYPES.slice(0, count)
    .map((type, at) => `$${first + at}::${type}`)
    .join(', ');
}

function valuesOf(data: MemberData): Value[] {
  return [
    ...[data.family, data.given, data.middle ?? null, data.birthdate, data.sex ?? null],
    ...[data.phone ?? null, data.email ?? null, data.unitId ?? null, data.employment ?? null],
    ...[data.position ?? null, data.joinedOn ?? null, data.onRecordSince ?? null],
  ];
}

const snilsValues = (snils: SealedSnils | undefined): Value[] => [
  snils?.sealed ?? null,
  snils?.digest ?? null,
];

async function isChanged(within: Queryable, text: string, values: readonly Value[]): Promise<boolean> {
  return (await within.query(text, values)).length === 1;
}
