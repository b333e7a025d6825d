/** What operators look for, and how long the database takes to find it. */
import { openPg } from '../../adapters/database/pg.ts';
import type { PersonSearch } from '../../adapters/person-search/person-search.ts';
import { postgresPersonSearch } from '../../adapters/person-search/postgres.ts';
import { postgresRegistry } from '../../adapters/registry/postgres.ts';
import { person } from '../people.ts';
import { chance } from '../population/chance.ts';
import { memberAt, type Person, type Shape } from '../population/population.ts';

const WARM_UP = 20;
const LIMIT = 20;

type Search = (search: PersonSearch, whom: Person, index: number) => Promise<unknown>;

const SEARCHES: Readonly<Record<string, Search>> = {
  'people by ticket': (search, { ticket }) => search.byClue({ kind: 'ticket', value: ticket }),
  'people by e-mail': (search, _whom, index) => search.byClue({ kind: 'email', value: person(index).email }),
  'people by family and given name': (search, { family, given }) => search.byName({ family, given }, LIMIT),
  'people by the beginning of a family name': (search, { family }) =>
    search.byName({ family: family.slice(0, 4) }, LIMIT),
  'people by name and birth date': (search, { family, birthdate }) =>
    search.byName({ family, birthdate }, LIMIT),
};

export type Timed = { readonly title: string; readonly latencies: readonly number[] };

export async function timeSearches(
  url: string,
  shape: Shape,
  accounts: number,
  times: number,
): Promise<Timed[]> {
  const database = openPg({ url, poolSize: 1 });
  const search = postgresPersonSearch(database);
  const register = postgresRegistry(database, {
    cipher: { seal: (plain) => plain, open: (sealed) => sealed },
    admitsNobody: '',
  });
  const somebody = (turn: number) => Math.floor(chance(2, turn, 1) * accounts);
  const timed: Timed[] = [];
  for (const [title, ask] of Object.entries(SEARCHES)) {
    const latencies = await time(times, (turn) =>
      ask(search, memberAt(shape, somebody(turn)), somebody(turn)),
    );
    timed.push({ title, latencies });
  }
  const words = (turn: number) => [
    { text: 'сош', whole: false },
    { text: String(1 + (turn % 30)), whole: true },
    { text: `безымянск`, whole: false },
  ];
  timed.push({
    title: 'organisations by words',
    latencies: await time(times, (turn) =>
      register.searchOrganisations({ words: words(turn), limit: LIMIT }),
    ),
  });
  await database.close();
  return timed;
}

async function time(times: number, ask: (turn: number) => Promise<unknown>): Promise<number[]> {
  const latencies: number[] = [];
  for (let turn = 0; turn < WARM_UP + times; turn += 1) {
    const before = performance.now();
    await ask(turn);
    if (turn >= WARM_UP) latencies.push(performance.now() - before);
  }
  return latencies;
}
