/** Consents of members in PostgreSQL: a history of ticks, and the view `consent_now` of how each consent stands. */
import type { Database, Queryable, Value } from '../database/database.ts';
import { CONSENT_TYPES, type ConsentType } from '../document-store/document-store.ts';
import { recordMemberChanges } from '../registry/change-log.ts';
import type {
  CardConsent,
  CardConsents,
  ConsentTick,
  MemberConsents,
  MemberConsentsRow,
  PaperTick,
  TickOutcome,
} from './member-consents.ts';

type NowRow = {
  member_id: string;
  type: ConsentType;
  in_force: boolean;
  signed_at: Date | null;
  version: string | null;
  ticked: boolean | null;
  ticked_at: Date | null;
  dated: string | null;
  ticked_by: string | null;
  withdrawn_at: Date | null;
  ever_ticked: boolean;
};

type MemberRow = {
  id: string;
  family_name: string;
  given_name: string;
  middle_name: string | null;
  birthdate: string;
};

const MEMBER = 'm.id, m.family_name, m.given_name, m.middle_name, m.birthdate';
/** Whoever has left gives no consents any more, and an applicant has signed hers with her application. */
const ON_RECORD = `m.membership = 'member'`;
const LACKING =
  'exists (select from consent_now n where n.member_id = m.id and not n.in_force and n.type = any($2))';
/** The calendar day of a withdrawal, where the Union's papers are dated. */
const WITHDRAWN_DAY = `(withdrawn_at at time zone 'Europe/Moscow')::date`;

export function postgresMemberConsents(database: Database): MemberConsents {
  const consentsOf = async (ids: readonly string[]): Promise<Map<string, CardConsents>> => {
    const rows = await database.query<NowRow>('select * from consent_now where member_id = any($1)', [ids]);
    const cards = new Map<string, Partial<Record<ConsentType, CardConsent>>>();
    for (const row of rows) {
      cards.set(row.member_id, { ...cards.get(row.member_id), [row.type]: toCardConsent(row) });
    }
    return cards as Map<string, CardConsents>;
  };
  const withConsents = async (members: readonly MemberRow[]): Promise<MemberConsentsRow[]> => {
    if (members.length === 0) return [];
    const cards = await consentsOf(members.map(({ id }) => id));
    return members.flatMap((member) => {
      const consents = cards.get(member.id);
      return consents ? { ...toMember(member), consents } : [];
    });
  };

  return {
    async standing(memberIds, within = database) {
      const rows = await within.query<{ member_id: string; types: ConsentType[] | null }>(
        `select member_id, array_agg(type) filter (where in_force) as types
           from consent_now where member_id = any($1) group by member_id`,
        [memberIds],
      );
      return new Map(rows.map(({ member_id, types }) => [member_id, new Set(types ?? [])]));
    },

    async card(organisationId, memberId) {
      const rows = await database.query<MemberRow>(
        `select ${MEMBER} from member m where m.id = $1 and m.organisation_id = $2`,
        [memberId, organisationId],
      );
      return (await withConsents(rows))[0];
    },

    async history(memberId) {
      const rows = await database.query<ConsentTick & { type: ConsentType }>(
        `select type, given, dated, at, by_name as by from member_consent where member_id = $1 order by id desc`,
        [memberId],
      );
      return rows;
    },

    async list(organisationId, { lacking, after, limit }) {
      const values: Value[] = [
        organisationId,
        lacking === undefined || lacking === 'any' ? CONSENT_TYPES : [lacking],
      ];
      const where = [
        'm.organisation_id = $1',
        ON_RECORD,
        lacking === undefined ? '$2::text[] is not null' : LACKING,
      ];
      if (after !== undefined) {
        where.push(
          `(m.name_key, m.id) > (select name_key, id from member where organisation_id = $1 and id = $${values.push(after)})`,
        );
      }
      const rows = await database.query<MemberRow>(
        `select ${MEMBER} from member m where ${where.join(' and ')}
          order by m.name_key, m.id limit $${values.push(limit)}`,
        values,
      );
      return await withConsents(rows);
    },

    async counts(organisationId) {
      const [row] = await database.query<Record<ConsentType | 'any' | 'members', number>>(
        `select count(*)::int as members, count(*) filter (where not whole)::int as "any",
                ${CONSENT_TYPES.map((type) => `count(*) filter (where not ${type})::int as ${type}`).join(', ')}
           from (select bool_and(n.in_force) as whole,
                        ${CONSENT_TYPES.map((type) => `bool_or(n.in_force and n.type = '${type}') as ${type}`).join(', ')}
                   from member m join consent_now n on n.member_id = m.id
                  where m.organisation_id = $1 and ${ON_RECORD} group by m.id) cards`,
        [organisationId],
      );
      const { members, ...lacking } = row as Record<ConsentType | 'any' | 'members', number>;
      return { members, lacking };
    },

    tick(organisationId, ticks, by, within) {
      const work = async (tx: Queryable): Promise<TickOutcome[]> => {
        const outcomes: TickOutcome[] = [];
        for (const tick of ticks) outcomes.push(await setTick(tx, organisationId, tick, by));
        const changed = ticks.filter((_, at) => outcomes[at] === 'ticked').map(({ memberId }) => memberId);
        await recordMemberChanges(tx, [...new Set(changed)]);
        return outcomes;
      };
      return within ? work(within) : database.transaction(work);
    },
  };
}

