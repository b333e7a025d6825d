/** A spreadsheet of members becomes rows of known columns, each with what the data rules find wrong with it. Pure. */
import { MEMBER_EMPLOYMENTS, MEMBER_SEXES } from '../../adapters/member-book/member-book.ts';
import type { Unit } from '../../adapters/passport-store/passport-store.ts';
import { normalForm } from '../data-rules/normal-form.ts';
import type { SheetRow } from '../exchange/sheet.ts';
import type { ProblemCode, Translate } from '../http/texts.ts';
import {
  MEMBER_FIELDS,
  type MemberField,
  REQUIRED_OF_MEMBER,
  type ReadMember,
  readMember,
  type TypedMember,
} from './read-member.ts';

/** Of a row as a whole, without a field. */
export type RowFault = { readonly field?: MemberField; readonly code: ProblemCode; readonly line?: number };

export type ReadRow = {
  readonly line: number;
  /** As it stands in the file. */
  readonly typed: TypedMember;
  readonly member: ReadMember;
  readonly faults: readonly RowFault[];
};

export type ReadList =
  | { readonly ok: true; readonly rows: readonly ReadRow[] }
  /** `missing`: columns without which there is no card. */
  | { readonly ok: false; readonly missing: readonly MemberField[] };

/** What may be written for a choice: its word in the interface, or ours. */
export function readList(
  [head, ...rows]: readonly SheetRow[],
  units: readonly Unit[],
  today: string,
  t: Translate,
): ReadList {
  const columns = columnsOf(head?.cells ?? [], t);
  const missing = REQUIRED_OF_MEMBER.filter((field) => !columns.includes(field));
  if (missing.length > 0) return { ok: false, missing };
  const words = choiceWords(units, t);

  const firstLines = new Map<string, number>();
  const read = rows.map((row) => readRow(row, columns, units, words, today));
  return { ok: true, rows: read.map((row) => withRepetition(row, firstLines)) };
}

function readRow(
  { line, cells, faults: cellFaults }: SheetRow,
  columns: readonly (MemberField | undefined)[],
  units: readonly Unit[],
  words: ChoiceWords,
  today: string,
): ReadRow {
  const typed: { [field in MemberField]?: string } = {};
  columns.forEach((field, at) => {
    const cell = cells[at] ?? '';
    if (field !== undefined && typed[field] === undefined) typed[field] = cell;
  });
  const { member, problems } = readMember({ ...typed, ...words.valuesOf(typed) }, units, today);
  const broken = cellFaults.map(({ column, fault }): RowFault => {
    const field = column === undefined ? undefined : columns[column];
    return { ...(field && { field }), code: `cell_${fault}` };
  });
  const brokenFields = new Set(broken.map(({ field }) => field));
  const found = problems
    .filter(({ field }) => field !== 'form' && !brokenFields.has(field))
    .map(({ field, code }): RowFault => ({ field: field as MemberField, code }));
  // A line that could not be cut into cells has nothing to say about them.
  const isLineBroken = brokenFields.has(undefined);
  return { line, typed, member, faults: isLineBroken ? broken : [...broken, ...found] };
}

/** The same person, number or SNILS once more: the first one counts. */
function withRepetition(row: ReadRow, firstLines: Map<string, number>): ReadRow {
  const { data, snils, ticket } = row.member;
  if (row.faults.length > 0) return row;
  const person = [data.family, data.given, data.middle ?? '', data.birthdate]
    .join('|')
    .toLocaleUpperCase('ru');
  const marks: readonly (readonly [string, MemberField | undefined])[] = [
    [`person ${person.replaceAll('Ё', 'Е')}`, undefined],
    ...(snils === undefined ? [] : [[`snils ${snils}`, 'snils'] as const]),
    ...(ticket === undefined ? [] : [[`ticket ${ticket}`, 'ticket'] as const]),
  ];
  const repeated = marks.flatMap(([mark, field]): RowFault[] => {
    const line = firstLines.get(mark);
    firstLines.set(mark, line ?? row.line);
    return line === undefined ? [] : [{ ...(field && { field }), code: 'row_repeated', line }];
  });
  return { ...row, faults: repeated.slice(0, 1) };
}

const folded = (text: string): string =>
  normalForm(text)
    .toLocaleLowerCase('ru')
    .replaceAll('ё', 'е')
    .replace(/[\s*]+/g, ' ')
    .trim();

function columnsOf(heads: readonly string[], t: Translate): readonly (MemberField | undefined)[] {
  const byHead = new Map(MEMBER_FIELDS.map((field) => [folded(t(`chair.members.field.${field}`)), field]));
  return heads.map((head) => byHead.get(folded(head)));
}

type ChoiceWords = { valuesOf(typed: TypedMember): Pick<TypedMember, 'sex' | 'employment' | 'unit'> };

function choiceWords(units: readonly Unit[], t: Translate): ChoiceWords {
  const dictionary = (entries: readonly (readonly [word: string, value: string])[]) => {
    const values = new Map(entries.map(([word, value]) => [folded(word), value]));
    // What is not in it stays: the rules say then that it is none of the choices.
    return (typed: string | undefined) => values.get(folded(typed ?? '')) ?? (typed ?? '').trim();
  };
  const sexOf = dictionary(
    MEMBER_SEXES.flatMap((sex) => {
      const word = t(`chair.members.sex.${sex}`);
      return [[word, sex] as const, [word.charAt(0), sex] as const];
    }),
  );
  const employmentOf = dictionary(
    MEMBER_EMPLOYMENTS.map((one) => [t(`chair.members.employment.${one}`), one] as const),
  );
  const unitOf = dictionary(units.map(({ id, name }) => [name, id] as const));
  return {
    valuesOf: ({ sex, employment, unit }) => ({
      ...{ sex: sexOf(sex), employment: employmentOf(employment), unit: unitOf(unit) },
    }),
  };
}
