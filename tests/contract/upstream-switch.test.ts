/** An operator's word on an upstream, on both engines. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../adapters/database/database.ts';
import { postgresSwitches } from '../../adapters/upstream-switch/postgres.ts';
import { engines } from './engines.ts';

describe.each(engines)('switches of the upstreams on %s', (_name, open) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });
  beforeEach(() => database.script('delete from upstream_switch'));
  afterAll(() => database.close());

  const switches = () => postgresSwitches(database);
  const age = () => database.query("update upstream_switch set since = since - interval '1 day'");

  it('nobody has turned any', async () => {
    expect(await switches().list()).toEqual([]);
  });

  it('each stays as it was turned last, and says since when and by whom', async () => {
    await switches().turn('rsaa', { on: false, by: 'operator' });
    await switches().turn('esia', { on: false, by: 'operator' });
    await switches().turn('esia', { on: true, by: 'another' });
    expect(await switches().list()).toEqual([
      { upstream: 'esia', on: true, since: expect.any(Date), by: 'another' },
      { upstream: 'rsaa', on: false, since: expect.any(Date), by: 'operator' },
    ]);
  });

  it('turning it to where it is changes nothing', async () => {
    await switches().turn('esia', { on: false, by: 'operator' });
    await age();
    const before = await switches().list();
    await switches().turn('esia', { on: false, by: 'another' });
    expect(await switches().list()).toEqual(before);
    await switches().turn('esia', { on: true, by: 'another' });
    expect((await switches().list())[0]?.since.getTime()).toBeGreaterThan(Date.now() - 3_600_000);
  });

  it('is turned with what else happens, or not at all', async () => {
    const interrupted = database.transaction(async (tx) => {
      await switches().turn('esia', { on: false, by: 'operator' }, tx);
      throw new Error('interrupted');
    });
    await expect(interrupted).rejects.toThrow('interrupted');
    expect(await switches().list()).toEqual([]);
  });
});
