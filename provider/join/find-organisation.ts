/** «Образовательная организация» found by what was typed, and why it cannot be chosen when it cannot (C-26 … C-28). */
import {
  type Registry,
  type RegistryOrganisation,
  RegistryUnavailable,
} from '../../adapters/registry/registry.ts';
import { parseOrganisationQuery } from '../data-rules/organisation-words.ts';
import type { ProblemCode } from '../http/texts.ts';
import { choiceOf, type OrganisationChoice } from './application-form.ts';

export type Search =
  | { readonly ok: true; readonly found: readonly RegistryOrganisation[] }
  | { readonly ok: false; readonly code: ProblemCode };

export type OrganisationSearch = Pick<Registry, 'searchOrganisations' | 'organisation'>;

export async function findOrganisations(registry: OrganisationSearch, typed: string): Promise<Search> {
  if (typed.trim() === '') return { ok: false, code: 'organisation_missing' };
  const query = parseOrganisationQuery(typed);
  if (!query.ok) return { ok: false, code: query.fault };
  return whileThere(async () => {
    const found = await registry.searchOrganisations(query.value);
    return found.length === 0 ? { ok: false, code: 'organisation_not_found' } : { ok: true, found };
  });
}

/** The organisation with this id, however it got into the form. */
export async function chooseOrganisation(
  registry: OrganisationSearch,
  id: string,
): Promise<
  | { readonly ok: true; readonly organisation: OrganisationChoice }
  | { readonly ok: false; readonly code: ProblemCode }
> {
  return whileThere(async () => {
    const organisation = await registry.organisation(id);
    if (!organisation) return { ok: false, code: 'organisation_missing' };
    if (!organisation.admits) return { ok: false, code: 'organisation_admits_nobody' };
    return { ok: true, organisation: choiceOf(organisation) };
  });
}

async function whileThere<T>(
  ask: () => Promise<T>,
): Promise<T | { ok: false; code: 'registry_unavailable' }> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof RegistryUnavailable) return { ok: false, code: 'registry_unavailable' };
    throw error;
  }
}
