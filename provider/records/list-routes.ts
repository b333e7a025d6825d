/**
 * A list of members in a spreadsheet (E-10): checked first, every fault by its line, nothing written; then confirmed
 * and put in beside the requests, while its page tells how far it is.
 */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../adapters/clock.ts';
import type { Database } from '../../adapters/database/database.ts';
import type { JobQueue } from '../../adapters/job-queue/job-queue.ts';
import type { Limiter } from '../../adapters/limiter/limiter.ts';
import type { MemberList, MemberLists } from '../../adapters/member-lists/member-lists.ts';
import type { Structure } from '../../adapters/passport-store/passport-store.ts';
import { goTo } from '../cabinet/rooms.ts';
import { dayInMoscow } from '../data-rules/calendar-date.ts';
import { GatewayError } from '../errors.ts';
import type { Events } from '../events/events.ts';
import { readSheet } from '../exchange/read-sheet.ts';
import { SHEET_TYPES, type SheetFormat, writeSheet } from '../exchange/write-sheet.ts';
import { sendAttachment } from '../http/attachment.ts';
import type { GatewayContext } from '../http/context.ts';
import type { ReadForm } from '../http/form.ts';
import { paramOf } from '../http/param.ts';
import type { FieldProblem } from '../http/screens/shared.ts';
import { DEFAULT_LOCALE, translator } from '../http/texts.ts';
import { uploadBody, uploadedFile } from '../http/upload.ts';
import { listRefusal } from '../staff/kept-lists.ts';
import type { OfficerAt } from '../staff/officer.ts';
import { KEEP_RECORDS, type StaffRules } from '../staff/rule.ts';
import { type StaffArea, staffArea } from '../staff/staff-area.ts';
import { keepRow } from './kept-row.ts';
import { allFaults, pagesOf, placeIn } from './list-pages.ts';
import { membersPath } from './member-routes.ts';
import { type PlanNeeds, planRows } from './plan-list.ts';
import { type ReadRow, readList } from './read-list.ts';
import { MEMBER_FIELDS, REQUIRED_OF_MEMBER } from './read-member.ts';
import { faultRows, shownList } from './show-list.ts';

export type ListNeeds = PlanNeeds & {
  readonly database: Database;
  readonly structure: Structure;
  readonly lists: MemberLists;
  readonly keptLists: Limiter;
  readonly jobs: JobQueue;
  readonly clock: Clock;
  readonly events: Pick<Events, 'membersSeen' | 'memberListConfirmed'>;
  readonly readForm: ReadForm;
};

const listRules = {
  'GET /chair/:organisation/members/list': KEEP_RECORDS,
  'POST /chair/:organisation/members/list': KEEP_RECORDS,
  'GET /chair/:organisation/members/template/:format': KEEP_RECORDS,
  'GET /chair/:organisation/members/list/:upload': KEEP_RECORDS,
  'POST /chair/:organisation/members/list/:upload': KEEP_RECORDS,
  'GET /chair/:organisation/members/list/:upload/faults': KEEP_RECORDS,
} as const satisfies StaffRules;

/** More in a lot would hold the database for longer than other people like to wait. */
const PLANNED_AT_ONCE = 500;

