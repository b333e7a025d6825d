/**
 * «Контингент», the region's register of who works and learns where, as the gateway needs it: persons of a school, their
 * roles, and which subsystem is open to whom. Knows nothing of the Union; no record of it is joined to a member's.
 */
import type { AccountId } from '../account-store/account-store.ts';
import type { Queryable } from '../database/database.ts';

/** D-11: «Сотрудник», «Родитель», «Обучающийся»; the values of the claim `edu_role`. */
export const EDU_ROLES = ['staff', 'parent', 'learner'] as const;
export type EduRole = (typeof EDU_ROLES)[number];

export type School = { readonly id: string; readonly name: string; readonly shortName: string };

export type SchoolRole = {
  readonly role: EduRole;
  readonly school: School;
  /** `contingent_admin`: administrator of «Контингент» at that school, who sees its cases. */
  readonly duty?: 'contingent_admin';
};

export type SchoolPerson = {
  readonly id: string;
  readonly family: string;
  readonly given: string;
  readonly middle?: string;
  /** yyyy-mm-dd. */
  readonly birthdate: string;
  readonly email?: string;
  /** The union identity that has been recognised as this person. */
  readonly accountId?: AccountId;
  /** When the latest sign-in was whose data agreed with the record. */
  readonly agreedAt?: Date;
  readonly roles: readonly SchoolRole[];
};

/** What of a record can be corrected. */
export type Correction = Pick<SchoolPerson, 'family' | 'given' | 'middle' | 'birthdate' | 'email'>;

/** A relying party of ЭПОС that some are let into. */
export type Subsystem = {
  readonly clientId: string;
  readonly name: string;
  /** Where it begins a sign-in by itself. */
  readonly url: string;
};

/** One that is open to somebody in one of her roles. */
export type OpenSubsystem = Subsystem & {
  /** Those of her schools that it is open for, at least one. */
  readonly schoolIds: readonly string[];
};

export interface SchoolRegister {
  personOf(id: AccountId): Promise<SchoolPerson | undefined>;
  find(personId: string): Promise<SchoolPerson | undefined>;
  /** Everybody born that day: whoever signs in is looked for among them. By an index. */
  bornOn(birthdate: string): Promise<readonly SchoolPerson[]>;
  /** Throws IdentifierTaken when the record or the account belongs to somebody else. */
  recognise(personId: string, accountId: AccountId, within?: Queryable): Promise<void>;
  /** The record is nobody's, until a sign-in agrees with it again. */
  release(personId: string, within: Queryable): Promise<void>;
  /** The data of a sign-in agreed with the record. */
  noteAgreement(personId: string, signedInAt: Date): Promise<void>;
  correct(personId: string, correction: Correction, within: Queryable): Promise<void>;
  addRole(personId: string, role: EduRole, schoolId: string, within?: Queryable): Promise<void>;
  /** False when she had no such role. Whoever it was taken from is among the `exits` from then on. */
  removeRole(personId: string, role: EduRole, schoolId: string, within?: Queryable): Promise<boolean>;
  /** Those of a school, by name. */
  peopleOf(schoolId: string): Promise<readonly SchoolPerson[]>;
  /** What is open in this role: decided by role, duty and school alone. */
  subsystemsFor(person: SchoolPerson, role: EduRole): Promise<readonly OpenSubsystem[]>;
}

/** Whoever a role was taken from leaves ЭПОС, and comes in again with what is left. */
export type SchoolExit = { readonly accountId: AccountId; readonly until: Date };

export interface SchoolExits {
  /** The earliest first; a few hundred at a time. */
  exits(): Promise<readonly SchoolExit[]>;
  /** One that was added meanwhile stays. */
  exited(exit: SchoolExit): Promise<void>;
}

export type PersonIntake = Omit<SchoolPerson, 'accountId' | 'agreedAt' | 'roles'> & {
  readonly roles: readonly {
    readonly role: EduRole;
    readonly schoolId: string;
    readonly duty?: 'contingent_admin';
  }[];
};

export type SubsystemIntake = Subsystem & {
  /** Earlier ones first in the list. */
  readonly sort: number;
  /** Lets in everybody with the role, its duty and its school where they are named. */
  readonly access: readonly {
    readonly role: EduRole;
    readonly duty?: 'contingent_admin';
    readonly schoolId?: string;
  }[];
};

/** How the region's data come in. Saying the same twice changes nothing. */
export interface SchoolIntake {
  saveSchool(school: School, within?: Queryable): Promise<void>;
  /** Adds the roles to those she has; takes none away and leaves who she is to the gateway alone. */
  savePerson(person: PersonIntake, within?: Queryable): Promise<void>;
  /** Its access becomes exactly this. */
  saveSubsystem(subsystem: SubsystemIntake, within: Queryable): Promise<void>;
  /** All, with who is let into each. */
  subsystems(): Promise<readonly SubsystemIntake[]>;
}
