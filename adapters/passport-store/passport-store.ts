/**
 * What a primary organisation says of itself: the four tabs of its passport (E-08) and its units (E-09). Knows neither
 * members nor which of it must be filled in.
 */
import type { Queryable } from '../database/database.ts';

/** «ИНПО», «Регистрация», «Организация», «Адреса и телефоны». */
export const PASSPORT_TABS = ['inpo', 'registration', 'organisation', 'contacts'] as const;
export type PassportTab = (typeof PASSPORT_TABS)[number];

export const PASSPORT_FIELDS = {
  inpo: ['inpo', 'inpoAssignedOn'],
  registration: ['createdOn', 'creationDocument', 'registeredOn', 'registrationDocument', 'ogrn'],
  organisation: [
    ...(['name', 'shortName', 'inn', 'institutionType', 'workers', 'learners'] as const),
    ...(['chair', 'board', 'auditCommission'] as const),
  ],
  contacts: ['town', 'postalAddress', 'legalAddress', 'phone', 'morePhones', 'email', 'site'],
} as const satisfies Readonly<Record<PassportTab, readonly string[]>>;

export type PassportField = (typeof PASSPORT_FIELDS)[PassportTab][number];
/** In normal form: dates as yyyy-mm-dd, numbers in digits. Absent: not filled in. */
export type PassportValues = { readonly [field in PassportField]?: string | undefined };

export type Passport = {
  readonly organisationId: string;
  readonly values: PassportValues;
  /** How often each tab was saved. */
  readonly versions: Readonly<Record<PassportTab, number>>;
  readonly changedAt?: Date;
};

export const UNIT_KINDS = ['bureau', 'group'] as const;
/** «Профбюро» and «профгруппа». */
export type UnitKind = (typeof UNIT_KINDS)[number];

export type Unit = {
  readonly id: string;
  readonly parentId?: string;
  readonly kind: UnitKind;
  readonly name: string;
  /** On record in it, those whose membership has ended left out. */
  readonly members: number;
};
export type NewUnit = Pick<Unit, 'kind' | 'name' | 'parentId'>;

export interface PassportStore {
  /** One for each of these organisations that exists, filled in or not. */
  passports(organisationIds: readonly string[], within?: Queryable): Promise<readonly Passport[]>;
  /**
   * Makes the values of one tab what they are here, and what the organisation is found by with them. False when the tab
   * is not of that version any more.
   */
  save(
    organisationId: string,
    tab: PassportTab,
    change: { readonly version: number; readonly values: PassportValues; readonly by: string },
    within: Queryable,
  ): Promise<boolean>;
}

/** The units that are not closed, and with them the names that applicants choose among. */
export interface Structure {
  /** By name. */
  units(organisationId: string, within?: Queryable): Promise<readonly Unit[]>;
  add(
    organisationId: string,
    unit: NewUnit,
    within: Queryable,
  ): Promise<{ readonly id: string } | Exclude<UnitOutcome, 'changed'>>;
  /** `circle`: it would stand below itself. */
  change(
    organisationId: string,
    id: string,
    unit: NewUnit,
    within: Queryable,
  ): Promise<UnitOutcome | 'circle'>;
  /** Its members and the units below it come to the unit above. False when it is closed already. */
  close(organisationId: string, id: string, within: Queryable): Promise<boolean>;
}

/** `taken`: there is one of that name; `gone`: it or the unit above is not there any more. */
export type UnitOutcome = 'changed' | 'taken' | 'gone';
