/**
 * Lists of members that were uploaded and checked: kept for a day, encrypted, until somebody confirms them and all of
 * it is put in. Knows neither columns nor rules.
 */
import type { Queryable } from '../database/database.ts';

export type ListCounts = {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  /** Did not fit when it was to be put in. */
  readonly refused: number;
};

/** What the dry run has found of the rows without a fault. */
export type ListPlans = { readonly add: number; readonly change: number; readonly same: number };

export type MemberList = ListCounts & {
  readonly id: string;
  readonly organisationId: string;
  readonly uploadedBy: string;
  readonly uploadedAt: Date;
  readonly state: 'checked' | 'confirmed' | 'done';
  /** To be put in, and how many of them have been. */
  readonly rows: number;
  readonly done: number;
  readonly plans: ListPlans;
  /** Found in the dry run, or refused since. */
  readonly faulty: number;
};

export type ListRow = {
  readonly line: number;
  readonly content: string;
  readonly faults: readonly string[];
  /** Whether it would put somebody on record or change a card, were it not for its faults. */
  readonly writes: boolean;
};

/** Lines with faults, or lines without that would write something. */
export const LIST_PARTS = ['faults', 'changes'] as const;
export type ListPart = (typeof LIST_PARTS)[number];

export interface MemberLists {
  keep(
    list: Pick<MemberList, 'id' | 'organisationId' | 'uploadedBy' | 'uploadedAt'>,
    rows: readonly ListRow[],
    plans: ListPlans,
  ): Promise<void>;
  find(organisationId: string, id: string, within?: Queryable): Promise<MemberList | undefined>;
  /** In the order of their lines, those after line `after`; no others are opened. */
  page(id: string, part: ListPart, after: number, limit: number): Promise<readonly ListRow[]>;
  /** True for whoever confirms first. */
  confirm(organisationId: string, id: string, within: Queryable): Promise<boolean>;
  /**
   * The next rows without a fault of a confirmed list, and the list itself, held until the transaction ends; the same
   * rows again when it is rolled back. Undefined when all is done, or it is not there any more.
   */
  next(
    id: string,
    limit: number,
    within: Queryable,
  ): Promise<{ readonly list: MemberList; readonly rows: readonly ListRow[] } | undefined>;
  /** These rows are in, or refused with a fault each. */
  settle(
    id: string,
    lines: readonly number[],
    counts: ListCounts,
    refused: ReadonlyMap<number, string>,
    within: Queryable,
  ): Promise<void>;
}

export interface MemberExports {
  note(taken: {
    readonly id: string;
    readonly organisationId: string;
    readonly by: string;
    readonly at: Date;
    readonly members: number;
    readonly reason: string;
  }): Promise<void>;
  /** The latest of the organisation where the member is on record, since she has joined. */
  latestAbout(memberId: string, limit: number): Promise<readonly TakenList[]>;
}

/** A list of an organisation that somebody took away, and what for. */
export type TakenList = { readonly at: Date; readonly organisation: string; readonly reason: string };
