/** A row of an uploaded list, as it is kept between the dry run and the confirmation. */
import type { ListRow } from '../../adapters/member-lists/member-lists.ts';
import type { ProblemCode } from '../http/texts.ts';
import type { Plan } from './plan-list.ts';
import type { ReadRow, RowFault } from './read-list.ts';
import { MEMBER_FIELDS, type MemberField, type ReadMember, type TypedMember } from './read-member.ts';

type Kept = {
  readonly typed: TypedMember;
  readonly member: ReadMember;
  /** What was shown to whoever confirms it. */
  readonly plan: Plan['kind'];
  readonly fields: readonly MemberField[];
  readonly elsewhere: boolean;
  readonly repeats?: number;
};
export type KeptRow = Kept & { readonly line: number; readonly faults: readonly RowFault[] };

export function keepRow({ line, typed, member, faults }: ReadRow, plan: Plan | undefined): ListRow {
  const all = plan?.kind === 'fault' ? [plan.fault] : faults;
  const repeats = all.find((fault) => fault.line !== undefined)?.line;
  const kept: Kept = {
    ...{ typed, member, plan: plan?.kind ?? 'fault' },
    fields: plan?.kind === 'change' ? plan.fields : [],
    elsewhere: plan?.kind === 'add' && plan.elsewhere,
    ...(repeats !== undefined && { repeats }),
  };
  return {
    line,
    content: JSON.stringify(kept),
    faults: all.map(({ field, code }) => (field === undefined ? code : `${field}:${code}`)),
    writes: kept.plan === 'add' || kept.plan === 'change',
  };
}

export function readKept({ line, content, faults }: ListRow): KeptRow {
  const kept = JSON.parse(content) as Kept;
  return {
    ...kept,
    line,
    faults: faults.map((fault) => {
      const [code = '', name] = fault.split(':').reverse();
      const field = MEMBER_FIELDS.find((one) => one === name);
      return {
        ...(field && { field }),
        code: code as ProblemCode,
        ...(code === 'row_repeated' && kept.repeats !== undefined && { line: kept.repeats }),
      };
    }),
  };
}
