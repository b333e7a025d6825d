/** In which kinds two records of a person differ. Pure; what one of them does not say differs from nothing. */
import type { MismatchKind } from '../../adapters/case-store/case-store.ts';
import { differingNameParts, isPatronymicMissing, type PersonName } from '../data-rules/person-name.ts';

export type PersonRecord = { readonly name?: PersonName; readonly birthdate?: string };

const KIND_OF = { family: 'family_name', given: 'given_name', middle: 'middle_name' } as const;

/** A patronymic that one side alone has counts: a name is said as a whole (domain.md §3.6). */
export function differences(one: PersonRecord, other: PersonRecord): readonly MismatchKind[] {
  const parts = one.name && other.name ? differingNameParts(one.name, other.name) : [];
  const sameDay = one.birthdate === other.birthdate || !one.birthdate || !other.birthdate;
  return [...parts.map((part) => KIND_OF[part]), ...(sameDay ? [] : (['birthdate'] as const))];
}

/** Differences that cannot be one person's: a missing patronymic can. */
export function contradictions(one: PersonRecord, other: PersonRecord): readonly MismatchKind[] {
  const missing =
    one.name !== undefined && other.name !== undefined && isPatronymicMissing(one.name, other.name);
  return differences(one, other).filter((kind) => kind !== 'middle_name' || !missing);
}

/**
 * So much differs that no typing error or marriage explains it: neither the day nor the name, or, where nobody knows the
 * day, not even the given name.
 */
export function isSomebodyElse(one: PersonRecord, other: PersonRecord): boolean {
  const kinds = differences(one, other);
  if (kinds.includes('birthdate')) return kinds.includes('family_name') || kinds.includes('given_name');
  const dayIsKnown = one.birthdate !== undefined && other.birthdate !== undefined;
  return !dayIsKnown && kinds.includes('given_name');
}
