/**
 * The chain accept → ticket → letter → sign-in by ticket while gateways die in every part of it: after the decision is
 * acknowledged, between its commit and its effects, in the middle of these, with the letter in the gateway's hands. Whatever was acknowledged stands, and each end is reached exactly once.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../../adapters/database/database.ts';
import { postgresOffices } from '../../../adapters/office-store/postgres.ts';
import type { RegistryApplication } from '../../../adapters/registry/registry.ts';
import { postgresTicketRanges } from '../../../adapters/ticket-ranges/postgres.ts';
import { applyFor } from '../../support/applicants.ts';
import { accountOf, addressOf, populate } from '../../support/crowd.ts';
import { type GatewayProcess, startGateway } from '../../support/gateway-process.ts';
import { PASSWORD, sharedSecrets } from '../../support/house.ts';
import { codeIn, type Mail, openMail } from '../../support/mail.ts';
import { freePort } from '../../support/services/free-port.ts';
import { testStores } from '../../support/stores.ts';
import { type Page, type Visitor, visitor } from '../../support/visitor.ts';
import { postAs } from '../../support/workplace.ts';

const CHAIR = 1;
const ENROLLED = /[Пп]остав/;
const STEP_UP = /Код для подтверждения входа/;
const FIRST = 9_900_000_000_009_001n;

let mail: Mail;
let database: Database;
let environment: Record<string, string> & { ISSUER: string; DATABASE_URL: string };
let gateway: GatewayProcess;
let chair: { person: Visitor; page: Page };
beforeAll(async () => {
  mail = await openMail();
  const port = await freePort();
  const settings = {
    ...sharedSecrets,
    ...(await testStores()),
    ...{ ISSUER: `http://localhost:${port}`, PORT: String(port), LOG_LEVEL: 'warn', NOTICE_SECONDS: '0' },
    ...{ SMTP_URL: mail.smtpUrl, REGISTRY_POLL_SECONDS: '0.3' },
  };
  environment = settings;
  database = await populate(settings, 8, []);
  await database.script(`
    insert into organisation (id, kind, name, short_name, region) values ('P-01', 'primary', 'Школа', 'Школа', 'Край')`);
  await postgresTicketRanges(database).add(String(FIRST), String(FIRST + 99n), 'operator');
  const offices = postgresOffices(database);
  const held = { accountId: accountOf(CHAIR), organisationId: 'P-01', role: 'chair', by: 'test' } as const;
  const office = await offices.grant(held);
  await offices.undertake(office ?? '', { how: 'paper', at: new Date(), by: 'test' });
  gateway = await startGateway(environment);
  chair = await enterAsChair();
}, 120_000);
afterAll(async () => {
  await gateway?.kill();
  await database.close();
  await mail.close();
});

async function enterAsChair(): Promise<{ person: Visitor; page: Page }> {
  const person = visitor();
  const door = await person.open(`${environment.ISSUER}/chair/P-01/applications`);
  const typed = { by: 'email', identifier: addressOf(CHAIR), password: PASSWORD };
  const asked = await person.follow(await person.submit(door, /\/password$/, typed));
  const sent = await person.follow(await person.submit(asked, /\/step-up\/send$/));
  const code = codeIn(await mail.take(addressOf(CHAIR), STEP_UP));
  return { person, page: await person.follow(await person.submit(sent, /\/step-up\/code$/, { code })) };
}

const accept = ({ id }: RegistryApplication) =>
  postAs(chair.person, chair.page, `/chair/P-01/applications/${id}/accept`, { number: 'next', typed: '' });
const restart = async (): Promise<void> => {
  await gateway.kill();
  gateway = await startGateway(environment);
};
const applyAs = (number: number): Promise<RegistryApplication> =>
  applyFor(database, accountOf(number), { family: `Заявитель-${number}`, email: addressOf(number) });

const enrolled = async (number: number) =>
  (await mail.all(addressOf(number))).filter(({ subject }) => ENROLLED.test(subject));

/** One member, one number, one letter with it, and the door it opens. */
async function expectChain(number: number, { id }: RegistryApplication): Promise<void> {
  await expect.poll(async () => (await enrolled(number)).length, { timeout: 60_000 }).toBe(1);
  const [letter] = await enrolled(number);
  const members = await database.query<{ id: string; number: string }>(
    'select m.id, t.number from member m join ticket t on t.member_id = m.id where m.email = $1',
    [addressOf(number)],
  );
  expect(members).toHaveLength(1);
  const ticket = members[0]?.number ?? '';
  expect(letter?.text.replace(/\s/g, '')).toContain(ticket);
  const told = await database.query(
    `select from audit where event = 'application_state' and detail ->> 'applicationId' = $1
        and detail ->> 'state' = 'accepted'`,
    [id],
  );
  expect(told).toHaveLength(1);
  const person = visitor();
  const door = await person.open(`${environment.ISSUER}/cabinet`);
  const typed = { by: 'ticket', identifier: ticket, password: PASSWORD };
  const inside = await person.follow(await person.submit(door, /\/password$/, typed));
  expect(inside.url.pathname).toBe('/cabinet');
}

