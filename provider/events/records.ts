/** What an organisation does to its own records: ids and kinds, never what was written. */
import type { Queryable } from '../../adapters/database/database.ts';
import type { Recorder, Where } from './recorder.ts';

/** `staff`: the account of whoever did it. */
export type AtRecords = { readonly staff: string; readonly organisationId: string };

export function recordEvents({ record }: Recorder) {
  const done = (
    event: string,
    where: Where,
    { staff, organisationId }: AtRecords,
    detail: Readonly<Record<string, string | number>>,
    within: Queryable,
  ) =>
    record(
      {
        ...{ event, outcome: 'success', actor: staff },
        detail: { organisation: organisationId, ...detail },
        ...where,
      },
      within,
    );

  return {
    async passportSaved(where: Where, at: AtRecords, tab: string, within: Queryable) {
      await done('passport_saved', where, at, { tab }, within);
    },
    async unitChanged(
      where: Where,
      at: AtRecords,
      { unit, act }: { readonly unit: string; readonly act: 'added' | 'changed' | 'closed' },
      within: Queryable,
    ) {
      await done('unit_changed', where, at, { unit, act }, within);
    },
    /** `fields`: kinds of data that are not what they were. `list`: of an uploaded list. */
    async memberChanged(
      where: Where,
      at: AtRecords,
      changed: {
        readonly member: string;
        readonly act: 'added' | 'corrected' | 'stood';
        readonly fields: readonly string[];
        readonly list?: string;
      },
      within: Queryable,
    ) {
      const { member, act, fields, list } = changed;
      const detail = { member, act, fields: fields.join(' '), ...(list !== undefined && { list }) };
      await done('member_changed', where, at, detail, within);
    },
    async memberListConfirmed(
      where: Where,
      at: AtRecords,
      { list, rows }: { readonly list: string; readonly rows: number },
      within: Queryable,
    ) {
      await done('member_list_confirmed', where, at, { list, rows }, within);
    },
  };
}
