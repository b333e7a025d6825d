/**
 * Who may open a page of the workplaces. Every route of staff is a line of a table, «GET /chair/:organisation/members»
 * with its rule; there is no other way to add one, and what no rule allows is denied.
 */
import type { Office, OfficeRole, OrganisationKind } from '../../adapters/office-store/office-store.ts';
import type { StaffRole } from '../../adapters/staff-store/staff-store.ts';

/** For holders of an office; the organisation is the `:organisation` of the path. */
export type OrganisationRule = {
  readonly scope: 'organisation';
  /** Whose office it takes: the organisation's own, one of those above it, or either. */
  readonly who: 'own' | 'above' | 'own-or-above';
  /** Of the organisation in the path. */
  readonly kinds: readonly OrganisationKind[];
  /** Absent: any. */
  readonly role?: OfficeRole;
  /** Whether it shows or changes personal data of members: not before the undertaking is given (E-04). */
  readonly undertaking: boolean;
  /** Whether it is about the register kept by ourselves, and so away where the АИС keeps it. */
  readonly register: boolean;
};

/** For staff of the Union itself. */
export type UnionRule = { readonly scope: 'union'; readonly roles: readonly StaffRole[] };

/** For everybody with an office or a role. */
export type AnyStaffRule = { readonly scope: 'staff' };

export type Rule = OrganisationRule | UnionRule | AnyStaffRule;

export type StaffMethod = 'GET' | 'POST';
/** «GET /chair/:organisation/members». */
export type RouteName = `${StaffMethod} /${string}`;
export type StaffRules = Readonly<Record<RouteName, Rule>>;

export const ANY_STAFF = { scope: 'staff' } as const satisfies Rule;
export const OPERATORS = { scope: 'union', roles: ['union_operator'] } as const satisfies Rule;

/** A primary organisation's records: read by its own people and those above. */
export const READ_RECORDS = {
  ...{ scope: 'organisation', who: 'own-or-above', kinds: ['primary'] },
  ...{ undertaking: true, register: true },
} as const satisfies Rule;
/** Changed by its own people alone. */
export const KEEP_RECORDS = { ...READ_RECORDS, who: 'own' } as const satisfies Rule;

/** Of a territorial or regional organisation, by its own people: what lies below it, without anybody's personal data. */
export const OVERSEE = {
  ...{ scope: 'organisation', who: 'own', kinds: ['territorial', 'regional'] },
  ...{ undertaking: false, register: false },
} as const satisfies Rule;

/** Whether the office opens it there; the undertaking is another question. */
export function isCovered(rule: OrganisationRule, office: Office, at: Office['organisation']): boolean {
  if (!rule.kinds.includes(at.kind)) return false;
  if (rule.role !== undefined && office.role !== rule.role) return false;
  const { id, path } = office.organisation;
  if (id === at.id) return rule.who !== 'above';
  return rule.who !== 'own' && at.path.startsWith(path);
}
