/** The people of the sandbox, rightly in the database. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aesGcm } from '../../adapters/cipher/aes-gcm.ts';
import type { Database } from '../../adapters/database/database.ts';
import { openPg } from '../../adapters/database/pg.ts';
import { postgresLinks } from '../../adapters/link-store/postgres.ts';
import { argon2id } from '../../adapters/password-hasher/argon2id.ts';
import { snilsSealer } from '../../provider/cli/import/sealed-snils.ts';
import { comparePersonNames } from '../../provider/data-rules/person-name.ts';
import { seedLinks, seedSnils } from '../../sandbox/people/links.ts';
import { generatePasswords, seed } from '../../sandbox/people/people.ts';
import { createDatabase } from '../support/services/given.ts';

const hasher = argon2id({
  peppers: [{ id: 't', key: randomBytes(32) }],
  parameters: { memoryCost: 256, timeCost: 1, parallelism: 1 },
});
const passwords = generatePasswords();
let database: Database;
let drop: () => Promise<void>;

beforeAll(async () => {
  const created = await createDatabase();
  drop = created.drop;
  database = openPg({ url: created.url, poolSize: 4 });
  await seed(database, hasher, passwords);
}, 30_000);
afterAll(async () => {
  await database.close();
  await drop();
});

const membershipOf = async (email: string) => {
  const [row] = await database.query<{ membership: string | null }>(
    `select m.membership from identifier i
       join account a on a.id = i.account_id
       left join member m on m.id = a.member_id
      where i.kind = 'email' and i.value = $1`,
    [email],
  );
  return row?.membership;
};
const ticketsThatSignIn = async () =>
  (await database.query<{ value: string }>("select value from identifier where kind = 'ticket'")).map(
    ({ value }) => value,
  );
const hashOf = async (email: string) => {
  const [row] = await database.query<{ hash: string; account_id: string }>(
    `select p.hash, p.account_id from identifier i join password p using (account_id)
      where i.kind = 'email' and i.value = $1`,
    [email],
  );
  return row as { hash: string; account_id: string };
};

it('everybody with an account can sign in by the password told', async () => {
  const rows = await database.query<{ value: string; hash: string; account_id: string }>(
    "select i.value, i.account_id, p.hash from identifier i join password p using (account_id) where i.kind = 'email'",
  );
  expect(rows).toHaveLength(34);
  for (const { account_id } of rows) {
    expect(account_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
  const { hash } = await hashOf('ivanova@example.test');
  expect((await hasher.verify(hash, passwords['M-01'] ?? '')).matches).toBe(true);
  expect((await hasher.verify(hash, passwords['M-02'] ?? '')).matches).toBe(false);
});

it.each([
  ['ivanova@example.test', 'member'],
  ['tikhonova@example.test', 'member'],
  ['novikov@example.test', 'under_review'],
  ['krylov@example.test', null],
  ['shcherbakova@example.test', 'member'],
  ['gromov@example.test', 'ended'],
  ['kozlova@example.test', 'applicant'],
  ['учитель@xn--e1afmkfd.xn--80akhbyknj4f', 'member'],
  ['fomina@example.test', null],
  ['unfinished@example.test', null],
  ['rashad@example.test', undefined],
])('%s is %s', async (email, membership) => {
  expect(await membershipOf(email)).toBe(membership);
});

it('only tickets that are assigned and not replaced sign in', async () => {
  const tickets = await ticketsThatSignIn();
  expect(tickets).toContain('9900000000000185');
  expect(tickets).toContain('0099123456789012');
  expect(tickets).toContain('9900000000000201');
  expect(tickets).not.toContain('9900000000000193');
  // M-05 and M-29b have a ticket, but no account.
  expect(tickets).not.toContain('9900000000000052');
  expect(tickets).not.toContain('9900000000000318');
  const states = await database.query('select state from ticket where number in ($1, $2) order by number', [
    '9900000000000193',
    '9900000000000201',
  ]);
  expect(states).toEqual([{ state: 'replaced' }, { state: 'issued' }]);
});

it('the address nobody confirmed stays unconfirmed', async () => {
  const rows = await database.query(
    `select a.status, i.value from identifier i join account a on a.id = i.account_id
      where i.confirmed_at is null or a.status <> 'confirmed'`,
  );
  expect(rows).toEqual([{ status: 'new', value: 'unfinished@example.test' }]);
});

it('the register keeps its own spelling, and it is still the same person', async () => {
  const rows = await database.query<{
    registered: string;
    given: string;
    shown: string;
    shown_given: string;
  }>(
    `select m.family_name as registered, m.given_name as given, a.family_name as shown, a.given_name as shown_given
       from member m join account a on a.member_id = m.id where m.id in ('M-08', 'M-09') order by m.id`,
  );
  expect(rows.map(({ registered }) => registered)).toEqual(['Сорокин\u0061', 'КУЗНЕЦОВ ']);
  for (const { registered, given, shown, shown_given } of rows) {
    expect(comparePersonNames({ family: registered, given }, { family: shown, given: shown_given })).toBe(
      'match',
    );
  }
});

it('closed and missing organisations are what they are', async () => {
  const closed = await database.query('select id from organisation where closed_at is not null');
  expect(closed).toEqual([{ id: 'P-10' }]);
  const withoutPrimary = await database.query("select id from organisation where kind = 'without_primary'");
  expect(withoutPrimary).toEqual([{ id: 'O-09' }]);
});

describe('doors', () => {
  const issuers = { esiaIssuer: 'http://localhost:3010/', rsaaIssuer: 'http://localhost:3011' };
  const links = () => postgresLinks(database);
  const ownerOf = async (issuer: string, subject: string) =>
    (await links().ownerOf({ issuer, subject }))?.accountId;
  beforeAll(() => seedLinks(database, issuers));

  it('through Gosuslugi and РСАА are there for some', async () => {
    const { account_id: maria } = await hashOf('ivanova@example.test');
    expect(await ownerOf(issuers.esiaIssuer, '1000000101')).toBe(maria);
    expect(await ownerOf(issuers.rsaaIssuer, 'rsaa-m-33')).toBeDefined();
    const rows = await database.query('select from linked_identity');
    expect(rows).toHaveLength(8);
  });

  it('know what Gosuslugi tell: of M-10 another surname', async () => {
    const { account_id: id } = await hashOf('belova@example.test');
    expect((await links().linksOf(id)).map(({ told }) => told)).toEqual([
      {
        ...{ family: 'Чернова', given: 'Елена', middle: 'Олеговна' },
        ...{ birthdate: '1990-03-03', email: 'belova@example.test', confirmed: true },
      },
    ]);
  });

  it('that were taken away stay away', async () => {
    const { account_id: id } = await hashOf('zaitsev@example.test');
    const [link] = await links().linksOf(id);
    await database.transaction((tx) => links().unlink(id, link as NonNullable<typeof link>, tx));
    await seedLinks(database, issuers);
    expect(await links().linksOf(id)).toEqual([]);
  });

  it('the register knows the SNILS of some, sealed', async () => {
    const seal = snilsSealer(aesGcm([{ id: 't', key: randomBytes(32) }]), Buffer.alloc(32, 1));
    await seedSnils(database, seal);
    await seedSnils(database, seal);
    const rows = await database.query<{ id: string; hmac: Buffer }>(
      'select id, snils_hmac as hmac from member where snils_hmac is not null order by id',
    );
    expect(rows).toHaveLength(12);
    expect(Buffer.from(rows[0]?.hmac ?? []).equals(seal('90010010191', 'M-01').digest)).toBe(true);
  });
});

describe('again', () => {
  let chosen: string;
  beforeAll(async () => {
    const { account_id: accountId } = await hashOf('anna@example.test');
    chosen = await hasher.hash('выбранный самой пароль');
    await database.query(
      'update password set hash = $2, changed_at = clock_timestamp() where account_id = $1',
      [accountId, chosen],
    );
  });

  it('nothing is doubled, and a password somebody chose stays', async () => {
    const before = await database.query('select * from account order by id');
    await seed(database, hasher, passwords);
    expect(await database.query('select * from account order by id')).toEqual(before);
    expect((await hashOf('anna@example.test')).hash).toBe(chosen);
    const unchanged = await hashOf('ivanova@example.test');
    expect((await hasher.verify(unchanged.hash, passwords['M-01'] ?? '')).matches).toBe(true);
  });

  it('with other passwords, those nobody has changed follow', async () => {
    await seed(database, hasher, generatePasswords('ласточка над озером'));
    expect((await hashOf('anna@example.test')).hash).toBe(chosen);
    const { hash } = await hashOf('ivanova@example.test');
    expect((await hasher.verify(hash, 'ласточка над озером')).matches).toBe(true);
  });
});
