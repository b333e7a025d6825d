/**
 * Which record of «Контингент» a person is, by what the upstream told of her: pure. Nobody is let in by a near miss; it
 * only decides whose administrator is asked to look (D-16).
 */
import type { MismatchKind } from '../../adapters/case-store/case-store.ts';
import type { ToldPerson } from '../../adapters/link-store/link-store.ts';
import type { SchoolPerson } from '../../adapters/school-register/school-register.ts';
import { differences } from '../accounts/differences.ts';
import { parseEmailAddress } from '../data-rules/email-address.ts';
import { type PersonName, shareSurnamePart } from '../data-rules/person-name.ts';

export type Comparison =
  /** `isNew`: she has not been recognised as this record before. */
  | { readonly kind: 'agrees'; readonly person: SchoolPerson; readonly isNew: boolean }
  | { readonly kind: 'differs'; readonly person: SchoolPerson; readonly kinds: readonly MismatchKind[] }
  | { readonly kind: 'nobody' };

/** `mine`: the record she was recognised as; `born`: everybody of her birth date, looked at when there is none. */
export function compare(
  accountId: string,
  told: ToldPerson,
  mine: SchoolPerson | undefined,
  born: readonly SchoolPerson[],
): Comparison {
  if (mine) {
    const kinds = differingKinds(told, mine);
    return kinds.length === 0
      ? { kind: 'agrees', person: mine, isNew: false }
      : { kind: 'differs', person: mine, kinds };
  }
  const name = nameOf(told);
  if (!name || told.birthdate === undefined) return { kind: 'nobody' };

  // Without a role there is no school whose administrator could be asked, and nothing that opens.
  const employed = born.filter(({ roles, birthdate }) => roles.length > 0 && birthdate === told.birthdate);
  const equal = employed.filter((person) => differingKinds(told, person).length === 0);
  const [only, another] = equal;
  if (only && another) return { kind: 'differs', person: only, kinds: ['ambiguous'] };
  if (only) {
    const kinds = doubtsAbout(accountId, told, only);
    return kinds.length === 0
      ? { kind: 'agrees', person: only, isNew: true }
      : { kind: 'differs', person: only, kinds };
  }

  const free = employed.filter(({ accountId: owner }) => owner === undefined || owner === accountId);
  const sameAddress = free.filter(({ email }) => isSameAddress(told.email, email));
  const near = sameAddress.length > 0 ? sameAddress : free.filter((person) => isNear(name, person));
  const [nearest, rival] = near;
  if (!nearest) return { kind: 'nobody' };
  return {
    kind: 'differs',
    person: nearest,
    kinds: rival ? ['ambiguous'] : differingKinds(told, nearest),
  };
}

/** D-16: surname, name, patronymic and e-mail must equal what the upstream says; what it does not say cannot differ. */
function differingKinds(told: ToldPerson, person: SchoolPerson): readonly MismatchKind[] {
  const name = nameOf(told);
  const kinds = differences(
    {
      ...(name && { name }),
      ...(told.birthdate !== undefined && { birthdate: told.birthdate }),
    },
    { name: person, birthdate: person.birthdate },
  );
  const bothSay = told.email !== undefined && person.email !== undefined;
  return bothSay && !isSameAddress(told.email, person.email) ? [...kinds, 'email'] : kinds;
}

/**
 * Though all that both say is equal. A name and a birthday that anybody may type of herself are nobody's proof: what
 * such an upstream has tried is the mailbox, and it must be the record's.
 */
function doubtsAbout(
  accountId: string,
  told: ToldPerson,
  { accountId: owner, email }: SchoolPerson,
): readonly MismatchKind[] {
  if (owner !== undefined) return owner === accountId ? [] : ['identity'];
  return told.confirmed || isSameAddress(told.email, email) ? [] : ['email'];
}

/** The same given name, and a surname or patronymic that could be hers: twins are not near. */
function isNear(name: PersonName, person: SchoolPerson): boolean {
  const parts = differences({ name }, { name: person });
  if (parts.includes('given_name')) return false;
  const samePatronymic = name.middle !== undefined && !parts.includes('middle_name');
  return !parts.includes('family_name') || samePatronymic || shareSurnamePart(name, person);
}

function nameOf({ family, given, middle }: ToldPerson): PersonName | undefined {
  if (family === undefined || given === undefined) return undefined;
  return { family, given, ...(middle !== undefined && { middle }) };
}

function isSameAddress(one: string | undefined, other: string | undefined): boolean {
  const [first, second] = [one, other].map((text) => parseEmailAddress(text ?? ''));
  return first?.ok === true && second?.ok === true && first.key === second.key;
}
