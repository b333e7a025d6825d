/**
 * The cards of an organisation's members («учетная карточка») in the register kept by ourselves (E-10). Every question
 * names the organisation: a card of another one is not there. Knows no accounts and no consents.
 */

import type { MembershipState } from '../account-store/account-store.ts';
import type { Queryable } from '../database/database.ts';
import type { TicketState } from '../registry/registry.ts';

export const MEMBER_SEXES = ['male', 'female'] as const;
export const MEMBER_EMPLOYMENTS = ['worker', 'student', 'pensioner', 'other'] as const;

/** What is written on a card; every value in normal form, days as yyyy-mm-dd. */
export type MemberData = {
  readonly family: string;
  readonly given: string;
  readonly middle?: string | undefined;
  readonly birthdate: string;
  readonly sex?: (typeof MEMBER_SEXES)[number] | undefined;
  /** E.164. */
  readonly phone?: string | undefined;
  readonly email?: string | undefined;
  readonly unitId?: string | undefined;
  readonly employment?: (typeof MEMBER_EMPLOYMENTS)[number] | undefined;
  readonly position?: string | undefined;
  /** «Дата вступления в Профсоюз». */
  readonly joinedOn?: string | undefined;
  /** «Дата постановки на учёт». */
  readonly onRecordSince?: string | undefined;
};

export type Standing = {
  readonly membership: MembershipState;
  readonly reason?: string | undefined;
  /** yyyy-mm-dd. */
  readonly since?: string | undefined;
};

export type MemberCard = MemberData &
  Standing & {
    readonly id: string;
    readonly organisationId: string;
    /** Of `unitId`. */
    readonly unit?: string;
    /** All of the person's, replaced ones included. */
    readonly tickets: readonly { readonly number: string; readonly state: TicketState }[];
    readonly hasSnils: boolean;
    /** How often the card was changed. */
    readonly version: number;
  };

/** Sealed, and a keyed digest by which the same number is known again. */
export type SealedSnils = { readonly sealed: string; readonly digest: Buffer };

export type MemberQuery = {
  /** Beginning of the family name, or of the whole name. */
  readonly name?: string | undefined;
  readonly membership?: MembershipState | undefined;
  readonly unitId?: string | undefined;
  readonly withoutTicket?: boolean;
  /** The id of the card after which the page begins. */
  readonly after?: string | undefined;
  readonly limit: number;
};

/** On record with this name and birth date; those whose membership has ended are found, too. */
export type Namesake = {
  readonly id: string;
  readonly organisationId: string;
  readonly membership: MembershipState;
};

export type PersonKey = Pick<MemberData, 'family' | 'given' | 'middle' | 'birthdate'>;

/** Whoever has a number or a SNILS already. */
export type Holder = { readonly memberId: string; readonly organisationId: string };

export interface MemberBook {
  /** In the order of the names. */
  list(organisationId: string, query: MemberQuery): Promise<readonly MemberCard[]>;
  find(organisationId: string, id: string, within?: Queryable): Promise<MemberCard | undefined>;
  /** By id; those of other organisations are left out. */
  several(
    organisationId: string,
    ids: readonly string[],
    within?: Queryable,
  ): Promise<ReadonlyMap<string, MemberCard>>;
  /** Of each state. */
  count(organisationId: string): Promise<Readonly<Partial<Record<MembershipState, number>>>>;
  /** In the order of `people`, wherever in the Union. */
  namesakes(people: readonly PersonKey[], within?: Queryable): Promise<readonly (readonly Namesake[])[]>;
  holders(
    of: { readonly tickets: readonly string[]; readonly snils: readonly Buffer[] },
    within?: Queryable,
  ): Promise<{ readonly tickets: ReadonlyMap<string, Holder>; readonly snils: ReadonlyMap<string, Holder> }>;
}

/** Writes cards. Whoever has written tells the register's readers, once, at the end of the transaction. */
export interface MemberWriter {
  /** A member from now on. False when the id, a ticket or the SNILS is on record already: nothing is written. */
  add(
    organisationId: string,
    id: string,
    card: MemberData &
      Standing & { readonly ticket?: string | undefined; readonly snils?: SealedSnils | undefined },
    within: Queryable,
  ): Promise<boolean>;
  /** False when the card is not of that version any more, or not there. A SNILS that is not given stays. */
  correct(
    organisationId: string,
    id: string,
    version: number,
    data: MemberData & { readonly snils?: SealedSnils | undefined },
    within: Queryable,
  ): Promise<boolean>;
  /** The same, of the membership. */
  stand(
    organisationId: string,
    id: string,
    version: number,
    standing: Standing,
    within: Queryable,
  ): Promise<boolean>;
  /** False when somebody has that number already. */
  giveTicket(memberId: string, number: string, within: Queryable): Promise<boolean>;
  /** The last statement of the transaction. */
  tell(memberIds: readonly string[], within: Queryable): Promise<void>;
}
