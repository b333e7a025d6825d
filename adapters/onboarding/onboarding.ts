/**
 * How far the chairs below an organisation have come: who they are, what is ticked of their checklists. Knows neither
 * pages nor guides.
 */
import type { Queryable } from '../database/database.ts';
import type { Office, OfficeRole, OrganisationKind } from '../office-store/office-store.ts';

/** Ticked by somebody: the client installed, the video seen, the algorithm of work read, the training done. */
export const CHECKLIST_ITEMS = ['client', 'video', 'algorithm', 'training'] as const;
export type ChecklistItem = (typeof CHECKLIST_ITEMS)[number];

/** What is asked for. The client is a program of the АИС: where the register is our own, there is nothing to install. */
export const itemsFor = (register: boolean): readonly ChecklistItem[] =>
  register ? CHECKLIST_ITEMS.filter((item) => item !== 'client') : CHECKLIST_ITEMS;

/** Done, too, as soon as she has marked the guide of that name as read (E-06). */
export const ITEMS_OF_GUIDES = ['video', 'algorithm'] as const satisfies readonly ChecklistItem[];

export type Tick = { readonly at: Date; readonly by: string };
export type Ticks = ReadonlyMap<ChecklistItem, Tick>;

export type OfficerBelow = {
  readonly officeId: string;
  readonly accountId: string;
  readonly role: OfficeRole;
  readonly name?: string;
  readonly undertaken?: NonNullable<Office['undertaken']>;
  readonly done: ReadonlySet<ChecklistItem>;
};

export type OrganisationBelow = {
  readonly id: string;
  readonly name: string;
  readonly kind: OrganisationKind;
  readonly inn?: string;
  /** Names its place in the list. */
  readonly path: string;
  readonly officers: readonly OfficerBelow[];
  /** Credentials that wait for their persons. */
  readonly waiting: number;
  /** Every tab of it was saved. */
  readonly passport: boolean;
};

export type BelowChoice = {
  /** Whether the passport counts: the register is ours. */
  readonly register: boolean;
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
  progress(path: string, register: boolean): Promise<{ readonly all: number; readonly finished: number }>;
  /** Below `path`, by id, INN or short name, each as it was asked for; what several share names none. */
  placed(path: string, names: readonly string[]): Promise<ReadonlyMap<string, PlacedBelow>>;
  ticks(officeId: string): Promise<Ticks>;
  /** Of a primary organisation whose register is ours. */
  records(organisationId: string): Promise<RecordsSoFar>;
  /** False when it was so before, or the office is over. */
  tick(
    officeId: string,
    item: ChecklistItem,
    done: boolean,
    by: string,
    within?: Queryable,
  ): Promise<boolean>;
}

export type RecordsSoFar = {
  /** Every tab was saved. */
  readonly passport: boolean;
  readonly members: number;
  /** Of the members, who have not consented to the processing of their data by the Union. */
  readonly unconsented: number;
  /** Of the members, who have no number of a ticket, or only one that was blocked. */
  readonly unnumbered: number;
  /** Tickets of orders that were submitted, and how many of them are handed out. */
  readonly ordered: number;
  readonly issued: number;
};

export type PlacedBelow = {
  readonly id: string;
  readonly name: string;
  readonly kind: OrganisationKind;
  /** One who holds the office, or whose credentials wait for her. */
  readonly hasChair: boolean;
};
