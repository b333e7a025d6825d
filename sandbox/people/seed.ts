/**
 * Writes the sandbox's organisations and people into a migrated database. What is there stays: seeding again changes
 * neither a password somebody chose nor anything else people did.
 */
import { randomUUID } from 'node:crypto';
import type { Database, Queryable } from '../../adapters/database/database.ts';
import type { PasswordHasher } from '../../adapters/password-hasher/password-hasher.ts';
import { parseEmailAddress } from '../../provider/data-rules/email-address.ts';
import { organisationWords } from '../../provider/data-rules/organisation-words.ts';
import { APPLICATIONS, momentOf } from './applications.ts';
import { writeOffices } from './offices.ts';
import { activeTicketOf, birthdateOf, organisations, type Person, persons } from './register.ts';

type Passwords = Readonly<Record<string, string>>;
type Stored = { account_id: string; hash: string; never_changed: boolean };

/** `passwords`: person id → password; one that nobody has changed since it was seeded follows them. */
export async function seed(database: Database, hasher: PasswordHasher, passwords: Passwords): Promise<void> {
  await database.transaction(writeOrganisations);
  const today = new Date();
  // One after another: in a line of all of them the last would wait longer than the hasher lets anybody wait.
  for (const person of persons) {
    const credential = await prepare(database, hasher, passwords, person);
    await database.transaction(async (tx) => {
      if (person.membership) await writeMember(tx, person, today);
      if (credential?.kind === 'create') await writeAccount(tx, person, credential.hash);
      if (credential?.kind === 'replace') {
        // As if it had been so from the beginning: `changed_at` says whether the person chose it.
        await tx.query('update password set hash = $2 where account_id = $1 and hash = $3', [
          credential.accountId,
          credential.hash,
          credential.former,
        ]);
      }
    });
  }
  await database.transaction((tx) => writeApplications(tx, today));
  await database.transaction(writeOffices);
}

/** The register alone, without anybody's account. */
export async function seedRegister(database: Database): Promise<void> {
  const today = new Date();
  await database.transaction(async (tx) => {
    await writeOrganisations(tx);
    for (const person of persons) if (person.membership) await writeMember(tx, person, today);
  });
}

type Credential =
  | { readonly kind: 'create'; readonly hash: string }
  | { readonly kind: 'replace'; readonly accountId: string; readonly hash: string; readonly former: string };

/** Undefined: nothing to write. */
async function prepare(
  database: Queryable,
  hasher: PasswordHasher,
  passwords: Passwords,
  { id, email, account }: Person,
): Promise<Credential | undefined> {
  const password = passwords[id];
  if (email === undefined || account === undefined || password === undefined) return undefined;
  const [stored] = await database.query<Stored>(
    `select i.account_id, p.hash, p.changed_at = a.created_at as never_changed
       from identifier i
       join account a on a.id = i.account_id
       join password p on p.account_id = a.id
      where i.kind = 'email' and i.value = $1`,
    [emailKey(email)],
  );
  if (!stored) return { kind: 'create', hash: await hasher.hash(password) };
  if (!stored.never_changed || (await hasher.verify(stored.hash, password)).matches) return undefined;
  return {
    kind: 'replace',
    accountId: stored.account_id,
    hash: await hasher.hash(password),
    former: stored.hash,
  };
}

async function writeOrganisations(tx: Queryable): Promise<void> {
  for (const organisation of organisations) {
    const { id, kind, parent, name, shortName, town, region, inn, email, phone, closed, units } =
      organisation;
    await tx.query(
      `insert into organisation
         (id, kind, parent_id, name, short_name, town, region, inn, email, phone, closed_at, units, search_words)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, case when $11 then now() end, $12, $13)
       on conflict (id) do update set units = excluded.units, search_words = excluded.search_words`,
      [
        ...[id, kind, parent ?? null, name, shortName, town, region, inn, email ?? null, phone ?? null],
        ...[closed === true, units ?? [], organisationWords(organisation)],
      ],
    );
  }
}

async function writeMember(tx: Queryable, person: Person, today: Date): Promise<void> {
  const { id, name, registry, organisation, membership, tickets } = person;
  const birthdate = birthdateOf(person, today);
  if (!name || !organisation || !membership || birthdate === undefined) {
    throw new Error(`${id} is on the register, but not whole`);
  }
  // A birth date that follows the calendar is brought up to date; the others are what they were.
  await tx.query(
    `insert into member (id, organisation_id, family_name, given_name, middle_name, birthdate, membership)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (id) do update set birthdate = excluded.birthdate`,
    [
      ...[id, organisation, registry?.family ?? name.family, registry?.given ?? name.given],
      ...[name.middle ?? null, birthdate, membership],
    ],
  );
  for (const { number, state } of tickets) {
    await tx.query(
      'insert into ticket (number, member_id, state) values ($1, $2, $3) on conflict (number) do nothing',
      [number, id, state],
    );
  }
}

async function writeAccount(tx: Queryable, person: Person, hash: string): Promise<void> {
  const { id, name, phone, membership, email = '', account = 'confirmed' } = person;
  const accountId = randomUUID();
  await tx.query(
    `insert into account (id, status, family_name, given_name, middle_name, phone, member_id)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      ...[accountId, account, name?.family ?? null, name?.given ?? null, name?.middle ?? null],
      ...[phone ?? null, membership ? id : null],
    ],
  );
  const identify = (kind: string, value: string, original: string, confirmed: boolean) =>
    tx.query(
      `insert into identifier (kind, value, account_id, original, confirmed_at)
       values ($1, $2, $3, $4, case when $5 then now() end)`,
      [kind, value, accountId, original, confirmed],
    );
  await identify('email', emailKey(email), email, account === 'confirmed');
  const ticket = activeTicketOf(person);
  if (ticket !== undefined) await identify('ticket', ticket, ticket, true);
  await tx.query('insert into password (account_id, hash) values ($1, $2)', [accountId, hash]);
}

async function writeApplications(tx: Queryable, today: Date): Promise<void> {
  for (const application of APPLICATIONS) {
    const { id, person, state, reason } = application;
    await tx.query(
      `insert into application (id, account_id, purpose, organisation, state, reason, signed_at, state_since)
       select $1, i.account_id, 'joining', o.short_name, $4, $5, $6, $6
         from identifier i, organisation o
        where i.kind = 'email' and i.value = $2 and o.id = $3
       on conflict do nothing`,
      [id, emailKey(person.email), person.organisation, state, reason ?? null, momentOf(application, today)],
    );
  }
}

function emailKey(email: string): string {
  const parsed = parseEmailAddress(email);
  if (!parsed.ok) throw new Error(`not an address: ${email}`);
  return parsed.key;
}
