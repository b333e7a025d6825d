/** A gateway is killed while it hands letters over: the next one sends the rest, and few of them twice (security.md d 3). */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { aesGcm } from '../../../adapters/cipher/aes-gcm.ts';
import { systemClock } from '../../../adapters/clock.ts';
import type { Database } from '../../../adapters/database/database.ts';
import { openPg } from '../../../adapters/database/pg.ts';
import { startPgBoss } from '../../../adapters/job-queue/pg-boss.ts';
import { postgresLetterRecord } from '../../../adapters/letter-record/postgres.ts';
import { readConfig } from '../../../provider/config.ts';
import { lastingKey } from '../../../provider/lasting-key.ts';
import { postOffice } from '../../../provider/letters/post-office.ts';
import { startGateway } from '../../support/gateway-process.ts';
import { sharedSecrets } from '../../support/house.ts';
import { freePort } from '../../support/services/free-port.ts';
import { testStores } from '../../support/stores.ts';

const LETTERS = 40;
const AT_ONCE = 3;
/** The server has the letter and thinks: the moment at which a killed gateway knows least. */
const THOUGHT_MILLISECONDS = 100;

const taken: string[] = [];
const server = new SMTPServer({
  logger: false,
  disabledCommands: ['AUTH', 'STARTTLS'],
  disableReverseLookup: true,
  async onData(stream, _session, done) {
    // A gateway that is killed within its letter has handed over nothing.
    const raw = await buffer(stream).then(String, () => undefined);
    if (raw === undefined) return done(new Error('cut off'));
    taken.push(/^Message-ID: <(.*)@/im.exec(raw)?.[1] ?? '');
    await sleep(THOUGHT_MILLISECONDS);
    done();
  },
});
server.on('error', () => {});

let environment: Record<string, string> & { DATABASE_URL: string };
let database: Database;
beforeAll(async () => {
  const listener = server.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const port = await freePort();
  environment = {
    ...sharedSecrets,
    ...(await testStores()),
    ISSUER: `http://localhost:${port}`,
    SMTP_URL: `smtp://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    MAIL_CONNECTIONS: String(AT_ONCE),
    LOG_LEVEL: 'warn',
    NOTICE_SECONDS: '0',
  };
  database = openPg({ url: environment.DATABASE_URL, poolSize: 4 });
});
afterAll(async () => {
  await database.close();
  await new Promise<void>((resolve) => server.close(resolve));
});

async function addLetters(): Promise<string[]> {
  const { secrets } = readConfig({ ...environment, SANDBOX: 'on' });
  const jobs = await startPgBoss({ on: { url: environment.DATABASE_URL }, onError: () => {} });
  const post = postOffice({
    jobs,
    cipher: aesGcm(secrets.encryptionKeys),
    record: postgresLetterRecord(database, lastingKey(secrets.pairwiseSalt, 'letter addresses')),
    clock: systemClock,
    groupKey: lastingKey(secrets.pairwiseSalt, 'letter domains'),
  });
  for (let number = 0; number < LETTERS; number += 1) {
    await post.send({
      template: 'deletion-cancelled',
      to: { address: `member${number}@domain${number % 10}.test`, locale: 'ru' },
      facts: { at: new Date() },
    });
  }
  await jobs.stop(5);
  const rows = await database.query<{ id: string }>(`select id from pgboss.job where name = 'letter'`);
  return rows.map(({ id }) => id);
}

it('loses no letter, and sends none but those in its hands a second time', { timeout: 150_000 }, async () => {
  const letters = await addLetters();
  expect(letters).toHaveLength(LETTERS);
  const first = await startGateway(environment);
  await vi.waitFor(() => expect(taken.length).toBeGreaterThan(LETTERS / 4), { timeout: 30_000, interval: 5 });
  await first.kill();
  const before = taken.length;
  expect(before).toBeLessThan(LETTERS);

  const second = await startGateway(environment);
  const unsettled = () =>
    database.query(`select 1 from pgboss.job where name = 'letter' and state <> 'completed'`);
  await vi.waitFor(async () => expect(await unsettled()).toEqual([]), { timeout: 90_000, interval: 100 });
  expect(new Set(taken)).toEqual(new Set(letters));
  // Their Message-ID is the same, so that most mail programs show one.
  expect(taken.length - LETTERS).toBeLessThanOrEqual(AT_ONCE);
  expect(await second.terminate()).toBe(0);
});
