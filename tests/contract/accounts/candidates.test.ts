/** Whom a few clues lead to, and that no clue is looked for through the whole register. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresCandidates } from '../../../adapters/candidates/postgres.ts';
import type { Database, Statement, Value } from '../../../adapters/database/database.ts';
import { snilsDigester } from '../../../provider/accounts/snils-digest.ts';
import { engines } from '../engines.ts';
import { openScene, SNILS_SALT, told, WHERE } from './scene.ts';

const ISSUER = 'https://esia.example.test';
const digest = snilsDigester(SNILS_SALT);

describe.each(engines)('candidates on %s', (_name, open) => {
  let database: Database;
  let scene: ReturnType<typeof openScene>;
  beforeAll(async () => {
    database = await open();
    scene = openScene(database);
  });
  afterAll(() => database.close());
  const candidates = (on: Database = database) => postgresCandidates(on);

  it('are found by SNILS, birthday and address, each once', async () => {
    const [one, other] = [scene.person(), { ...scene.person(), birthdate: '1990-01-01' }];
    await scene.enrol(one);
    await scene.enrol(other, 'without SNILS');
    const account = await scene.join(other);
    const found = await candidates().find({
      ...{ issuer: ISSUER, snils: digest(one.snils), birthdate: '1990-01-01', emailKey: other.email },
    });
    expect(found).toHaveLength(2);
    expect(found).toContainEqual({
      member: { id: one.id, name: one.name, birthdate: one.birthdate, snils: 'same' },
    });
    expect(found).toContainEqual({
      member: { id: other.id, name: other.name, birthdate: '1990-01-01', snils: 'unknown' },
      account: {
        ...{ id: account, status: 'confirmed', locale: 'ru' },
        ...{ name: other.name, emailKey: other.email },
      },
    });
  });

  it('are told apart by SNILS only where both sides have one', async () => {
    const person = { ...scene.person(), birthdate: '1991-01-01' };
    await scene.enrol(person);
    const snilsOf = async (snils?: Buffer) => {
      const [found] = await candidates().find({
        issuer: ISSUER,
        birthdate: person.birthdate,
        ...(snils && { snils }),
      });
      return found?.member?.snils;
    };
    expect(await snilsOf()).toBe('unknown');
    expect(await snilsOf(digest('90010010191'))).toBe('other');
    expect(await snilsOf(digest(person.snils))).toBe('same');
  });

  it('are told of with the identity of this issuer that opens their account', async () => {
    const person = scene.person();
    await scene.enrol(person);
    const id = await scene.join(person);
    await scene.settle.settle(WHERE, told(person));
    expect((await candidates().ofAccount(id, { issuer: ISSUER }))?.account?.subject).toBe(
      `oid-of-${person.id}`,
    );
    expect(
      (await candidates().ofAccount(id, { issuer: 'https://rsaa.example.test' }))?.account,
    ).not.toHaveProperty('subject');
    expect(await candidates().ofAccount('nobody', { issuer: ISSUER })).toBeUndefined();
  });

  it('are nobody without a clue, and nobody for an address that was never confirmed', async () => {
    await database.query(`insert into account (id, status) values ('unconfirmed', 'new')`);
    await database.query(
      `insert into identifier (kind, value, account_id, original) values ('email', 'u@example.test', 'unconfirmed', 'u')`,
    );
    expect(await candidates().find({ issuer: ISSUER })).toEqual([]);
    expect(await candidates().find({ issuer: ISSUER, emailKey: 'u@example.test' })).toEqual([]);
  });

  it('are looked for through indexes alone', async () => {
    const asked: [Statement, readonly Value[]][] = [];
    const noting: Database = {
      ...database,
      query: (statement, values = []) => {
        asked.push([statement, values]);
        return database.query(statement, values);
      },
    };
    const clues = {
      issuer: ISSUER,
      snils: digest('90010010191'),
      birthdate: '1984-03-14',
      emailKey: 'a@b.test',
    };
    await candidates(noting).find(clues);
    await candidates(noting).ofAccount('nobody', clues);
    expect(asked).toHaveLength(3);
    for (const [statement, values] of asked) {
      const plan = await database.transaction(async (tx) => {
        // A small table is read as a whole, unless that is forbidden.
        await tx.query('set local enable_seqscan = off');
        return tx.query(`explain ${String(statement)}`, values);
      });
      expect(JSON.stringify(plan)).not.toContain('Seq Scan');
    }
  });
});
