import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aesGcm } from '../../adapters/cipher/aes-gcm.ts';
import type { Database } from '../../adapters/database/database.ts';
import { openPg } from '../../adapters/database/pg.ts';
import { postgresDrafts } from '../../adapters/draft-store/postgres.ts';
import { createDatabase } from '../support/services/given.ts';

const keyOf = (byte: number) => aesGcm([{ id: 't', key: Buffer.alloc(32, byte) }]);

let database: Database;
let drop: () => Promise<void>;
beforeAll(async () => {
  const created = await createDatabase();
  database = openPg({ url: created.url, poolSize: 4 });
  drop = created.drop;
});
afterAll(async () => {
  await database.close();
  await drop();
});

const M = 'acc_maria';
beforeEach(async () => {
  await database.script(
    `delete from account where id in ('acc_maria', 'acc_artem');
     insert into account (id) values ('acc_maria'), ('acc_artem')`,
  );
});

const drafts = () => postgresDrafts(database, keyOf(1));
const age = (days: number) =>
  database.query(
    `update draft set updated_at = updated_at - make_interval(days => $1),
                         finished_at = finished_at - make_interval(days => $1)`,
    [days],
  );

describe('drafts', () => {
  it('are found again as they were left, each variant by itself', async () => {
    expect(await drafts().find(M)).toBeUndefined();
    await drafts().rememberWayBack(M, { interaction: 'uid', clientId: 'dictation' });
    await drafts().save(M, 'ticket', { family: 'Иванова' });
    await drafts().save(M, 'application', { family: 'Орлова', phone: '+79000000001' });
    await drafts().save('acc_artem', 'ticket', { family: 'Фёдоров-Ёлкин' });

    expect(await drafts().find(M)).toEqual({
      variant: 'application',
      wayBack: { interaction: 'uid', clientId: 'dictation' },
      forms: { ticket: { family: 'Иванова' }, application: { family: 'Орлова', phone: '+79000000001' } },
      revision: 2,
    });
    await drafts().choose(M, 'ticket');
    expect(await drafts().find(M)).toMatchObject({ variant: 'ticket', revision: 2 });
  });

  it('are sealed, and bound to their owner and variant', async () => {
    await drafts().save(M, 'ticket', { family: 'Иванова' });
    const [row] = await database.query('select draft::text as whole from draft where account_id = $1', [M]);
    expect(JSON.stringify(row)).not.toContain('Иванова');

    await database.query('update draft set application_sealed = ticket_sealed where account_id = $1', [M]);
    expect((await drafts().find(M))?.forms).toEqual({
      ticket: { family: 'Иванова' },
      application: undefined,
    });
  });

  it('whose key is lost are empty, not broken', async () => {
    await drafts().save(M, 'ticket', { family: 'Иванова' });
    expect((await postgresDrafts(database, keyOf(2)).find(M))?.forms.ticket).toBeUndefined();
  });

  it('part from their documents when they change: of two tabs the last one counts, as a whole', async () => {
    await drafts().save(M, 'ticket', { family: 'Иванова', given: 'Мария' });
    const revision = (await drafts().find(M))?.revision ?? 0;
    expect(await drafts().attachSigning(M, revision, 's-1')).toBe(true);
    expect((await drafts().find(M))?.signingId).toBe('s-1');

    await drafts().save(M, 'ticket', { family: 'Петрова' });
    expect(await drafts().find(M)).toMatchObject({ forms: { ticket: { family: 'Петрова' } } });
    expect((await drafts().find(M))?.signingId).toBeUndefined();
    expect(await drafts().attachSigning(M, revision, 's-1')).toBe(false);
    expect((await drafts().find(M))?.signingId).toBeUndefined();
  });

  it('of twenty writers at once keep one whole form', async () => {
    const forms = Array.from({ length: 20 }, (_, at) => ({ family: `Ф${at}`, given: `И${at}` }));
    await Promise.all(forms.map((form) => drafts().save(M, 'ticket', form)));
    const draft = await drafts().find(M);
    expect(forms).toContainEqual(draft?.forms.ticket);
    expect(draft?.revision).toBe(20);
  });

  it('stand still within a transaction', async () => {
    await drafts().save(M, 'ticket', { family: 'Иванова' });
    let saved = false;
    let saving: Promise<void> = Promise.resolve();
    await database.transaction(async (tx) => {
      await drafts().find(M, tx);
      saving = drafts()
        .save(M, 'ticket', { family: 'Петрова' })
        .then(() => {
          saved = true;
        });
      await new Promise((done) => setTimeout(done, 100));
      expect(saved).toBe(false);
      await drafts().finish(M, tx);
    });
    await saving;
    expect(await drafts().find(M)).toMatchObject({ forms: { ticket: { family: 'Петрова' } } });
  });

  it('forget what was typed when they are finished, and keep the way back', async () => {
    await drafts().rememberWayBack(M, { interaction: 'uid', clientId: 'dictation' });
    await drafts().save(M, 'ticket', { family: 'Иванова' });
    await database.transaction((tx) => drafts().finish(M, tx));
    const draft = await drafts().find(M);
    expect(draft).toMatchObject({ variant: 'ticket', forms: {}, wayBack: { clientId: 'dictation' } });
    expect(draft?.finishedAt).toBeInstanceOf(Date);
    const [row] = await database.query('select ticket_sealed from draft where account_id = $1', [M]);
    expect(row).toEqual({ ticket_sealed: null });
  });

  it('of an application keep its form until it is decided, and are open again when it is returned', async () => {
    await drafts().save(M, 'ticket', { family: 'Иванова' });
    await drafts().save(M, 'application', { family: 'Иванова', phone: '+7' });
    await database.transaction((tx) => drafts().finish(M, tx, 'application'));
    expect(await drafts().find(M)).toMatchObject({ finishedAt: expect.any(Date) });
    expect((await drafts().find(M))?.forms).toEqual({ application: { family: 'Иванова', phone: '+7' } });
    await age(80);
    expect(await drafts().sweep()).toBe(0);

    await drafts().choose(M, 'ticket');
    await drafts().reopen(M, database);
    const reopened = await drafts().find(M);
    expect(reopened).toMatchObject({ variant: 'application', forms: { application: { phone: '+7' } } });
    expect(reopened?.finishedAt).toBeUndefined();
    await age(80);
    expect(await drafts().sweep()).toBe(0);

    await drafts().forgetApplication(M, database);
    expect((await drafts().find(M))?.forms).toEqual({});
    const [row] = await database.query('select application_sealed from draft where account_id = $1', [M]);
    expect(row).toEqual({ application_sealed: null });
  });

  it('reopened leave somebody at what she has begun since, and nothing is made of what was not kept', async () => {
    await drafts().save(M, 'application', { family: 'Иванова' });
    await database.transaction((tx) => drafts().finish(M, tx, 'application'));
    await drafts().save(M, 'ticket', { ticket: '99' });
    await drafts().reopen(M, database);
    expect(await drafts().find(M)).toMatchObject({
      ...{ variant: 'ticket', forms: { ticket: { ticket: '99' }, application: { family: 'Иванова' } } },
    });
    await database.transaction((tx) => drafts().finish(M, tx));
    await drafts().reopen(M, database);
    expect(await drafts().find(M)).toMatchObject({ variant: 'ticket', forms: {} });
    expect((await drafts().find(M))?.finishedAt).toBeInstanceOf(Date);
  });

  it('are kept for 90 days, finished ones for a week', async () => {
    await drafts().save(M, 'ticket', {});
    await drafts().save('acc_artem', 'application', {});
    await database.transaction((tx) => drafts().finish('acc_artem', tx));
    await age(6);
    expect(await drafts().sweep()).toBe(0);
    await age(2);
    expect(await drafts().sweep()).toBe(1);
    expect(await drafts().find('acc_artem')).toBeUndefined();
    await age(81);
    expect(await drafts().sweep()).toBe(0);
    await age(2);
    expect(await drafts().sweep()).toBe(1);
    expect(await drafts().find(M)).toBeUndefined();
  });
});
