/** A gateway is killed while «Подписать» is pressed: what it acknowledged stands, and nothing is signed or handed in twice. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../../adapters/database/database.ts';
import { type SimulatedRegistry, startRegistry } from '../../../sandbox/registry/registry.ts';
import type { StoredApplication } from '../../../sandbox/registry/store.ts';
import { applyToCode } from '../../support/applying.ts';
import { accountOf, addressOf, populate } from '../../support/crowd.ts';
import { startGateway } from '../../support/gateway-process.ts';
import { sharedSecrets } from '../../support/house.ts';
import { codeIn, type Mail, openMail } from '../../support/mail.ts';
import { enterWizard, press } from '../../support/newcomers.ts';
import { freePort } from '../../support/services/free-port.ts';
import { testStores } from '../../support/stores.ts';
import type { Page, Visitor } from '../../support/visitor.ts';

const KILLS = 10;
const CODE = /^\/join\/code$/;
const TOKEN = 'a token of sixteen characters or more';
/** From before the request is read until after the register has answered; each kill in a tenth of its own. */
const LATEST_KILL_MILLISECONDS = 250;

let mail: Mail;
let register: SimulatedRegistry;
let database: Database;
let environment: Record<string, string> & { ISSUER: string };
beforeAll(async () => {
  mail = await openMail();
  register = await startRegistry({ port: 0, token: TOKEN });
  const port = await freePort();
  const settings = {
    ...sharedSecrets,
    ...(await testStores()),
    ...{ ISSUER: `http://localhost:${port}`, PORT: String(port), LOG_LEVEL: 'warn', NOTICE_SECONDS: '0' },
    ...{ REGISTRY_URL: `${register.url}/`, REGISTRY_TOKEN: TOKEN, REGISTRY_POLL_SECONDS: '0.3' },
    SMTP_URL: mail.smtpUrl,
  };
  environment = settings;
  database = await populate(settings, KILLS, []);
});
afterAll(async () => {
  await database.close();
  await register.close();
  await mail.close();
});

type Waiting = {
  readonly number: number;
  readonly person: Visitor;
  readonly page: Page;
  readonly code: string;
};

async function toCode(number: number): Promise<Waiting> {
  const email = addressOf(number);
  const { person, page } = await enterWizard(
    { issuer: environment.ISSUER },
    { id: accountOf(number), email },
    '/join/application',
  );
  const codePage = await applyToCode(person, page, 'P-01');
  return { number, person, page: codePage, code: codeIn(await mail.take(email, /Код подтверждения/)) };
}

const applicationsOf = (number: number) =>
  database.query<{ id: string; state: string }>('select id, state from application where account_id = $1', [
    accountOf(number),
  ]);

it('ten times, at any moment', { timeout: 180_000 }, async () => {
  let gateway = await startGateway(environment);
  const waiting: Waiting[] = [];
  for (let number = 1; number <= KILLS; number += 1) waiting.push(await toCode(number));

  for (const { number, person, page, code } of waiting) {
    const answering = person.submit(page, CODE, { code }).catch(() => undefined);
    await sleep(((number - 1 + Math.random()) / KILLS) * LATEST_KILL_MILLISECONDS);
    await gateway.kill();
    const acknowledged = (await answering)?.headers.get('location') === '/join/done';
    const before = await applicationsOf(number);
    if (acknowledged) expect(before).toHaveLength(1);
    gateway = await startGateway(environment);

    // Nobody told her: she types the same code once more.
    const done = await press(person, page, CODE, { code });
    expect(done.url.pathname).toBe('/join/done');
    const [one, ...more] = await applicationsOf(number);
    expect(more).toEqual([]);
    if (before[0]) expect(one?.id).toBe(before[0].id);
  }

  const taken = async () => {
    const all = (await (await fetch(`${register.url}/applications`)).json()) as StoredApplication[];
    return all.filter(({ application: { email } }) => email.startsWith('person-'));
  };
  await expect
    .poll(async () => (await database.query(`select 1 from application where state = 'received'`)).length, {
      timeout: 60_000,
    })
    .toBe(KILLS);
  expect((await taken()).map(({ application }) => application.email).sort()).toEqual(
    waiting.map(({ number }) => addressOf(number)).sort(),
  );
  const signatures = await database.query<{ account_id: string }>(
    `select account_id from audit where event = 'application_signed'`,
  );
  expect(signatures).toHaveLength(KILLS);
  await gateway.kill();
});