export function listArea(needs: ListNeeds): StaffArea {
  const { database, structure, lists, keptLists, jobs, clock, events, readForm } = needs;
  // A list is exchanged in the register's language, whatever that of the page is.
  const t = translator(DEFAULT_LOCALE);
  const pathOf = (at: OfficerAt, id: string) => `${membersPath(at)}/list/${id}`;

  const listIn = async (ctx: GatewayContext, at: OfficerAt): Promise<MemberList> => {
    const list = await lists.find(at.organisation.id, paramOf(ctx, 'upload'));
    if (!list) throw new GatewayError('not_found');
    return list;
  };

  const showUpload = (ctx: GatewayContext, at: OfficerAt, problem?: FieldProblem<'file'>) => {
    if (problem) ctx.status = 422;
    ctx.render('chair/members/upload', {
      ...at.frame,
      columns: MEMBER_FIELDS.map((field) => ({ field, required: REQUIRED_OF_MEMBER.includes(field) })),
      ...(problem && { problem }),
    });
  };

  /** Rows with a fault of their own need no plan. */
  const planned = async (at: OfficerAt, rows: readonly ReadRow[]) => {
    const kept = [];
    const counts = { add: 0, change: 0, same: 0 };
    for (let from = 0; from < rows.length; from += PLANNED_AT_ONCE) {
      const lot = rows.slice(from, from + PLANNED_AT_ONCE);
      const sound = lot.filter(({ faults }) => faults.length === 0);
      const plans = await planRows(needs, at.organisation.id, sound);
      const planOf = new Map(sound.map((row, place) => [row, plans[place]]));
      for (const plan of plans) if (plan.kind !== 'fault') counts[plan.kind] += 1;
      kept.push(...lot.map((row) => keepRow(row, planOf.get(row))));
    }
    return { kept, counts };
  };

  return staffArea(
    listRules,
    {
      'GET /chair/:organisation/members/list': (ctx, at) => showUpload(ctx, at),

      'POST /chair/:organisation/members/list': async (ctx, at) => {
        readForm(ctx, {});
        const file = uploadedFile(ctx);
        if (!file) return showUpload(ctx, at, { field: 'file', code: 'file_missing' });
        const sheet = await readSheet(file.bytes);
        if (!sheet.ok) return showUpload(ctx, at, { field: 'file', code: sheet.fault });
        const units = await structure.units(at.organisation.id);
        const read = readList(sheet.rows, units, dayInMoscow(clock.now()), t);
        if (!read.ok) {
          const columns = read.missing.map((field) => `«${t(`chair.members.field.${field}`)}»`).join(', ');
          return showUpload(ctx, at, { field: 'file', code: 'list_columns_missing', params: { columns } });
        }
        if (read.rows.length === 0) return showUpload(ctx, at, { field: 'file', code: 'sheet_empty' });
        const refusal = await listRefusal(keptLists, at.organisation.id);
        if (refusal) return showUpload(ctx, at, { field: 'file', ...refusal });
        const id = randomUUID();
        const uploadedBy = at.officer.account.id;
        const list = { id, organisationId: at.organisation.id, uploadedBy, uploadedAt: clock.now() };
        const { kept, counts } = await planned(at, read.rows);
        await lists.keep(list, kept, counts);
        goTo(ctx, pathOf(at, id));
      },

      'GET /chair/:organisation/members/template/:format': async (ctx) => {
        const format = paramOf(ctx, 'format') as SheetFormat;
        if (!Object.hasOwn(SHEET_TYPES, format)) throw new GatewayError('not_found');
        const header = MEMBER_FIELDS.map((field) => t(`chair.members.field.${field}`));
        sendAttachment(ctx, {
          fileName: `${t('file.template')}.${format}`,
          type: SHEET_TYPES[format],
          content: await writeSheet(format, { sheet: t('chair.members.title'), header, rows: [] }),
        });
      },

      'GET /chair/:organisation/members/list/:upload': async (ctx, at) => {
        const list = await listIn(ctx, at);
        const place = placeIn(ctx.query);
        const { faults, changes } = await pagesOf(lists, list, place);
        const count = faults.rows.length + changes.rows.length;
        const seen = { staff: at.officer.account.id, organisationId: at.organisation.id };
        if (count > 0) await events.membersSeen(ctx.state.origin, { ...seen, count, what: 'member_list' });
        const listPath = pathOf(at, list.id);
        ctx.render('chair/members/uploaded', {
          ...at.frame,
          ...shownList(list, { faults: faults.rows, changes: changes.rows }, translator(ctx.state.locale)),
          ...(faults.next && { nextFaults: `${listPath}?${faults.next}` }),
          ...(changes.next && { nextChanges: `${listPath}?${changes.next}` }),
          ...{ listPath, isPart: place.part !== undefined },
        });
      },

      'POST /chair/:organisation/members/list/:upload': async (ctx, at) => {
        readForm(ctx, {});
        const list = await listIn(ctx, at);
        // Pressed twice, it is confirmed once; the page tells the rest.
        await database.transaction(async (tx) => {
          if (!(await lists.confirm(at.organisation.id, list.id, tx))) return;
          const who = { staff: at.officer.account.id, organisationId: at.organisation.id };
          await events.memberListConfirmed(ctx.state.origin, who, { list: list.id, rows: list.rows }, tx);
          await jobs.add('member-list', { listId: list.id }, tx);
        });
        goTo(ctx, pathOf(at, list.id));
      },

      'GET /chair/:organisation/members/list/:upload/faults': async (ctx, at) => {
        const list = await listIn(ctx, at);
        const rows = await allFaults(lists, list);
        const seen = { staff: at.officer.account.id, organisationId: at.organisation.id };
        await events.membersSeen(ctx.state.origin, {
          ...seen,
          count: rows.length,
          what: 'member_list_faults',
        });
        const content = await writeSheet('csv', {
          sheet: t('chair.members.title'),
          header: [
            ...[t('chair.members.list.line'), t('chair.members.list.what_is_wrong')],
            ...MEMBER_FIELDS.map((field) => t(`chair.members.field.${field}`)),
          ],
          rows: faultRows(rows, t),
        });
        const fileName = `${t('file.faults')}.csv`;
        sendAttachment(ctx, { fileName, type: SHEET_TYPES.csv, content });
      },
    },
    { 'POST /chair/:organisation/members/list': uploadBody() },
  );
}
