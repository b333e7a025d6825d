/** The member register from files, on a server and on the embedded database, by the real command. */
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDatabase } from '../../support/services/given.ts';
import { MEMBER_COLUMNS, memberLine, ORGANISATIONS, ticketOf, writeMembers } from './register-files.ts';
import { configured, type Environment, outcomeOf, startUnionId, unionId } from './union-id.ts';

const MANY = 50_000;
const SEVERAL_BATCHES = 20_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'union-id-import-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

const members = (name: string, ...lines: string[]): Promise<string> =>
  file(name, [MEMBER_COLUMNS, ...lines].join('\n'));

/** Member `number` with some columns changed. */
function member(number: number, changes: Readonly<Record<string, string>> = {}): string {
  const cells = memberLine(number).split(';');
  return MEMBER_COLUMNS.split(';')
    .map((column, at) => changes[column] ?? cells[at])
    .join(';');
}

async function rejectsOf(path: string): Promise<string[]> {
  return (await readFile(`${path}.rejects.csv`, 'utf8')).trim().split('\r\n').slice(1);
}

describe('on a PostgreSQL server', () => {
  let environment: Environment;
  let admin: pg.Client;

  beforeEach(async () => {
    const { url, drop } = await createDatabase();
    environment = configured({ DATABASE_URL: url });
    admin = new pg.Client({ connectionString: url });
    await admin.connect();
    const imported = await unionId(
      environment,
      'organisations',
      'import',
      await file('organisations.csv', ORGANISATIONS),
    );
    expect(imported).toMatchObject({ code: 0, out: expect.stringContaining('4 organisations added') });
    return async () => {
      await admin.end();
      await drop();
    };
  });

  const importMembers = (path: string) => unionId(environment, 'members', 'import', path);
  const count = async (sql: string): Promise<number> =>
    Number((await admin.query<{ n: string }>(`select count(*) as n from ${sql}`)).rows[0]?.n);

  test('organisations find their parents whatever the order, and a phone becomes E.164', async () => {
    const { rows } = await admin.query('select id, kind, parent_id, phone from organisation order by id');
    expect(rows).toEqual([
      { id: 'P-01', kind: 'primary', parent_id: 'T-01', phone: '+79000000015' },
      { id: 'P-02', kind: 'primary', parent_id: 'T-01', phone: null },
      { id: 'R-01', kind: 'regional', parent_id: null, phone: null },
      { id: 'T-01', kind: 'territorial', parent_id: 'R-01', phone: null },
    ]);
  });

  test('organisations under a wrong parent, twice or of another kind are rejected', async () => {
    const head = ORGANISATIONS.split('\n')[0];
    const path = await file(
      'odd-organisations.csv',
      [
        head,
        'P-09,primary,P-01,Под первичной,П,,Край,,,',
        'T-09,territorial,R-09,Без родителя,Т,,Край,,,',
        'R-01,territorial,R-01,Стал другим,Р,,Край,,,',
        'R-10,regional,,Новый,Новый,,Край,0059000019,,',
        'R-11,regional,,Новый,Новый,,Край,,,',
        'R-11,regional,,Новый,Новый,,Край,,,',
      ].join('\n'),
    );
    expect((await unionId(environment, 'organisations', 'import', path)).code).toBe(0);
    expect(await rejectsOf(path)).toEqual([
      '2,"P-09","parent_id must name an organisation of the kind regional or territorial"',
      '3,"T-09","parent_id must name an organisation of the kind regional"',
      '4,"R-01","kind is «regional» in the register, and a kind does not change"',
      '5,"R-10","inn has a wrong check digit"',
      '7,"R-11","id is already on line 6"',
    ]);
    expect(await count(`organisation where id = 'R-11'`)).toBe(1);
  });

  test('a place of work is found by its words, has its units, and may get a primary organisation', async () => {
    const head = 'id,kind,parent_id,name,short_name,region,units';
    const row = String.raw`T-01,"Школа «Росток, \\ № 3»",ЧОУ № 3,Край,"школа | ""сад \\"""`;
    const before = await file('before.csv', [head, `O-01,without_primary,${row}`].join('\n'));
    const founded = await file('founded.csv', [head, `O-01,primary,${row}`].join('\n'));
    expect((await unionId(environment, 'organisations', 'import', before)).code).toBe(0);
    const outcome = await unionId(environment, 'organisations', 'import', founded);
    expect(outcome.out).toMatch(/0 organisations added, 1 changed, 0 rows rejected/);
    const { rows } = await admin.query(
      `select kind, units, search_words from organisation where search_vector @@ 'росток & 3'::tsquery`,
    );
    expect(rows).toEqual([
      {
        kind: 'primary',
        units: ['школа', String.raw`"сад \\"`],
        search_words: ['3', 'росток', 'чоу', 'школа'],
      },
    ]);
  });

  test(`${MANY} members in under half a minute and in little memory`, { timeout: 180_000 }, async () => {
    const path = join(folder, 'many.csv');
    await writeMembers(path, MANY);

    const started = performance.now();
    const outcome = await unionId(
      { ...environment, NODE_OPTIONS: '--max-old-space-size=64' },
      'members',
      'import',
      path,
    );
    const seconds = (performance.now() - started) / 1_000;
    console.log(`${MANY} members imported in ${seconds.toFixed(1)} s`);
    expect(outcome).toMatchObject({
      code: 0,
      out: expect.stringContaining(`${MANY} members added, 0 changed, 0 rows`),
    });
    expect(outcome.err).toContain('reading 100 %');
    expect(seconds).toBeLessThan(30);
    await expect(access(`${path}.rejects.csv`)).rejects.toThrow('ENOENT');
    expect(await count('member')).toBe(MANY);
    expect(await count('ticket')).toBe(MANY);
    expect(await count('member where snils_sealed is null or length(snils_hmac) <> 32')).toBe(0);
  });

  test('killed in the middle, it is started again and comes to the same', { timeout: 120_000 }, async () => {
    const path = join(folder, 'killed.csv');
    await writeMembers(path, SEVERAL_BATCHES);
    const child = startUnionId(environment, 'members', 'import', path);
    const outcome = outcomeOf(child);
    while ((await count('member')) === 0) await sleep(5);
    child.kill('SIGKILL');
    expect((await outcome).code).toBeNull();
    const stored = await count('member');
    expect(stored).toBeLessThan(SEVERAL_BATCHES);
    // Whatever was stored has its ticket: both came in one transaction.
    expect(await count('member m where not exists (select from ticket t where t.member_id = m.id)')).toBe(0);

    const resumed = await importMembers(path);
    expect(resumed.out).toContain(`${SEVERAL_BATCHES - stored} members added, 0 changed, 0 rows rejected`);
    const again = await importMembers(path);
    expect(again.out).toContain('0 members added, 0 changed, 0 rows rejected');
  });

  test('each bad line is told with its number and reason; the others are stored', async () => {
    const path = await members(
      'bad.csv',
      member(1),
      member(2, { birthdate: '31.04.1990' }),
      member(3, { ticket_number: '123', snils: '11223344596' }),
      member(4, { organisation_id: 'P-99' }),
      member(5, { ticket_number: ticketOf(1) }),
      member(6).replace(';member;', ';'),
      member(7, { family_name: '"Ивано"ва"' }),
      member(8, { member_id: '=1+1' }),
      member(9, { membership: 'honorary' }),
      member(10, { snils: memberLine(1).split(';').at(-1) ?? '' }),
      member(1, { ticket_number: ticketOf(11), ticket_state: 'ordered' }),
      member(1, { ticket_number: ticketOf(12), family_name: 'Другая' }),
      member(13),
    );
    const outcome = await importMembers(path);
    expect(outcome).toMatchObject({
      code: 0,
      out: expect.stringContaining('2 members added, 0 changed, 10 rows rejected'),
    });
    expect(await rejectsOf(path)).toEqual([
      '3,"M-2","birthdate is not in the calendar"',
      '4,"M-3","ticket_number must have 16 digits; spreadsheets spoil long numbers unless the column is text; snils has a wrong checksum"',
      '5,"M-4","organisation_id is not in the register; import the organisations first"',
      '6,"M-5","ticket_number is already on line 2"',
      '7,"","has 9 cells where the header has 10"',
      '8,"","a cell with a quotation mark inside must be quoted whole, and the inner marks doubled"',
      `9,"'=1+1","member_id must be up to 64 letters, digits and . _ : -"`,
      '10,"M-9","membership must be one of applicant, under_review, member, suspended, ended"',
      '11,"M-10","snils is already on line 2, of another member"',
      '13,"M-1","member_id is on line 2 with other data"',
    ]);
    const { rows } = await admin.query('select number, state from ticket where member_id = $1 order by 1', [
      'M-1',
    ]);
    expect(rows).toEqual([
      { number: ticketOf(1), state: 'issued' },
      { number: ticketOf(11), state: 'ordered' },
    ]);
  });

  test('what the register knows already is respected', async () => {
    await importMembers(await members('first.csv', member(1), member(2)));
    const path = await members(
      'second.csv',
      member(3, { ticket_number: ticketOf(1) }),
      member(4, { snils: memberLine(2).split(';').at(-1) ?? '' }),
      member(1, { snils: '', membership: 'ended', ticket_state: 'replaced' }),
    );
    expect((await importMembers(path)).out).toContain('0 members added, 1 changed, 2 rows rejected');
    expect(await rejectsOf(path)).toEqual([
      '2,"M-3","ticket_number belongs to member M-1 in the register"',
      '3,"M-4","snils belongs to member M-2 in the register"',
    ]);
    expect(await count(`member where id = 'M-1' and membership = 'ended' and snils_hmac is not null`)).toBe(
      1,
    );

    const back = await members('third.csv', member(1, { ticket_state: 'issued' }));
    await importMembers(back);
    expect(await rejectsOf(back)).toEqual([
      '2,"M-1","ticket_number was replaced: a replaced number never comes back"',
    ]);
  });

  test('an account signs in with the live ticket of its member only', async () => {
    await importMembers(await members('ticket-1.csv', member(1)));
    await admin.query(`insert into account (id, member_id) values ('a1', 'M-1')`);
    const ticketsOfAccount = async (): Promise<string[]> =>
      (await admin.query<{ value: string }>(`select value from identifier where kind = 'ticket'`)).rows.map(
        ({ value }) => value,
      );

    await importMembers(await members('ticket-2.csv', member(1)));
    expect(await ticketsOfAccount()).toEqual([ticketOf(1)]);
    await importMembers(await members('ticket-3.csv', member(1, { ticket_state: 'blocked' })));
    expect(await ticketsOfAccount()).toEqual([]);
    const next = { ticket_number: ticketOf(2) };
    await importMembers(
      await members('ticket-4.csv', member(1, next), member(1, { ticket_state: 'replaced' })),
    );
    expect(await ticketsOfAccount()).toEqual([ticketOf(2)]);
  });

  test('a SNILS is nowhere in clear, and equal ones meet', async () => {
    const snils = memberLine(1).split(';').at(-1) ?? '';
    await importMembers(await members('snils.csv', member(1)));
    const { rows } = await admin.query<{ row: string; sealed: string }>(
      'select m::text as row, snils_sealed as sealed from member m',
    );
    expect(rows[0]?.sealed).toMatch(/^k1\./);
    expect(rows[0]?.row).not.toContain(snils);
    const grouped = `${snils.slice(0, 3)}-${snils.slice(3, 6)}-${snils.slice(6, 9)} ${snils.slice(9)}`;
    const again = await importMembers(await members('snils-2.csv', member(1, { snils: grouped })));
    expect(again.out).toContain('0 members added, 0 changed');
  });

  test('two imports at once: the second is refused', async () => {
    const other = new pg.Client({ connectionString: environment.DATABASE_URL });
    await other.connect();
    await other.query('select pg_advisory_lock($1)', [0x696d70]);
    const refused = await importMembers(await members('second-at-once.csv', member(1)));
    await other.end();
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('Another import is running') });
    expect(await count('member')).toBe(0);
  });

  test.each([
    ['is not there', undefined, 'cannot be read (ENOENT)'],
    [
      'is partly UTF-8',
      Buffer.concat([Buffer.from(`${MEMBER_COLUMNS}\nM-1;Иванова`), Buffer.from([0x3b, 0xc8, 0xe2])]),
      'is neither UTF-8 nor Windows-1251',
    ],
  ])('a file that %s is refused as a whole', async (name, content, message) => {
    const path = join(folder, `${name}.csv`);
    if (content !== undefined) await writeFile(path, content);
    expect(await importMembers(path)).toMatchObject({ code: 1, err: expect.stringContaining(message) });
    expect(await count('member')).toBe(0);
  });

  test('the audit trail says how many, and no name', async () => {
    await importMembers(await members('audit.csv', member(1), member(2, { birthdate: '' })));
    const { rows } = await admin.query(
      `select actor, outcome, detail from audit where event = 'members_import'`,
    );
    expect(rows).toEqual([
      { actor: 'operator', outcome: 'success', detail: { rows: 2, added: 1, changed: 0, rejected: 1 } },
    ]);
  });
});

test('on the embedded database: the same file, the same result', { timeout: 120_000 }, async () => {
  const environment = configured({ DATA_DIR: join(folder, 'embedded') });
  expect((await unionId(environment, 'members', 'import', 'any.csv')).err).toContain(
    'Run «union-id migrate» first',
  );
  expect((await unionId(environment, 'migrate')).code).toBe(0);
  const organisations = await file('organisations.csv', ORGANISATIONS);
  expect((await unionId(environment, 'organisations', 'import', organisations)).out).toContain(
    '4 organisations added',
  );
  const path = join(folder, 'embedded.csv');
  await writeMembers(path, 6_000, (number) =>
    number === 7 ? member(7, { birthdate: '14.03.84' }) : memberLine(number),
  );
  expect((await unionId(environment, 'members', 'import', path)).out).toContain(
    '5999 members added, 0 changed, 1 rows',
  );
  expect(await rejectsOf(path)).toEqual(['8,"M-7","birthdate needs a year of four digits"']);
  expect((await unionId(environment, 'members', 'import', path)).out).toContain(
    '0 members added, 0 changed, 1 rows',
  );
});
