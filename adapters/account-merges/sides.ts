/** Reads what two accounts have before they become one: one statement for both. */
import type { AccountStatus } from '../account-store/account-store.ts';
import type { Queryable } from '../database/database.ts';
import { CONSENT_TYPES, type ConsentType } from '../document-store/document-store.ts';
import { GIVEN, OUTLIVED } from '../document-store/postgres-rows.ts';
import type { ConsentStanding, MergeSide } from './account-merges.ts';

/** Longer than any of them lasts the merge could not be undone in order. */
const UNSETTLED = `('open', 'with_admin', 'changed', 'reopened')`;

const LATEST = 'max(coalesce(s.signed_at, d.paper_at))';

const SIDES = `select a.id, a.status, a.locale, a.created_at, a.family_name, a.given_name, a.middle_name, a.member_id,
    a.services_ended_at is not null as services_ended,
    (select original from identifier where account_id = a.id and kind = 'email' and not further
        and confirmed_at is not null) as email,
    array(select original from identifier where account_id = a.id and kind = 'email' and further
           order by original) as further_emails,
    (select value from identifier where account_id = a.id and kind = 'ticket') as ticket,
    exists (select from password where account_id = a.id) as has_password,
    coalesce((select jsonb_agg(jsonb_build_object('issuer', issuer, 'subject', subject, 'upstream', upstream)
                               order by linked_at, issuer)
                from linked_identity where account_id = a.id), '[]') as links,
    (select count(*)::integer from code_app where account_id = a.id) as code_apps,
    (select count(*)::integer from passkey where account_id = a.id) as passkeys,
    (select count(*)::integer from recovery_code where account_id = a.id and used_at is null) as recovery_codes,
    exists (select from account_protection where account_id = a.id and always_asked_at is not null) as always_asked,
    (select mail_counts_at from account_protection where account_id = a.id) as mail_counts_at,
    (select count(*)::integer from document d left join signing s on s.id = d.signing_id
      where d.account_id = a.id and (s.signed_at is not null or d.paper_at is not null)) as documents,
    coalesce((select jsonb_object_agg(type, jsonb_build_object(
                       'standing', case when given_at is null then 'withdrawn' else 'given' end,
                       'since', coalesce(given_at, ended_at)))
                from (select d.type, ${LATEST} filter (where d.withdrawn_at is null and not ${OUTLIVED}) as given_at,
                             coalesce(max(d.withdrawn_at), ${LATEST}) as ended_at
                        from document d left join signing s on s.id = d.signing_id
                       where (d.account_id = a.id or d.account_id in (
                               select closed_id from account_merge where survivor_id = a.id and undone_at is null))
                         and d.type <> 'application' and ${GIVEN}
                       group by d.type) as each), '{}') as consents,
    coalesce((select jsonb_agg(jsonb_build_object('family', family_name, 'given', given_name, 'birthdate', birthdate))
                from (select a.family_name, a.given_name, null::date as birthdate
                      union all select family_name, given_name, birthdate from member where id = a.member_id
                      union all select family_name, given_name, birthdate from linked_identity where account_id = a.id
                      union all select family_name, given_name, birthdate from school_person where account_id = a.id
                     ) as told), '[]') as told,
    exists (select from message_channel where account_id = a.id and closed_by = 'link') as refused_messages,
    (select count(*)::integer from application where account_id = a.id) as applications,
    exists (select from application where account_id = a.id
               and state in ('signed', 'delivered', 'received')) as is_applying,
    (select count(*)::integer from integration where owner_id = a.id) as integrations,
    exists (select from school_person where account_id = a.id) as is_known_to_region,
    array(select client_id from account_grant where account_id = a.id and expires_at > now()
          union select client_id from client_consent where account_id = a.id order by 1) as clients,
    exists (select from office where account_id = a.id and revoked_at is null)
      or exists (select from staff_role where account_id = a.id) as holds_office,
    exists (select from mismatch_case where account_id = a.id and state in ${UNSETTLED}) as has_open_case,
    exists (select from account_deletion where account_id = a.id) as is_being_deleted,
    exists (select from account_merge where (survivor_id = a.id or closed_id = a.id)
               and undone_at is null and undo_until > now()) as is_merged
  from account a where a.id = any($1)`;

type Row = {
  id: string;
  status: AccountStatus;
  locale: 'ru' | 'en';
  created_at: Date;
  family_name: string | null;
  given_name: string | null;
  middle_name: string | null;
  member_id: string | null;
  services_ended: boolean;
  email: string | null;
  further_emails: string[];
  ticket: string | null;
  has_password: boolean;
  links: MergeSide['links'];
  code_apps: number;
  passkeys: number;
  recovery_codes: number;
  always_asked: boolean;
  mail_counts_at: Date | null;
  documents: number;
  consents: Partial<Record<ConsentType, { standing: ConsentStanding; since: string }>>;
  told: { family: string | null; given: string | null; birthdate: string | null }[];
  refused_messages: boolean;
  applications: number;
  is_applying: boolean;
  integrations: number;
  is_known_to_region: boolean;
  clients: string[];
  holds_office: boolean;
  has_open_case: boolean;
  is_being_deleted: boolean;
  is_merged: boolean;
};

/** In the order of the ids. Locked in the order of the ids' letters, so that nobody waits for each other. */
export async function readSides(
  ids: readonly [string, string],
  within: Queryable,
): Promise<readonly [MergeSide, MergeSide] | undefined> {
  await within.query('select id from account where id = any($1) order by id for update', [ids]);
  const rows = await within.query<Row>(SIDES, [ids]);
  const [one, other] = ids.map((id) => rows.find((row) => row.id === id));
  return one && other && one !== other ? [toSide(one), toSide(other)] : undefined;
}

function toSide(row: Row): MergeSide {
  const { family_name: family, given_name: given, middle_name: middle, member_id, email, ticket } = row;
  const name =
    family !== null && given !== null ? { family, given, ...(middle !== null && { middle }) } : undefined;
  return {
    ...{ id: row.id, status: row.status, locale: row.locale, createdAt: row.created_at },
    ...(name && { name }),
    ...(member_id !== null && { memberId: member_id }),
    ...(email !== null && { email }),
    furtherEmails: row.further_emails,
    ...(ticket !== null && { ticket }),
    ...{ hasPassword: row.has_password, links: row.links, documents: row.documents },
    protection: {
      ...{ codeApps: row.code_apps, passkeys: row.passkeys, recoveryCodes: row.recovery_codes },
      alwaysAsked: row.always_asked,
      ...(row.mail_counts_at && { mailCountsAt: row.mail_counts_at }),
    },
    told: row.told.map(({ family, given, birthdate }) => ({
      ...(family !== null && given !== null && { name: { family, given } }),
      ...(birthdate !== null && { birthdate }),
    })),
    consents: Object.fromEntries(
      CONSENT_TYPES.map((type) => [type, row.consents[type]?.standing ?? 'none']),
    ) as Record<ConsentType, ConsentStanding>,
    consentsSince: Object.fromEntries(
      CONSENT_TYPES.flatMap((type) => {
        const since = row.consents[type]?.since;
        return since === undefined ? [] : [[type, new Date(since)]];
      }),
    ),
    ...{ refusedMessages: row.refused_messages, servicesEnded: row.services_ended },
    ...{ applications: row.applications, isApplying: row.is_applying, integrations: row.integrations },
    ...{ isKnownToRegion: row.is_known_to_region, clients: row.clients, holdsOffice: row.holds_office },
    ...{ hasOpenCase: row.has_open_case, isBeingDeleted: row.is_being_deleted, isMerged: row.is_merged },
  };
}
