/** What a page and a file tell of an uploaded list. Pure. */
import type { MemberList } from '../../adapters/member-lists/member-lists.ts';
import type { Screens } from '../http/screens/screens.ts';
import type { Translate } from '../http/texts.ts';
import type { KeptRow } from './kept-row.ts';
import { MEMBER_FIELDS } from './read-member.ts';

/** The rest is in the file. */
const MOST_SHOWN = 200;

type Shown = Screens['chair/members/uploaded'];

export function shownList(
  { state, rows: toPutIn, done, added, changed, unchanged }: MemberList,
  rows: readonly KeptRow[],
  t: Translate,
): Pick<Shown, 'state' | 'rows' | 'done' | 'counts' | 'faults' | 'changes' | 'moreFaults' | 'moreChanges'> {
  const faulty = rows.filter(({ faults }) => faults.length > 0);
  const planned = (kind: KeptRow['plan']) =>
    rows.filter((row) => row.plan === kind && row.faults.length === 0).length;
  const changes = rows.flatMap((row) =>
    (row.plan === 'add' || row.plan === 'change') && row.faults.length === 0
      ? [
          {
            ...{ line: row.line, name: nameIn(row), plan: row.plan },
            ...{ fields: row.fields.map((field) => ({ field })), elsewhere: row.elsewhere },
          },
        ]
      : [],
  );
  return {
    ...{ state, rows: toPutIn, done },
    counts:
      state === 'checked'
        ? { add: planned('add'), change: planned('change'), same: planned('same'), faulty: faulty.length }
        : { add: added, change: changed, same: unchanged, faulty: faulty.length },
    faults: faulty.slice(0, MOST_SHOWN).map((row) => ({
      ...{ line: row.line, name: nameIn(row) },
      found: row.faults.map(({ field, code, line = 0 }) => ({
        ...(field && { field }),
        code,
        params: { line, label: field ? t(`chair.members.field.${field}`) : '' },
      })),
    })),
    moreFaults: Math.max(0, faulty.length - MOST_SHOWN),
    changes: changes.slice(0, MOST_SHOWN),
    moreChanges: Math.max(0, changes.length - MOST_SHOWN),
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
