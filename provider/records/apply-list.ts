/**
 * Puts a confirmed list in, some rows at a time: each lot with its cards, its audit rows and what the list says of how
 * far it is in one transaction. Killed in between, it goes on where it was; told twice, it does everything once.
 */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../adapters/clock.ts';
import type { Database, Queryable } from '../../adapters/database/database.ts';
import type { JobWorker } from '../../adapters/job-queue/job-queue.ts';
import type { MemberWriter } from '../../adapters/member-book/member-book.ts';
import type { ListCounts, MemberList, MemberLists } from '../../adapters/member-lists/member-lists.ts';
import { dayInMoscow } from '../data-rules/calendar-date.ts';
import type { Events } from '../events/events.ts';
import { type KeptRow, readKept } from './kept-row.ts';
import { type Plan, type PlanNeeds, planRows } from './plan-list.ts';

const AT_ONCE = 100;
const BY_A_JOB = { requestId: 'member-list', network: '' };

export type ApplyNeeds = PlanNeeds & {
  readonly database: Database;
  readonly lists: MemberLists;
  readonly writer: MemberWriter;
  readonly events: Pick<Events, 'memberChanged'>;
  readonly clock: Clock;
};

export async function applyLists(jobs: JobWorker, needs: ApplyNeeds): Promise<void> {
  await jobs.work('member-list', async ({ listId }) => {
    while (await applySome(needs, listId));
  });
}

/** False when there is nothing left. */
function applySome(needs: ApplyNeeds, listId: string): Promise<boolean> {
  const { database, lists, writer } = needs;
  return database.transaction(async (tx) => {
    const taken = await lists.next(listId, AT_ONCE, tx);
    if (!taken) return false;
    const { list } = taken;
    const rows = taken.rows.map(readKept);
    const plans = await planRows(needs, list.organisationId, rows, tx);
    const tally = { added: 0, changed: 0, unchanged: 0, refused: 0 };
    const refused = new Map<number, string>();
    const written: string[] = [];
    for (const [at, row] of rows.entries()) {
      const done = await applyRow(needs, list, row, plans[at], tx);
      tally[done.as] += 1;
      if (done.as === 'refused') refused.set(row.line, done.code);
      if ('memberId' in done) written.push(done.memberId);
    }
    const lines = rows.map(({ line }) => line);
    await lists.settle(listId, lines, tally satisfies ListCounts, refused, tx);
    await writer.tell(written, tx);
    return true;
  });
}

type Done =
  | { readonly as: 'added' | 'changed'; readonly memberId: string }
  | { readonly as: 'unchanged' }
  | { readonly as: 'refused'; readonly code: string };

async function applyRow(
  { writer, events, sealSnils, clock }: ApplyNeeds,
  { id: list, organisationId, uploadedBy: staff }: MemberList,
  { member, plan: seen }: KeptRow,
  plan: Plan | undefined,
  tx: Queryable,
): Promise<Done> {
  const at = { staff, organisationId };
  if (plan?.kind === 'same') return { as: 'unchanged' };
  if (plan?.kind === 'fault') return { as: 'refused', code: codeOf(plan.fault) };
  const today = dayInMoscow(clock.now());
  if (plan?.kind === 'add' && seen === 'add') {
    const id = randomUUID();
    const { data, snils, ticket } = member;
    const isAdded = await writer.add(
      organisationId,
      id,
      {
        ...data,
        onRecordSince: data.onRecordSince ?? today,
        ...{ membership: 'member', since: today, ticket },
        ...(snils !== undefined && { snils: sealSnils(snils, id) }),
      },
      tx,
    );
    if (!isAdded) return CHANGED;
    await events.memberChanged(BY_A_JOB, at, { member: id, act: 'added', fields: [], list }, tx);
    return { as: 'added', memberId: id };
  }
  if (plan?.kind === 'change' && seen === 'change') {
    const { memberId, version, data, fields } = plan;
    const { snils, ticket } = member;
    const sealed = snils === undefined || !fields.includes('snils') ? undefined : sealSnils(snils, memberId);
    const change = { ...data, ...(sealed && { snils: sealed }) };
    if (!(await writer.correct(organisationId, memberId, version, change, tx))) return CHANGED;
    if (ticket !== undefined && fields.includes('ticket')) await writer.giveTicket(memberId, ticket, tx);
    await events.memberChanged(BY_A_JOB, at, { member: memberId, act: 'corrected', fields, list }, tx);
    return { as: 'changed', memberId };
  }
  // Somebody has put her on record, or taken her off it, since the list was shown.
  return CHANGED;
}

const CHANGED: Done = { as: 'refused', code: 'card_changed' };

const codeOf = ({ field, code }: { field?: string; code: string }): string =>
  field === undefined ? code : `${field}:${code}`;
