/** Our copy, in PostgreSQL, of those members of another register who have an account here. */
import type { RegistryOrganisation, RememberMember } from './registry.ts';

/** `wordsOf`: by which words an organisation is found. */
export function postgresMirror(
  wordsOf: (organisation: RegistryOrganisation) => readonly string[],
): RememberMember {
  return async (tx, { organisation, tickets, ...member }) => {
    await tx.query(
      `insert into organisation
         (id, name, short_name, town, region, inn, email, phone, units, search_words)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       on conflict (id) do update
         set name = excluded.name, short_name = excluded.short_name, town = excluded.town,
             region = excluded.region, inn = excluded.inn, email = excluded.email, phone = excluded.phone,
             units = excluded.units, search_words = excluded.search_words`,
      [
        ...[organisation.id, organisation.name, organisation.shortName, organisation.town ?? null],
        ...[organisation.region, organisation.inn ?? null, organisation.email ?? null],
        ...[organisation.phone ?? null, organisation.units, wordsOf(organisation)],
      ],
    );
    await tx.query(
      `insert into member (id, organisation_id, family_name, given_name, middle_name, birthdate, membership)
       values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (id) do update
         set organisation_id = excluded.organisation_id, family_name = excluded.family_name,
             given_name = excluded.given_name, middle_name = excluded.middle_name,
             birthdate = excluded.birthdate, membership = excluded.membership, updated_at = now()`,
      [
        ...[member.id, organisation.id, member.family, member.given, member.middle ?? null],
        ...[member.birthdate, member.membership],
      ],
    );
    // A number that is not told of any more stays reserved.
    await tx.query(
      `insert into ticket as t (number, member_id, state)
       select number, $1, state from unnest($2::text[], $3::text[]) as told (number, state)
       on conflict (number) do update
         set member_id = excluded.member_id, state = excluded.state, updated_at = now()
         where (t.member_id, t.state) is distinct from (excluded.member_id, excluded.state)`,
      [member.id, tickets.map(({ number }) => number), tickets.map(({ state }) => state)],
    );
  };
}
