/** What pages of several areas are told in the same words. */
import type { ProblemCode } from '../texts.ts';

/** A relying party as a page names it. */
export type ClientName = {
  readonly name: string;
  readonly uri?: string;
  readonly owner?: string;
  readonly test?: true;
};

/** Why a form is shown again. `minutes` counts in plural forms. */
export type FieldProblem<Field extends string> = {
  readonly field: Field | 'form';
  readonly code: ProblemCode;
  readonly params?: Readonly<Record<string, string | number>>;
};

export type OrganisationContact = {
  readonly shortName: string;
  readonly region?: string;
  readonly phone?: string;
  readonly email?: string;
};

export type Empty = Readonly<Record<string, never>>;

/** Of a signed document, beside others of its type. */
export type DocumentState = 'in_force' | 'signed' | 'replaced' | 'withdrawn';
