/** In which of her roles a person may enter a relying party of ЭПОС, and as whom she does: pure (D-11…D-15). */
import {
  EDU_ROLES,
  type EduRole,
  type OpenSubsystem,
  type School,
  type SchoolPerson,
} from '../../adapters/school-register/school-register.ts';

/** What one of her roles opens. */
export type Opening = { readonly role: EduRole; readonly subsystems: readonly OpenSubsystem[] };

/** A launcher lists what is open and is itself entered in any role. */
export type EducationClient = {
  readonly clientId: string;
  readonly isLauncher: boolean;
  /** Those that let in; absent: any. */
  readonly roles?: readonly string[] | undefined;
};

/** Each of her roles once, in the order of the page. */
export function rolesOf({ roles }: SchoolPerson): readonly EduRole[] {
  return EDU_ROLES.filter((role) => roles.some((each) => each.role === role));
}

export function openingsFor(
  { clientId, isLauncher, roles }: EducationClient,
  openings: readonly Opening[],
): readonly Opening[] {
  return openings.filter(
    ({ role, subsystems }) =>
      (roles?.includes(role) ?? true) &&
      (isLauncher || subsystems.some((subsystem) => subsystem.clientId === clientId)),
  );
}

/**
 * `chosen`: what she has chosen in this session. One role that opens it needs no choice (D-13); one that was chosen and
 * does not open it is not changed behind her back.
 */
export function roleAmong(openings: readonly Opening[], chosen: EduRole | undefined): Opening | undefined {
  if (chosen !== undefined) return openings.find(({ role }) => role === chosen);
  return openings.length === 1 ? openings[0] : undefined;
}

/** Of several schools the first for which it is open. */
export function schoolAt(
  { roles }: SchoolPerson,
  { clientId }: EducationClient,
  { role, subsystems }: Opening,
): School | undefined {
  const open = subsystems.find((subsystem) => subsystem.clientId === clientId)?.schoolIds;
  return roles.find((each) => each.role === role && (open?.includes(each.school.id) ?? true))?.school;
}
