/** What a page and a file tell of an uploaded list. Pure. */
import { MEMBER_EMPLOYMENTS, MEMBER_SEXES } from '../../adapters/member-book/member-book.ts';
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
      found: row.faults.map((fault) => ({ ...(fault.field && { field: fault.field }), ...toldOf(fault, t) })),
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
      .map((fault) => {
        const { code, params } = toldOf(fault, t);
        return t(`problem.${code}`, params);
      })
      .join('. '),
    ...MEMBER_FIELDS.map((field) => typed[field] ?? ''),
  ]);
}

type Fault = KeptRow['faults'][number];
type Told = Pick<Shown['faults'][number]['found'][number], 'code' | 'params'>;

/** Of a choice, what may stand there, as it is to be written: a file has no list to choose from. */
function toldOf({ field, code, line = 0 }: Fault, t: Translate): Told {
  const values =
    field === 'sex'
      ? MEMBER_SEXES.map((one) => t(`chair.members.sex.${one}`))
      : field === 'employment'
        ? MEMBER_EMPLOYMENTS.map((one) => t(`chair.members.employment.${one}`))
        : [];
  const label = field ? t(`chair.members.field.${field}`) : '';
  if (code !== 'field_choice' || values.length === 0) return { code, params: { line, label } };
  return { code: 'cell_choice', params: { label, values: values.join(', ') } };
}

function nameIn({ typed }: KeptRow): string {
  return [typed.family, typed.given, typed.middle].filter(Boolean).join(' ');
}