/** Until some statement of the gateway waits for the lock that the test holds. */
async function untilSomebodyWaits(): Promise<void> {
  const waiting = () =>
    database.query(`select from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock' and pid <> pg_backend_pid()`);
  for (let tries = 0; (await waiting()).length === 0; tries += 1) {
    if (tries > 400) throw new Error('nobody came to the lock');
    await sleep(25);
  }
}

type Act = () => Promise<Page | undefined>;

/**
 * `table`: locked while the gateway dies; the statement that needs it has begun and will never end. Unless the answer
 * itself needs it, the gateway has given one before.
 */
async function killedAt(
  table: string,
  act: Act,
  { mode = 'exclusive', isAnswered = true } = {},
): Promise<Page | undefined> {
  let acting: ReturnType<Act> = Promise.resolve(undefined);
  await database.transaction(async (tx) => {
    await tx.query(`lock table ${table} in ${mode} mode`);
    acting = act();
    if (isAnswered) await acting;
    await untilSomebodyWaits();
    await gateway.kill();
  });
  gateway = await startGateway(environment);
  return acting;
}

it('before the commit: nothing has happened, and the chair decides again', { timeout: 120_000 }, async () => {
  const application = await applyAs(2);
  const answer = await killedAt('register_change', () => accept(application).catch(() => undefined), {
    isAnswered: false,
  });
  expect(answer).toBeUndefined();
  expect(await database.query(`select from member where email = $1`, [addressOf(2)])).toEqual([]);
  expect((await accept(application)).status).toBe(303);
  await expectChain(2, application);
});

it('right after the decision was acknowledged', { timeout: 120_000 }, async () => {
  const application = await applyAs(3);
  expect((await accept(application)).status).toBe(303);
  await restart();
  await expectChain(3, application);
});

it('between the decision and its effects', { timeout: 120_000 }, async () => {
  const application = await applyAs(4);
  expect((await killedAt('application', () => accept(application)))?.status).toBe(303);
  await expectChain(4, application);
});

it('in the middle of its effects: the ticket is becoming a way to sign in', {
  timeout: 120_000,
}, async () => {
  const application = await applyAs(5);
  expect((await killedAt('identifier', () => accept(application)))?.status).toBe(303);
  await expectChain(5, application);
});

it('with the letter in the hands of the gateway', { timeout: 120_000 }, async () => {
  const application = await applyAs(6);
  const answer = await killedAt('settled_letter', () => accept(application), { mode: 'access exclusive' });
  expect(answer?.status).toBe(303);
  // Fifteen seconds without a beat make a dead worker; the next look finds it.
  await database.query(
    `update pgboss.job set heartbeat_on = heartbeat_on - interval '1 minute' where name = 'letter' and state = 'active'`,
  );
  await expectChain(6, application);
});

it('afterwards nobody has a second letter, and no number was lost or given twice', async () => {
  for (let number = 2; number <= 6; number += 1) expect(await enrolled(number)).toHaveLength(1);
  const tickets = await database.query<{ number: string }>('select number from ticket order by number');
  expect(tickets.map(({ number }) => BigInt(number) - FIRST)).toEqual([0n, 1n, 2n, 3n, 4n]);
  expect(await database.query('select from register_application where sealed is not null')).toEqual([]);
});
