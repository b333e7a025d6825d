/**
 * Does the real process start and sign somebody in? Once on the embedded database, once on PostgreSQL and Redis, each
 * with the settings that `union-id init` makes. Exits 1 unless both do.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv, promisify } from 'node:util';
import { fetchUserInfo } from 'openid-client';
import { pino } from 'pino';
import { readConfig } from '../../provider/config.ts';
import { wire } from '../../provider/wiring/wiring.ts';
import { describePeople, generatePasswords, seed } from '../../sandbox/people/people.ts';
import { relyingParty } from '../support/relying-party.ts';
import { createDatabase } from '../support/services/database.ts';
import { freePort } from '../support/services/free-port.ts';
import { type Addresses, startServices } from '../support/services/services.ts';
import { visitor } from '../support/visitor.ts';
import { startGateway } from './gateway-process.ts';

const run = promisify(execFile);

const REDIRECT_URI = 'http://localhost:9/callback';
const CLIENT = {
  client_id: 'smoke',
  client_secret: 'a secret of the smoke test, and of nothing else',
  client_name: 'Smoke test',
  first_party: true,
  redirect_uris: [REDIRECT_URI],
  scope: 'openid profile email',
};

type Door = 'email' | 'ticket';
type Environment = Record<string, string>;
type Person = Record<Door | 'name' | 'password', string>;

async function boot(stores: Environment, door: Door): Promise<void> {
  const port = await freePort();
  const issuer = `http://localhost:${port}`;
  const { stdout } = await run(process.execPath, ['provider/cli/main.ts', 'init']);
  const environment: Environment = {
    ...(parseEnv(stdout) as Environment),
    ...stores,
    ISSUER: issuer,
    HOST: 'localhost',
    PORT: String(port),
    METRICS_PORT: '0',
    SANDBOX: 'on',
  };
  const person = await furnish(environment);
  const gateway = await startGateway(issuer, environment);
  try {
    await signIn(issuer, door, person);
  } finally {
    await gateway.stop();
  }
  if ((await gateway.output).includes(person.password)) throw new Error('the password is in the log');
}

/** People and one client, before the process opens the stores: the embedded database is for one at a time. */
async function furnish(environment: Environment): Promise<Person> {
  const house = await wire(readConfig(environment), pino({ level: 'silent' }));
  try {
    const passwords = generatePasswords();
    await seed(house.stores.database, house.hasher, passwords);
    await house.clients.save(CLIENT, 'smoke test');
    const [person] = describePeople(passwords).flatMap(({ name, email, ticket, password }) =>
      name && email && ticket && password ? [{ name, email, ticket, password }] : [],
    );
    if (!person) throw new Error('nobody of the sandbox has both doors');
    return person;
  } finally {
    await house.close();
  }
}

/** The walk of a person and of the portal's server: code with PKCE, ID token, userinfo. */
async function signIn(issuer: string, door: Door, person: Person): Promise<void> {
  const portal = await relyingParty({
    issuer,
    clientId: CLIENT.client_id,
    secret: CLIENT.client_secret,
    redirectUri: REDIRECT_URI,
    scope: CLIENT.scope,
  });
  const browser = visitor();
  const started = await portal.start();
  const form = await browser.open(started.url);
  const fields = { by: door, identifier: person[door], password: person.password };
  const arrived = await browser.follow(await browser.submit(form, /\/password$/, fields), portal.isCallback);
  const tokens = await portal.finish(arrived.url, started);
  const claims = await fetchUserInfo(portal.config, tokens.access_token, tokens.claims()?.sub ?? '');
  if (claims.name !== person.name) throw new Error(`userinfo says «${claims.name}», not «${person.name}»`);
}

async function onEmbeddedDatabase(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'union-id-smoke-'));
  try {
    await boot({ DATA_DIR: directory }, 'email');
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function onServers({ postgres, redis }: Addresses): Promise<void> {
  if (postgres === undefined || redis === undefined) throw new Error('no PostgreSQL or no Redis was started');
  const database = await createDatabase(postgres, { empty: true });
  try {
    await boot({ DATABASE_URL: database.url, REDIS_URL: redis }, 'ticket');
  } finally {
    await database.drop();
  }
}

const services = await startServices({ postgres: true, redis: true });
const BOOTS: Record<string, () => Promise<void>> = {
  'embedded database, signed in by e-mail': onEmbeddedDatabase,
  'PostgreSQL and Redis, signed in by ticket number': () => onServers(services.addresses),
};
try {
  for (const [name, check] of Object.entries(BOOTS)) {
    try {
      await check();
      console.log(`✓ ${name}`);
    } catch (error) {
      process.exitCode = 1;
      console.error(`✗ ${name}\n`, error);
    }
  }
} finally {
  await services.stop();
}
