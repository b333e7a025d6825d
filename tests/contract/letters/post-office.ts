/** The whole way of a letter, from the outbox over real SMTP into the mail catcher, without the rest of the gateway. */
import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { postgresAccounts } from '../../../adapters/account-store/postgres.ts';
import { aesGcm } from '../../../adapters/cipher/aes-gcm.ts';
import { systemClock } from '../../../adapters/clock.ts';
import type { Database } from '../../../adapters/database/database.ts';
import { migrate } from '../../../adapters/database/migrate.ts';
import { openPg } from '../../../adapters/database/pg.ts';
import { type PgBossOptions, startPgBoss } from '../../../adapters/job-queue/pg-boss.ts';
import { postgresLetterRecord } from '../../../adapters/letter-record/postgres.ts';
import { postgresLimiters } from '../../../adapters/limiter/postgres.ts';
import { smtpMailer } from '../../../adapters/mailer/smtp.ts';
import { deliverLetters } from '../../../provider/letters/deliver.ts';
import { openGate, rateOf } from '../../../provider/letters/gate.ts';
import { postOffice } from '../../../provider/letters/post-office.ts';
import { letterRenderer } from '../../../provider/letters/render-letter.ts';
import type { CaughtLetter } from '../../../sandbox/mail-catcher/letter-box.ts';
import { startMailCatcher } from '../../../sandbox/mail-catcher/mail-catcher.ts';
import { openEmbedded } from '../../support/services/embedded.ts';
import { createDatabase } from '../../support/services/given.ts';

type Ground = { readonly database: Database; readonly on: PgBossOptions['on']; close(): Promise<void> };

export async function onServer(): Promise<Ground> {
  const { url, drop } = await createDatabase();
  const database = openPg({ url, poolSize: 4, connectionTimeout: 10_000 });
  return { database, on: { url }, close: () => database.close().then(drop) };
}

async function inProcess(): Promise<Ground> {
  const database = await openEmbedded();
  await migrate(database);
  return { database, on: { pglite: database.handle }, close: () => database.close() };
}

export const grounds = [
  ['PostgreSQL', onServer],
  ['PGlite', inProcess],
] as const;

export type WorkerOptions = {
  readonly atOnce?: number;
  readonly perDomain?: number;
  readonly perMinute?: number;
};

const PROBE_SECONDS = 2;

export async function openPostOffice(open: () => Promise<Ground>) {
  const { database, on, close } = await open();
  const catcher = await startMailCatcher({ smtpPort: 0, webPort: 0 });
  const faults: Error[] = [];
  const onError = (error: Error) => void faults.push(error);
  const jobs = await startPgBoss({ on, onError });
  const cipher = aesGcm([{ id: 't1', key: randomBytes(32) }]);
  const record = postgresLetterRecord(database, randomBytes(32));
  const ends: { letter: string; outcome: string }[] = [];
  const closers: (() => Promise<void> | void)[] = [];
  const log = pino({ level: 'silent' });
  const post = postOffice({ jobs, cipher, record, clock: systemClock, groupKey: randomBytes(32) });

  const told = async (outcome: string, { template }: { template: string }): Promise<void> => {
    ends.push({ letter: template, outcome });
  };
  const smtp = async (path: string): Promise<void> => {
    const response = await fetch(`${catcher.webUrl}${path}`, { method: 'POST' });
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
  };

  return {
    database,
    jobs,
    record,
    post,
    faults,
    /** How letters ended, in that order. */
    ends,
    /** One more process that delivers; with `own`, over a queue of its own. */
    async work({ atOnce = 1, perDomain = 4, perMinute = 6_000 }: WorkerOptions = {}, own = false) {
      const mine = own ? await startPgBoss({ on, onError }) : jobs;
      if (own) closers.push(() => mine.stop(5));
      const mailer = smtpMailer({
        ...{ url: catcher.smtpUrl, from: 'confirmation@eseur.ru', host: 'id.example.test' },
        connections: atOnce,
      });
      closers.push(() => mailer.close());
      const rate = postgresLimiters(database)('mail-domain', rateOf(perMinute));
      const gate = openGate({ rate, clock: systemClock, probeSeconds: PROBE_SECONDS });
      await deliverLetters(
        mine,
        {
          ...{ accounts: postgresAccounts(database), mailer, cipher, record, gate, clock: systemClock, log },
          renderLetter: letterRenderer('https://id.example.test'),
          events: {
            letterHandedOver: (letter) => told('handed over', letter),
            letterGivenUp: (letter) => told(letter.reason, letter),
          },
        },
        { atOnce, perDomain },
      );
      return { gate };
    },
    caught: async () => (await (await fetch(catcher.apiUrl)).json()) as CaughtLetter[],
    refuseFor: (seconds: number) => smtp(`/refuse?seconds=${seconds}`),
    refuse: (address: string, code: 450 | 550) => smtp(`/refuse-address?address=${address}&code=${code}`),
    accept: (address: string) => smtp(`/accept-address?address=${address}`),
    async close() {
      await jobs.stop(5);
      for (const end of closers.splice(0)) await end();
      await close();
      await catcher.close();
    },
  };
}