async function setTick(
  tx: Queryable,
  organisationId: string,
  { memberId, type, given, dated }: PaperTick,
  by: { readonly accountId: string; readonly name: string },
): Promise<TickOutcome> {
  // Of two chairs at one card the second sees what the first has set.
  const [member] = await tx.query(
    'select from member where id = $1 and organisation_id = $2 for no key update',
    [memberId, organisationId],
  );
  if (!member) return 'not-here';
  const [now] = await tx.query<
    Pick<NowRow, 'in_force' | 'signed_at' | 'ticked' | 'dated'> & { overtaken: boolean }
  >(
    `select in_force, signed_at, ticked, dated, coalesce(${WITHDRAWN_DAY} > $3::date, false) as overtaken
       from consent_now where member_id = $1 and type = $2`,
    [memberId, type, dated],
  );
  if (now?.signed_at) return 'signed';
  if (now?.ticked === given && now.dated === dated && now.in_force === given) return 'same';
  if (given && now?.overtaken) return 'withdrawn-later';
  await tx.query(
    'insert into member_consent (member_id, type, given, dated, by_account, by_name) values ($1, $2, $3, $4, $5, $6)',
    [memberId, type, given, dated, by.accountId, by.name],
  );
  return 'ticked';
}

function toCardConsent(row: NowRow): CardConsent {
  const { type, signed_at, version, ticked, ticked_at, dated, ticked_by, withdrawn_at } = row;
  return {
    type,
    state: stateOf(row),
    ...(signed_at !== null && version !== null && { signed: { at: signed_at, version } }),
    ...(ticked !== null &&
      ticked_at !== null &&
      dated !== null &&
      ticked_by !== null && { tick: { given: ticked, dated, at: ticked_at, by: ticked_by } }),
    ...(withdrawn_at !== null && { withdrawnAt: withdrawn_at }),
  };
}

function stateOf({ in_force, ticked, withdrawn_at, ever_ticked }: NowRow): CardConsent['state'] {
  if (in_force) return 'given';
  if (withdrawn_at !== null || ever_ticked) return 'withdrawn';
  return ticked === null ? 'none' : 'refused';
}

function toMember(row: MemberRow): Omit<MemberConsentsRow, 'consents'> {
  return {
    memberId: row.id,
    family: row.family_name,
    given: row.given_name,
    birthdate: row.birthdate,
    ...(row.middle_name !== null && { middle: row.middle_name }),
  };
}
