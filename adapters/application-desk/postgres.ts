/** The desk in the tables of the register kept by ourselves; each decision is in its change log with its effects. */
import type { Cipher } from '../cipher/cipher.ts';
import type { Database, Queryable } from '../database/database.ts';
import { giveTicket } from '../member-tickets/give-ticket.ts';
import { recordChange } from '../registry/change-log.ts';
import type { RegistryApplication } from '../registry/registry.ts';
import type { TicketRanges } from '../ticket-ranges/ticket-ranges.ts';
import type { ApplicationDesk, DeskScope, Namesake, Verdict } from './application-desk.ts';
import { type MemberNeeds, namesakesOf, putOnRecord } from './postgres-member.ts';
import { openName, sealName } from './postgres-names.ts';
import {
  DESK,
  type DeskRow,
  type NamesakeRow,
  toDecided as toDecision,
  toNamesake,
  toWaiting,
} from './postgres-rows.ts';

export type DeskNeeds = MemberNeeds & {
  readonly cipher: Cipher;
  readonly ranges: Pick<TicketRanges, 'take'>;
};

/** Nobody reads a longer list; `waiting` of a command shows as many. */
const MOST = 10_000;

export function postgresDesk(
  database: Database,
  { cipher, ranges, employmentOf }: DeskNeeds,
): ApplicationDesk {
  const read = (id: string, sealed: string): RegistryApplication =>
    JSON.parse(cipher.open(sealed, `register-application:${id}`)) as RegistryApplication;

  const toDecided = (row: DeskRow) =>
    toDecision(
      row,
      row.applicant_sealed === null ? undefined : openName(cipher, row.id, row.applicant_sealed),
    );

  return {
    async waiting(scope, { after, limit } = { limit: MOST }) {
      const { condition, value } = withinScope(scope);
      const rows = await database.query<DeskRow>(
        `${DESK} where a.state = 'received' and ${condition}
            and ($2::text is null or (a.received_at, a.id) >
                  (select received_at, id from register_application where id = $2))
          order by a.received_at, a.id limit $3`,
        [value, after ?? null, limit],
      );
      return rows.map((row) => toWaiting(row, read(row.id, row.sealed ?? '')));
    },

    async decided(organisationId, { after, limit }) {
      const rows = await database.query<DeskRow>(
        `${DESK} where a.state <> 'received' and a.organisation_id = $1
            and ($2::text is null or (a.decided_at, a.id) <
                  (select decided_at, id from register_application where id = $2))
          order by a.decided_at desc, a.id desc limit $3`,
        [organisationId, after ?? null, limit],
      );
      return rows.map(toDecided);
    },

    async ofMember(organisationId, memberId, limit) {
      const rows = await database.query<DeskRow>(
        `${DESK} where a.member_id = $1 and a.organisation_id = $2 order by a.received_at desc, a.id desc limit $3`,
        [memberId, organisationId, limit],
      );
      return rows.map(toDecided);
    },

    async find(organisationId, id) {
      const [row] = await database.query<DeskRow>(`${DESK} where a.id = $1 and a.organisation_id = $2`, [
        id,
        organisationId,
      ]);
      if (!row) return undefined;
      return row.sealed === null ? toDecided(row) : toWaiting(row, read(id, row.sealed));
    },

    async namesakes(application): Promise<readonly Namesake[]> {
      const rows = await database.query<NamesakeRow>(...namesakesOf(application));
      return rows.map(toNamesake);
    },

    accept(id, scope, { ticket, memberId, by }, within) {
      const work = async (tx: Queryable): Promise<Verdict> => {
        const sealed = await waitingFor(tx, id, scope);
        if (sealed === undefined) return { kind: 'not-waiting' };
        const application = read(id, sealed);
        const isOperator = scope === 'all';
        const member = await putOnRecord(tx, application, memberId, { employmentOf, isOperator });
        if (member === undefined) return { kind: 'no-such-member' };
        const given = ticket && (await giveTicket(tx, member, ticket, ranges));
        if (given && 'kind' in given) return given;
        await decide(tx, id, { state: 'accepted', by, memberId: member });
        return { kind: 'accepted', memberId: member, ...(given && { ticket: given.number }) };
      };
      return whole(within, work);
    },

    decline(id, scope, { state, reason, by }, within) {
      const work = async (tx: Queryable): Promise<boolean> => {
        const sealed = await waitingFor(tx, id, scope);
        if (sealed === undefined) return false;
        const name = state === 'returned' && { applicantSealed: sealName(cipher, read(id, sealed)) };
        await decide(tx, id, { state, reason, by, ...name });
        return true;
      };
      return within ? work(within) : database.transaction(work);
    },
  };

  /** A verdict against it leaves nothing behind: neither a card nor a number. */
  async function whole(
    within: Queryable | undefined,
    work: (tx: Queryable) => Promise<Verdict>,
  ): Promise<Verdict> {
    const attempt = async (tx: Queryable): Promise<Verdict> => {
      await tx.script('savepoint accepting');
      const verdict = await work(tx);
      if (verdict.kind !== 'accepted') await tx.script('rollback to savepoint accepting');
      return verdict;
    };
    return within ? attempt(within) : database.transaction(attempt);
  }
}

/** As the first parameter of its statement. */
function withinScope(scope: DeskScope): { readonly condition: string; readonly value: string } {
  if (scope === 'all') return { condition: '$1::text is not null', value: 'all' };
  if ('escalatedBelow' in scope) {
    return { condition: 'a.escalated_at is not null and o.path ^@ $1', value: scope.escalatedBelow };
  }
  const escalated = scope.escalated ? ' and a.escalated_at is not null' : '';
  return { condition: `a.organisation_id = $1${escalated}`, value: scope.organisationId };
}

/** Locks it: whoever decides at the same time waits, and then finds it decided. */
async function waitingFor(tx: Queryable, id: string, scope: DeskScope): Promise<string | undefined> {
  const { condition, value } = withinScope(scope);
  const [row] = await tx.query<{ sealed: string }>(
    `select a.sealed from register_application a join organisation o on o.id = a.organisation_id
      where a.id = $2 and a.state = 'received' and ${condition} for update of a`,
    [value, id],
  );
  return row?.sealed;
}

type Decision = {
  readonly state: 'accepted' | 'returned' | 'rejected';
  readonly by: string;
  readonly reason?: string;
  readonly memberId?: string;
  readonly applicantSealed?: string;
};

async function decide(tx: Queryable, id: string, decision: Decision): Promise<void> {
  const { state, by, reason, memberId, applicantSealed } = decision;
  await tx.query(
    `update register_application
        set state = $2, reason = $3, member_id = $4, decided_by = $5, decided_at = now(), sealed = null,
            applicant_sealed = $6
      where id = $1`,
    [id, state, reason ?? null, memberId ?? null, by, applicantSealed ?? null],
  );
  await recordChange(tx, {
    applicationId: id,
    applicationState: state,
    ...(reason !== undefined && { reason }),
    ...(memberId !== undefined && { memberId }),
  });
}
