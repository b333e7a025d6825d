/** A gateway process, the simulated register, and between them a front that can kill the one at a chosen moment. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { postgresApplications } from '../../../adapters/application-store/postgres.ts';
import { aesGcm } from '../../../adapters/cipher/aes-gcm.ts';
import { openPg } from '../../../adapters/database/pg.ts';
import { startPgBoss } from '../../../adapters/job-queue/pg-boss.ts';
import { readConfig } from '../../../provider/config.ts';
import { startRegistry } from '../../../sandbox/registry/registry.ts';
import type { StoredApplication } from '../../../sandbox/registry/store.ts';
import { applicationOf } from '../../contract/registry/registry-contract.ts';
import { type GatewayProcess, startGateway } from '../../support/gateway-process.ts';
import { sharedSecrets } from '../../support/house.ts';
import { createDatabase } from '../../support/services/given.ts';

const TOKEN = 'a token of sixteen characters or more';

/** Where a request to take an application is when something happens to it. */
export type Moment = 'asked' | 'taken' | 'answered';

export async function registerScene() {
  const [{ url: databaseUrl }, simulated] = await Promise.all([
    createDatabase(),
    startRegistry({ port: 0, token: TOKEN }),
  ]);
  let watch: (moment: Moment) => Promise<void> = async () => {};
  const front = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    const isApplication = request.url === '/v1/applications';
    if (isApplication) await watch('asked');
    const answer = await fetch(`${simulated.url}${request.url}`, {
      method: request.method ?? 'GET',
      headers: request.headers as Record<string, string>,
      ...(body.length > 0 && { body }),
    }).catch(() => undefined);
    if (isApplication) await watch('taken');
    response.writeHead(answer?.status ?? 502, { 'content-type': 'application/json' });
    response.end(answer && (await answer.text()));
    if (isApplication) await watch('answered');
  }).listen(0, 'localhost');
  await new Promise((resolve) => front.once('listening', resolve));

  const environment = {
    ...sharedSecrets,
    ISSUER: 'http://localhost:9',
    DATABASE_URL: databaseUrl,
    REGISTRY_URL: `http://localhost:${(front.address() as AddressInfo).port}`,
    REGISTRY_TOKEN: TOKEN,
    REGISTRY_POLL_SECONDS: '0.3',
    LOG_LEVEL: 'warn',
  };
  const database = openPg({ url: databaseUrl, poolSize: 5 });
  const { secrets } = readConfig({ ...environment, SANDBOX: 'on' });
  const applications = postgresApplications(database, aesGcm(secrets.encryptionKeys));
  const jobs = await startPgBoss({ on: { url: databaseUrl }, onError: () => {} });
  let gateway: GatewayProcess | undefined;

  return {
    database,
    simulated,
    async start(): Promise<GatewayProcess> {
      gateway = await startGateway(environment);
      return gateway;
    },
    /** What happens at every moment of every submission from now on. */
    at(happens: (moment: Moment) => Promise<void>): void {
      watch = happens;
    },
    /** As «Подписать» does it: the application and its job in one transaction. Its id. */
    async sign(changes: Parameters<typeof applicationOf>[0] = {}): Promise<string> {
      const accountId = randomUUID();
      const application = applicationOf(changes);
      await database.query('insert into account (id) values ($1)', [accountId]);
      await database.transaction(async (tx) => {
        await applications.create(accountId, application, 'МБОУ СОШ № 15', tx);
        await jobs.add('application', { applicationId: application.id }, tx);
      });
      return application.id;
    },
    /** Ids in the order in which the register took them. */
    async taken(): Promise<string[]> {
      const all = (await (await fetch(`${simulated.url}/applications`)).json()) as StoredApplication[];
      return all.map(({ application }) => application.id).filter((id) => !id.startsWith('APP-'));
    },
    async act(path: string, body: object = {}): Promise<void> {
      const answer = await fetch(`${simulated.url}${path}`, {
        method: 'POST',
        headers: { accept: 'application/json', 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    },
    async states(ids: readonly string[]): Promise<string[]> {
      const rows = await database.query<{ state: string }>(
        'select state from application where id = any($1) order by signed_at, id',
        [ids],
      );
      return rows.map(({ state }) => state);
    },
    async close(): Promise<void> {
      await gateway?.kill();
      await jobs.stop(1);
      await database.close();
      front.closeAllConnections();
      front.close();
      await simulated.close();
    },
  };
}

/** Throws when it does not come true within `seconds`. */
export async function eventually(what: string, seconds: number, isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + seconds * 1_000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
    await sleep(100);
  }
}
