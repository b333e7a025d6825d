/** Rows of the desk and what they become. */
import type { RegistryApplication } from '../registry/registry.ts';
import type { DecidedApplication, Namesake, WaitingApplication } from './application-desk.ts';

export type DeskRow = {
  id: string;
  purpose: RegistryApplication['purpose'];
  organisation_id: string;
  short_name: string;
  received_at: Date;
  reminded_at: Date | null;
  escalated_at: Date | null;
  state: DecidedApplication['state'];
  reason: string | null;
  decided_at: Date;
  decided_by: string | null;
  sealed: string | null;
  applicant_sealed: string | null;
  member_id: string | null;
  family_name: string | null;
  given_name: string | null;
  middle_name: string | null;
  ticket: string | null;
};

export const DESK = `select a.id, a.purpose, a.organisation_id, o.short_name, a.received_at, a.reminded_at,
    a.escalated_at, a.state, a.reason, a.decided_at, a.decided_by, a.sealed, a.applicant_sealed, a.member_id,
    m.family_name, m.given_name, m.middle_name,
    (select t.number from ticket t where t.member_id = m.id and t.state not in ('blocked', 'replaced')
      order by t.number limit 1) as ticket
  from register_application a
  join organisation o on o.id = a.organisation_id
  left join member m on m.id = a.member_id`;

export type NamesakeRow = {
  id: string;
  membership: string;
  family_name: string;
  given_name: string;
  middle_name: string | null;
  has_ticket: boolean;
  elsewhere: boolean;
};

const deskPart = (row: DeskRow) => ({
  id: row.id,
  purpose: row.purpose,
  organisationId: row.organisation_id,
  organisation: row.short_name,
  receivedAt: row.received_at,
  ...(row.reminded_at !== null && { remindedAt: row.reminded_at }),
  ...(row.escalated_at !== null && { escalatedAt: row.escalated_at }),
});

const namePart = (row: {
  family_name: string | null;
  given_name: string | null;
  middle_name: string | null;
}) => ({
  family: row.family_name ?? '',
  given: row.given_name ?? '',
  ...(row.middle_name !== null && { middle: row.middle_name }),
});

export function toWaiting(row: DeskRow, application: RegistryApplication): WaitingApplication {
  return { ...deskPart(row), application };
}

export function toDecided(row: DeskRow, applicant: string | undefined): DecidedApplication {
  const { state, reason, decided_at, decided_by, member_id, ticket } = row;
  return {
    ...deskPart(row),
    ...{ state, decidedAt: decided_at },
    ...(reason !== null && { reason }),
    ...(decided_by !== null && { decidedBy: decided_by }),
    ...(applicant !== undefined && { applicant }),
    ...(member_id !== null && {
      member: { id: member_id, ...namePart(row), ...(ticket !== null && { ticket }) },
    }),
  };
}

export function toNamesake(row: NamesakeRow): Namesake {
  const { id: memberId, membership, has_ticket: hasTicket, elsewhere } = row;
  return { memberId, membership, hasTicket, elsewhere, ...namePart(row) };
}
