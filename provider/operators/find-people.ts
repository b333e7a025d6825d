/** Carries a search out, and says whether there are more people than a page shows. */
import type { FoundPerson, PersonSearch } from '../../adapters/person-search/person-search.ts';
import { type Registry, RegistryUnavailable } from '../../adapters/registry/registry.ts';
import { parseOrganisationQuery } from '../data-rules/organisation-words.ts';
import type { Search, SearchProblem } from './read-search.ts';

const PAGE = 50;
/** More of them are no narrowing. */
const MOST_ORGANISATIONS = 20;

export type FindPeopleNeeds = {
  readonly people: PersonSearch;
  readonly registry: Pick<Registry, 'searchOrganisations'>;
};

export type FoundPeople =
  | { readonly people: readonly FoundPerson[]; readonly hasMore: boolean }
  | { readonly problem: SearchProblem };

export async function findPeople(
  { people, registry }: FindPeopleNeeds,
  search: Search,
): Promise<FoundPeople> {
  if (search.by === 'clue') {
    const found: FoundPerson[] = [];
    for (const clue of search.clues) found.push(...(await people.byClue(clue)));
    return { people: found.slice(0, PAGE), hasMore: found.length > PAGE };
  }
  const organisations = await organisationsNamed(registry, search.organisation);
  if (organisations && 'problem' in organisations) return organisations;
  const found = await people.byName({ ...search.clue, ...organisations }, PAGE + 1);
  return { people: found.slice(0, PAGE), hasMore: found.length > PAGE };
}

/** Undefined when none was named. */
async function organisationsNamed(
  registry: FindPeopleNeeds['registry'],
  typed: string,
): Promise<{ readonly organisations: readonly string[] } | { readonly problem: SearchProblem } | undefined> {
  if (typed === '') return undefined;
  const refused = (code: SearchProblem['code']) => ({ problem: { field: 'organisation', code } }) as const;
  const query = parseOrganisationQuery(typed);
  if (!query.ok) return refused(query.fault);
  try {
    const found = await registry.searchOrganisations({ ...query.value, limit: MOST_ORGANISATIONS + 1 });
    return found.length > MOST_ORGANISATIONS
      ? refused('search_organisations_vague')
      : { organisations: found.map(({ id }) => id) };
  } catch (error) {
    if (error instanceof RegistryUnavailable) return refused('registry_unavailable');
    throw error;
  }
}
