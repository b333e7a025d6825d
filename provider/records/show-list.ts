/** What a page and a file tell of an uploaded list. Pure. */
import type { ListPart, MemberList } from '../../adapters/member-lists/member-lists.ts';
import type { Screens } from '../http/screens/screens.ts';
import type { Translate } from '../http/texts.ts';
import type { KeptRow } from './kept-row.ts';
import { MEMBER_FIELDS } from './read-member.ts';

type Shown = Screens['chair/members/uploaded'];

export function shownList(
  { state, rows: toPutIn, done, added, changed, unchanged, plans, faulty }: MemberList,
  { faults, changes }: Readonly<Record<ListPart, readonly KeptRow[]>>,
  t: Translate,
): Pick<Shown, 'state' | 'rows' | 'done' | 'counts' | 'faults' | 'changes'> {
  return {
    ...{ state, rows: toPutIn, done },
    counts:
      state === 'checked' ? { ...plans, faulty } : { add: added, change: changed, same: unchanged, faulty },
    faults: faults.map((row) => ({
      ...{ line: row.line, name: nameIn(row) },
      found: row.faults.map(({ field, code, line = 0 }) => ({
        ...(field && { field }),
        code,
        params: { line, label: field ? t(`chair.members.field.${field}`) : '' },
      })),
    })),
    changes: changes.map((row) => ({
      ...{ line: row.line, name: nameIn(row), plan: row.plan === 'add' ? 'add' : 'change' },
      ...{ fields: row.fields.map((field) => ({ field })), elsewhere: row.elsewhere },
    })),
  };
}

/** The lines as they were, with what is wrong before them. */
export function faultRows(rows: readonly KeptRow[], t: Translate): readonly (readonly string[])[] {
  return rows.map(({ line, typed, faults }) => [
    String(line),
    faults
      .map(({ field, code, line: first = 0 }) =>
        t(`problem.${code}`, { line: first, label: field ? t(`chair.members.field.${field}`) : '' }),
      )
      .join('. '),
    ...MEMBER_FIELDS.map((field) => typed[field] ?? ''),
  ]);
}

function nameIn({ typed }: KeptRow): string {
  return [typed.family, typed.given, typed.middle].filter(Boolean).join(' ');
}
