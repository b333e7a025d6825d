/** What would still differ at the next sign-in, if a record of «Контингент» were as it is now. Pure. */
import type { MismatchKind } from '../../adapters/case-store/case-store.ts';
import type { ToldPerson } from '../../adapters/link-store/link-store.ts';
import type { SchoolPerson } from '../../adapters/school-register/school-register.ts';
import { compare } from '../education/compare.ts';

/** `mine`: the record the account was recognised as; `born`: everybody of the birth date that was told. */
export function remainingKinds(
  accountId: string,
  told: ToldPerson,
  person: SchoolPerson,
  mine: SchoolPerson | undefined,
  born: readonly SchoolPerson[],
): readonly MismatchKind[] {
  const now = [...born.filter(({ id }) => id !== person.id), person];
  const found = compare(accountId, told, mine?.id === person.id ? person : mine, now);
  if (found.kind === 'agrees') return [];
  return found.kind === 'differs' ? found.kinds : differingKinds(accountId, told, person);
}

/** Between these two alone, whoever else is like them. */
export function differingKinds(
  accountId: string,
  told: ToldPerson,
  person: SchoolPerson,
): readonly MismatchKind[] {
  const alone = compare(accountId, told, person, []);
  return alone.kind === 'differs' ? alone.kinds : [];
}
