/**
 * How far the chairs below an organisation have come: who they are, what is ticked of their checklists. Knows neither
 * pages nor guides.
 */
import type { Queryable } from '../database/database.ts';
import type { Office, OfficeRole, OrganisationKind } from '../office-store/office-store.ts';

/** Ticked by somebody: the client installed, the video seen, the algorithm of work read, the training done. */
export const CHECKLIST_ITEMS = ['client', 'video', 'algorithm', 'training'] as const;
export type ChecklistItem = (typeof CHECKLIST_ITEMS)[number];

export type Tick = { readonly at: Date; readonly by: string };
export type Ticks = ReadonlyMap<ChecklistItem, Tick>;

export type OfficerBelow = {
  readonly officeId: string;
  readonly accountId: string;
  readonly role: OfficeRole;
  readonly name?: string;
  readonly undertaken?: NonNullable<Office['undertaken']>;
  readonly ticks: ReadonlySet<ChecklistItem>;
};

export type OrganisationBelow = {
  readonly id: string;
  readonly name: string;
  readonly kind: OrganisationKind;
  /** Names its place in the list. */
  readonly path: string;
  readonly officers: readonly OfficerBelow[];
  /** Credentials that wait for their persons. */
  readonly waiting: number;
};

export type BelowChoice = {
  /** Those alone whose chair has not come to the end of the checklist, or who have none. */
  readonly unfinished: boolean;
  /** The path of the last one of the page before. */
  readonly after?: string;
  readonly limit: number;
};

export interface OnboardingBook {
  /** The organisations below `path` that are not closed, in the order of their paths. */
  below(path: string, choice: BelowChoice): Promise<readonly OrganisationBelow[]>;
  /** How many there are, and how many of them have come to the end. */
  progress(path: string): Promise<{ readonly all: number; readonly finished: number }>;
  /** At or below `path`, by id or INN, each as it was asked for. */
  placed(path: string, idsAndInns: readonly string[]): Promise<ReadonlyMap<string, PlacedBelow>>;
  ticks(officeId: string): Promise<Ticks>;
  /** False when it was so before, or the office is over. */
  tick(
    officeId: string,
    item: ChecklistItem,
    done: boolean,
    by: string,
    within?: Queryable,
  ): Promise<boolean>;
}

export type PlacedBelow = { readonly id: string; readonly name: string; readonly kind: OrganisationKind };
