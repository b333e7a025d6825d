/**
 * A database with as many people as one likes, for plans and latencies: the register by COPY, and around it what people
 * leave behind when they use the house. Nothing of it went through the house itself; the import is measured elsewhere.
 */
import type { BulkLoader, Database } from '../../adapters/database/database.ts';
import { openPg } from '../../adapters/database/pg.ts';
import { type CopyValue, copyLine } from '../../provider/cli/import/copy-line.ts';
import { organisationWords } from '../../provider/data-rules/organisation-words.ts';
import { memberId, membersOf, organisationsOf, type Shape } from './population.ts';
import { SURROUNDINGS } from './surroundings.ts';

/** Told after every so many rows. */
const TELL_EVERY = 5_000;

export type Told = (step: string, done: number, total: number) => void;
export type Filled = Database & BulkLoader;

/** Without the triggers and foreign keys that would judge each row: whoever fills knows what fits. Superusers only. */
export function openUnjudged(url: string): Filled {
  const unjudged = new URL(url);
  unjudged.searchParams.set('options', '-c session_replication_role=replica');
  return openPg({ url: unjudged.href, poolSize: 1 });
}

/** `judging`: the paths of organisations are made by a trigger. */
export async function fillRegister(
  judging: Filled,
  unjudged: Filled,
  shape: Shape,
  tell: Told,
): Promise<void> {
  const organisations = function* () {
    for (const each of organisationsOf(shape)) {
      const { id, kind, parentId, name, shortName, town, region, inn } = each;
      yield [id, kind, parentId, name, shortName, town, region, inn, organisationWords(each)];
    }
  };
  const many = shape.regional + shape.territorial + shape.primary;
  await judging.copy(
    'organisation',
    ['id', 'kind', 'parent_id', 'name', 'short_name', 'town', 'region', 'inn', 'search_words'],
    rows('organisations', many, organisations(), tell),
  );
  const members = function* () {
    for (const each of membersOf(shape)) {
      yield [
        each.id,
        each.organisationId,
        each.family,
        each.given,
        each.middle,
        each.birthdate,
        each.membership,
      ];
    }
  };
  await unjudged.copy(
    'member',
    ['id', 'organisation_id', 'family_name', 'given_name', 'middle_name', 'birthdate', 'membership'],
    rows('members', shape.members, members(), tell),
  );
  const tickets = function* () {
    for (const { id, ticket, ticketState } of membersOf(shape)) yield [ticket, id, ticketState];
  };
  await unjudged.copy(
    'ticket',
    ['number', 'member_id', 'state'],
    rows('tickets', shape.members, tickets(), tell),
  );
}

export type Accounts = {
  readonly count: number;
  /** Of everybody: what it costs to verify does not depend on whose it is. */
  readonly hash: string;
  /** As the load calls people by their number. */
  email(index: number): string;
  readonly givenName: string;
};

/** Of the first members: an account, her ticket and an address to sign in with, one password for all. */
export async function fillAccounts(
  unjudged: Filled,
  shape: Shape,
  accounts: Accounts,
  tell: Told,
): Promise<void> {
  const { count, hash, email, givenName } = accounts;
  const people = function* <T extends readonly CopyValue[]>(
    row: (id: string, index: number, ticket: string, family: string) => Iterable<T>,
  ) {
    let index = 0;
    for (const { ticket, family } of membersOf({ ...shape, members: count })) {
      yield* row(accountId(index), index, ticket, family);
      index += 1;
    }
  };
  await unjudged.copy(
    'account',
    ['id', 'family_name', 'given_name', 'member_id'],
    rows(
      'accounts',
      count,
      people((id, index, _ticket, family) => [[id, family, givenName, memberId(index)]]),
      tell,
    ),
  );
  await unjudged.copy(
    'identifier',
    ['kind', 'value', 'account_id', 'original', 'confirmed_at'],
    rows(
      'identifiers',
      2 * count,
      people((id, index, ticket) => [
        ['ticket', ticket, id, ticket, '2026-01-01'],
        ['email', email(index), id, email(index), '2026-01-01'],
      ]),
      tell,
    ),
  );
  await unjudged.copy(
    'password',
    ['account_id', 'hash'],
    rows(
      'passwords',
      count,
      people((id) => [[id, hash]]),
      tell,
    ),
  );
}

/** Sessions, grants, documents, audit and the like of those accounts. */
export async function fillSurroundings(unjudged: Filled, tell: Told): Promise<void> {
  const steps = Object.entries(SURROUNDINGS);
  await unjudged.script('set statement_timeout = 0');
  for (const [place, [table, statement]] of steps.entries()) {
    tell(table, place, steps.length);
    await unjudged.script(statement);
  }
  tell('vacuum', steps.length, steps.length);
  // As a house that has stood for a while: rows just copied would be judged visible, page by page, by whoever reads first.
  await unjudged.script('vacuum (analyze)');
}

export const accountId = (index: number): string => `acc-${String(index).padStart(7, '0')}`;

async function* rows(
  step: string,
  total: number,
  values: Iterable<readonly CopyValue[]>,
  tell: Told,
): AsyncGenerator<string> {
  let done = 0;
  for (const each of values) {
    yield copyLine(each);
    done += 1;
    if (done % TELL_EVERY === 0) tell(step, done, total);
  }
  tell(step, total, total);
}
