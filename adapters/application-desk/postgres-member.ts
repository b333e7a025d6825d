/** What an acceptance writes of the applicant: her card, a new one or the one she has. */
import { randomUUID } from 'node:crypto';
import type { Queryable, Value } from '../database/database.ts';
import { LIVE } from '../member-tickets/give-ticket.ts';
import type { RegistryApplication } from '../registry/registry.ts';

export type MemberNeeds = {
  /** The card's word for what an application says in the applicant's language. */
  readonly employmentOf: (said: string) => 'worker' | 'student' | 'pensioner' | 'other' | undefined;
};

/** Statement and values: cards with the applicant's name and birth date, her own organisation's first. */
export function namesakesOf(application: RegistryApplication): [string, Value[]] {
  const { family, given, middle, birthdate, organisationId } = application;
  return [
    `select m.id, m.membership, m.family_name, m.given_name, m.middle_name,
            exists (select from ticket t where t.member_id = m.id and t.${LIVE}) as has_ticket,
            m.organisation_id <> $3 and m.membership <> 'ended' as elsewhere
       from member m
      where m.name_key = name_key($1) and m.birthdate = $2::date
      order by m.organisation_id <> $3, m.id limit 20`,
    [[family, given, middle].filter(Boolean).join(' '), birthdate, organisationId],
  ];
}

/** The id of the card; undefined when the named one is not to be had. */
export async function putOnRecord(
  tx: Queryable,
  application: RegistryApplication,
  memberId: string | undefined,
  { employmentOf, isOperator }: MemberNeeds & { readonly isOperator: boolean },
): Promise<string | undefined> {
  const { organisationId, sex, phone, email } = application;
  const unitId = await unitOf(tx, application);
  const said = [sex, phone, email, unitId, employmentOf(application.employment) ?? null];
  if (memberId === undefined) {
    const id = randomUUID();
    const { family, given, middle, birthdate, purpose } = application;
    await tx.query(
      `insert into member (id, organisation_id, family_name, given_name, middle_name, birthdate, membership, sex, phone,
                           email, unit_id, employment, joined_on, on_record_since)
       values ($1, $2, $3, $4, $5, $6, 'member', $7, $8, $9, $10, $11, case when $12 = 'joining' then ${TODAY} end, ${TODAY})`,
      [id, organisationId, family, given, middle ?? null, birthdate, ...said, purpose],
    );
    return id;
  }
  // A chair takes nobody away from where she is on record; her name and birth date stay as they are.
  const [row] = await tx.query<{ id: string }>(
    `update member
        set membership = 'member', organisation_id = $2, sex = coalesce($3, sex), phone = $4, email = $5,
            unit_id = case when organisation_id = $2 then coalesce($6, unit_id) else $6 end, employment = coalesce($7, employment),
            on_record_since = case when membership = 'member' and organisation_id = $2
                                   then coalesce(on_record_since, ${TODAY}) else ${TODAY} end,
            membership_reason = null,
            membership_since = case when membership = 'member' then membership_since else ${TODAY} end,
            version = version + 1, updated_at = now()
      where id = $1 and ($8 or organisation_id = $2 or membership = 'ended') returning id`,
    [memberId, organisationId, ...said, isOperator],
  );
  return row?.id;
}

const TODAY = `(now() at time zone 'Europe/Moscow')::date`;

/** Applicants choose a unit by its name (C-25); one that was closed since is nobody's. */
async function unitOf(tx: Queryable, { organisationId, unit }: RegistryApplication): Promise<string | null> {
  if (unit === undefined) return null;
  const [row] = await tx.query<{ id: string }>(
    'select id from organisation_unit where organisation_id = $1 and name = $2 and closed_at is null',
    [organisationId, unit],
  );
  return row?.id ?? null;
}
