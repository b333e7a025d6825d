/** What a relay pipes into `union-id mail bounced`, and what it changes. */
import { beforeAll, describe, expect, test } from 'vitest';
import { openPg } from '../../../adapters/database/pg.ts';
import { postgresLetterRecord } from '../../../adapters/letter-record/postgres.ts';
import { readConfig } from '../../../provider/config.ts';
import { lastingKey } from '../../../provider/lasting-key.ts';
import { createDatabase } from '../../support/services/given.ts';
import { bounce, LETTER_ID } from '../../unit/letters/bounce.ts';
import { configured, type Environment, feedUnionId } from './union-id.ts';

describe('mail bounced', () => {
  let environment: Environment;
  beforeAll(async () => {
    environment = configured({ DATABASE_URL: (await createDatabase()).url });
  });

  test('marks the address the letter went to, once it was one of ours', async () => {
    const unknown = await feedUnionId(bounce(), environment, 'mail', 'bounced');
    expect(unknown).toMatchObject({
      code: 0,
      out: '',
      err: expect.stringContaining('no letter of the last'),
    });

    const database = openPg({ url: environment.DATABASE_URL ?? '', poolSize: 1 });
    const { secrets } = readConfig(environment);
    const record = postgresLetterRecord(database, lastingKey(secrets.pairwiseSalt, 'letter addresses'));
    await record.accepted({ letterId: LETTER_ID, address: 'ivanova@example.test' });
    const told = await feedUnionId(bounce(), environment, 'mail', 'bounced');
    expect(told).toMatchObject({ code: 0, out: expect.stringContaining(LETTER_ID) });
    expect(told.out + told.err).not.toContain('ivanova');
    expect(await record.troubleWith('ivanova@example.test')).toMatchObject({ kind: 'bounced' });
    const rows = await database.query(`select actor, detail from audit where event = 'letter_bounced'`);
    expect(rows).toEqual([{ actor: 'system', detail: { letterId: LETTER_ID } }]);
    await database.close();
  });

  test('passes over what is no report, without asking the database', async () => {
    const nowhere = { ...environment, DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' };
    const letter = 'Subject: Спасибо\n\nБольшое спасибо!';
    expect(await feedUnionId(letter, nowhere, 'mail', 'bounced')).toMatchObject({
      code: 0,
      err: expect.stringContaining('No report'),
    });
  });
});
