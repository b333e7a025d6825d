/** Decisions in the tables of the register kept by ourselves; each one is in its change log with its effects. */
import { randomUUID } from 'node:crypto';
import type { Cipher } from '../cipher/cipher.ts';
import type { Database, Queryable } from '../database/database.ts';
import { recordChange } from '../registry/change-log.ts';
import type { RegistryApplication } from '../registry/registry.ts';
import type { ApplicationDesk, Verdict } from './application-desk.ts';

export function postgresDesk(database: Database, cipher: Cipher): ApplicationDesk {
  const read = (id: string, sealed: string): RegistryApplication =>
    JSON.parse(cipher.open(sealed, `register-application:${id}`)) as RegistryApplication;

  return {
    async waiting() {
      const rows = await database.query<{
        id: string;
        sealed: string;
        short_name: string;
        received_at: Date;
      }>(
        `select a.id, a.sealed, o.short_name, a.received_at
           from register_application a join organisation o on o.id = a.organisation_id
          where a.state = 'received' order by a.received_at, a.id`,
      );
      return rows.map(({ id, sealed, short_name, received_at }) => ({
        application: read(id, sealed),
        organisation: short_name,
        receivedAt: received_at,
      }));
    },

    accept(id, { ticket, memberId }) {
      return database.transaction(async (tx): Promise<Verdict> => {
        const sealed = await waitingFor(tx, id);
        if (sealed === undefined) return { kind: 'not-waiting' };
        const application = read(id, sealed);
        if (ticket !== undefined && (await isTaken(tx, ticket, memberId))) return { kind: 'ticket-taken' };
        const member =
          memberId === undefined
            ? await putOnRecord(tx, application)
            : await confirm(tx, memberId, application.organisationId);
        if (member === undefined) return { kind: 'no-such-member' };
        if (ticket !== undefined) {
          await tx.query(
            `insert into ticket (number, member_id, state) values ($1, $2, 'number_assigned')
             on conflict (number) do nothing`,
            [ticket, member],
          );
        }
        await decide(tx, id, 'accepted', undefined, member);
        return { kind: 'accepted', memberId: member };
      });
    },

    decline(id, state, reason) {
      return database.transaction(async (tx) => {
        if ((await waitingFor(tx, id)) === undefined) return false;
        await decide(tx, id, state, reason, undefined);
        return true;
      });
    },
  };
}

/** Locks it: whoever decides at the same time waits, and then finds it decided. */
async function waitingFor(tx: Queryable, id: string): Promise<string | undefined> {
  const [row] = await tx.query<{ sealed: string }>(
    `select sealed from register_application where id = $1 and state = 'received' for update`,
    [id],
  );
  return row?.sealed;
}

/** A number the member has already may be named again, as long as it is a live one. */
async function isTaken(tx: Queryable, ticket: string, memberId: string | undefined): Promise<boolean> {
  const [row] = await tx.query<{ member_id: string; state: string }>(
    'select member_id, state from ticket where number = $1',
    [ticket],
  );
  return row !== undefined && (row.member_id !== memberId || ['blocked', 'replaced'].includes(row.state));
}

async function putOnRecord(tx: Queryable, application: RegistryApplication): Promise<string> {
  const { organisationId, family, given, middle, birthdate } = application;
  const id = randomUUID();
  await tx.query(
    `insert into member (id, organisation_id, family_name, given_name, middle_name, birthdate, membership)
     values ($1, $2, $3, $4, $5, $6, 'member')`,
    [id, organisationId, family, given, middle ?? null, birthdate],
  );
  return id;
}

async function confirm(tx: Queryable, id: string, organisationId: string): Promise<string | undefined> {
  const [row] = await tx.query<{ id: string }>(
    `update member set membership = 'member', organisation_id = $2, updated_at = now() where id = $1 returning id`,
    [id, organisationId],
  );
  return row?.id;
}

async function decide(
  tx: Queryable,
  id: string,
  state: 'accepted' | 'returned' | 'rejected',
  reason: string | undefined,
  memberId: string | undefined,
): Promise<void> {
  await tx.query(
    `update register_application
        set state = $2, reason = $3, member_id = $4, decided_at = now(), sealed = null
      where id = $1`,
    [id, state, reason ?? null, memberId ?? null],
  );
  await recordChange(tx, {
    applicationId: id,
    applicationState: state,
    ...(reason !== undefined && { reason }),
    ...(memberId !== undefined && { memberId }),
  });
}
