/** Classes 3, 5 and 18 at the workplaces: chairs of neighbouring schools, an operator who wants more, a password leaked. */
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresAccounts } from '../../../adapters/account-store/postgres.ts';
import { aesGcm } from '../../../adapters/cipher/aes-gcm.ts';
import { postgresForeignPasswords } from '../../../adapters/foreign-passwords/postgres.ts';
import { postgresMemberBook } from '../../../adapters/member-book/postgres.ts';
import { postgresOffices } from '../../../adapters/office-store/postgres.ts';
import { postgresRegisterClients } from '../../../adapters/register-clients/postgres.ts';
import { recordChange } from '../../../adapters/registry/change-log.ts';
import { postgresRegistry } from '../../../adapters/registry/postgres.ts';
import { postgresStaff } from '../../../adapters/staff-store/postgres.ts';
import { readConfig } from '../../../provider/config.ts';
import { planRows } from '../../../provider/records/plan-list.ts';
import { withinReach } from '../../../provider/registry-api/within-reach.ts';
import { applicationOf } from '../../contract/registry/registry-contract.ts';
import { type OpenHouse, openHouse, PASSWORD, sharedSecrets } from '../../support/house.ts';
import { type Mail, openMail } from '../../support/mail.ts';
import { mayChange, recoveryCodes } from '../../support/protection.ts';
import { fillPath, paramsOf, type StaffRoute, staffRouteTable } from '../../support/staff-routes.ts';
import { testStores } from '../../support/stores.ts';
import { type Page, visitor } from '../../support/visitor.ts';
import {
  type AtWorkplace,
  accountOf,
  enterOperator,
  enterWorkplace,
  postAs,
} from '../../support/workplace.ts';

let mail: Mail;
let open: OpenHouse;
let portal: Server;
/** What happens here while the old portal thinks. */
let meanwhile: () => Promise<unknown>;
beforeAll(async () => {
  mail = await openMail();
  portal = createServer(async (request, response) => {
    await Array.fromAsync(request as AsyncIterable<Buffer>);
    await meanwhile();
    response.end('{"right":true}');
  });
  await new Promise<void>((done) => portal.listen(0, 'localhost', done));
  open = await openHouse({
    ...{ ...(await testStores()), SMTP_URL: mail.smtpUrl, THROTTLE: 'off' },
    LEGACY_LOGIN_URL: `http://localhost:${(portal.address() as AddressInfo).port}/check`,
    LEGACY_LOGIN_TOKEN: 'the token of the old portal',
  });
});
afterAll(async () => {
  await open.close();
  await mail.close();
  portal.close();
});

const query = <Row extends object>(text: string, values: readonly (string | null)[] = []) =>
  open.house.stores.database.query<Row>(text, values);
const textOf = (page: Page) => page.html.querySelector('main')?.structuredText ?? '';

async function accountWith(email: string, passwordHash: string): Promise<string> {
  const id = randomUUID();
  await postgresAccounts(open.house.stores.database).create({
    ...{ id, locale: 'ru', passwordHash },
    email: { key: email, original: email },
  });
  return id;
}
async function signIn(email: string, password = PASSWORD): Promise<Page> {
  const person = visitor();
  const door = await person.open(`${open.issuer}/cabinet`);
  const typed = { by: 'email', identifier: email, password };
  return person.follow(await person.submit(door, /\/password$/, typed));
}

describe('an operator who wants more', () => {
  it('makes no friend’s cabinet one with that of the Union’s staff, nor parts those an administrator has', async () => {
    const [operator, chief] = ['solovyeva@example.test', 'zaitsev@example.test'];
    const staff = postgresStaff(open.house.stores.database);
    const chiefId = await accountOf(open, chief);
    await staff.grant(await accountOf(open, operator), 'union_operator', 'test');
    await staff.grant(chiefId, 'administrator', 'test');
    const friend = await accountWith('friend@example.test', await open.house.hasher.hash(PASSWORD));
    const { person } = await enterOperator(open, operator);
    const goTo = async (path: string) => person.follow(await person.open(`${open.issuer}${path}`));
    const asked = await goTo(`/operator/people/${chiefId}`);
    await person.follow(await person.submit(asked, /\/reason$/, { reason: 'asked', note: '' }));
    const door = await goTo(`/operator/people/${chiefId}/merge`);
    const preview = await person.follow(
      await person.submit(door, /\/merge$/, { other: 'friend@example.test' }),
    );
    const note = 'один человек, № 1';
    const refused = await person.submit(preview, /\/new\/[\da-f]+$/, { note });
    expect(refused.status).toBe(422);
    expect(textOf(refused)).toContain('администратор');
    expect(await query('select from account_merge')).toEqual([]);
    expect(await accountOf(open, 'friend@example.test')).toBe(friend);

    const merge = randomUUID().replaceAll('-', '');
    await query(
      `insert into account_merge (id, survivor_id, closed_id, merged_by, reason, held_consents, before, undo_until)
       values ($1, $2, $3, $2, 'case', '{}', 'sealed', now() + interval '1 day')`,
      [merge, chiefId, friend],
    );
    const page = await goTo(`/operator/merges/${merge}`);
    const parted = await person.submit(page, /\/undo$/, { note });
    expect(parted.status).toBe(422);
    expect(textOf(parted)).toContain('администратор');
    expect(await query('select from account_merge where undone_at is null')).toHaveLength(1);
  });
});

describe('a password that was leaked with the old portal', () => {
  const stored = `:{portal:0:${Buffer.from('login').toString('base64url')}}`;
  const drop = (id: string) => query('delete from password where account_id = $1', [id]);

  it('opens nothing when it is dropped, or replaced, while the portal still thinks', async () => {
    const id = await accountWith('slow-portal@example.test', stored);
    meanwhile = () => drop(id);
    expect(textOf(await signIn('slow-portal@example.test', 'с портала'))).toContain('Неверн');

    const other = await accountWith('slower-portal@example.test', stored);
    const fresh = await open.house.hasher.hash(PASSWORD);
    meanwhile = () => query('update password set hash = $2 where account_id = $1', [other, fresh]);
    expect(textOf(await signIn('slower-portal@example.test', 'с портала'))).toContain('Неверн');
    expect((await signIn('slower-portal@example.test')).url.pathname).toBe('/cabinet');
  });

  it('opens the door for both of two hasty tabs', async () => {
    await accountWith('two-tabs@example.test', stored);
    meanwhile = async () => undefined;
    const tabs = await Promise.all([1, 2].map(() => signIn('two-tabs@example.test', 'с портала')));
    expect(tabs.map(({ url }) => url.pathname)).toEqual(['/cabinet', '/cabinet']);
  });

  it('does not come back with the file it once came with', async () => {
    const { database } = open.house.stores;
    const passwords = postgresForeignPasswords(database);
    const give = (accountId: string) =>
      database.transaction((tx) => passwords.give([{ accountId, hash: stored, kind: 'portal:0' }], tx));
    const id = await accountWith('imported@example.test', stored);
    await drop(id);
    expect([...(await give(id))]).toEqual([id]);
    await drop(id);
    expect([...(await give(id))]).toEqual([]);
    const [holder] = await passwords.holdersOf([{ kind: 'email', value: 'imported@example.test' }]);
    expect(holder?.hasPassword).toBe(true);

    const own = await accountWith('reset-here@example.test', stored);
    const reset = randomUUID();
    await query(`insert into forced_reset (id, begun_by, accounts) values ($1, 'test', 1)`, [reset]);
    await query(
      `insert into forced_reset_account (reset_id, account_id, written, done_at) values ($1, $2, true, now())`,
      [reset, own],
    );
    await drop(own);
    expect([...(await give(own))]).toEqual([]);
  });
});

it('a machine of one organisation no longer sees whom it once had, when she is on record elsewhere', async () => {
  const { database } = open.house.stores;
  const { secrets } = readConfig({ ISSUER: open.issuer, SANDBOX: 'on', ...sharedSecrets });
  const registry = postgresRegistry(database, { cipher: aesGcm(secrets.encryptionKeys), admitsNobody: '' });
  const application = applicationOf({ organisationId: 'P-01' });
  await registry.submit(application);
  const [elsewhere] = await query<{ id: string }>(
    `select id from member where organisation_id = 'P-03' order by id limit 1`,
  );
  const memberId = elsewhere?.id ?? '';
  await database.transaction((tx) =>
    recordChange(tx, { applicationId: application.id, applicationState: 'accepted', memberId }),
  );
  const machines = postgresRegisterClients(database);
  const [{ path } = { path: '' }] = await query<{ path: string }>(
    `select path from organisation where id = 'P-01'`,
  );
  const { changes } = await withinReach(registry, machines, { path, mayWrite: false }).changes(undefined);
  const told = changes.filter((change) => change.kind === 'application' && change.id === application.id);
  expect(told).toEqual([
    { kind: 'application', id: application.id, state: 'received' },
    { kind: 'application', id: application.id, state: 'accepted' },
  ]);
});

describe('a chair', () => {
  let chair: AtWorkplace;
  let foreignMember: string;
  let foreignUnit: string;
  beforeAll(async () => {
    chair = await enterWorkplace(open, mail, 'vasilyeva@example.test');
    const [member] = await query<{ id: string }>(
      `select id from member where organisation_id = 'P-02' and membership = 'member' order by id limit 1`,
    );
    foreignMember = member?.id ?? '';
    foreignUnit = randomUUID();
    await query(
      `insert into organisation_unit (id, organisation_id, kind, name) values ($1, 'P-02', 'group', 'Чужая')`,
      [foreignUnit],
    );
  });
  const post = (path: string, fields: Record<string, string>): Promise<Page> =>
    postAs(chair.person, chair.page, `/chair/P-01${path}`, fields);

  it('puts nothing of hers below or into a unit of another school', async () => {
    const unit = { kind: 'group', name: 'Подложная', parent: foreignUnit };
    expect((await post('/structure', unit)).status).toBe(404);
    const card = {
      ...{ card: randomUUID(), family: 'Чужакова', given: 'Чара', middle: '', birthdate: '01.02.1980' },
      ...{ snils: '', phone: '', email: '', unit: foreignUnit, position: '', joinedOn: '' },
      ...{ onRecordSince: '', ticket: '' },
    };
    expect((await post('/members/new', card)).status).toBe(422);
    expect(await query(`select from member where family_name = 'Чужакова'`)).toEqual([]);
    expect(await query(`select from organisation_unit where name = 'Подложная'`)).toEqual([]);
    // Nor is a field taken that the form does not have.
    expect(
      (await post('/members/new', { ...card, unit: '', card: randomUUID(), organisation: 'P-02' })).status,
    ).toBe(400);
  });

  it('ticks no paper of another school’s member, and orders no ticket for her', async () => {
    const before = await query('select from member_consent');
    await post('/consents', { dated: '01.09.2026', [`union_pd:${foreignMember}`]: 'yes' });
    expect(await query('select from member_consent')).toHaveLength(before.length);
    const [order] = await query<{ id: string }>(
      `insert into ticket_order (organisation_id, unit_kopecks, tickets) values ('P-01', 1700, 0) returning id::text`,
    );
    for (const act of ['leave-out', 'hand-out']) {
      const answer = await post(`/orders/${order?.id}/${act}`, { [`member-${foreignMember}`]: 'yes' });
      expect(answer.status, act).toBe(400);
    }
    const printed = await post('/consents/forms', {
      type_union_pd: 'yes',
      [`member-${foreignMember}`]: 'yes',
    });
    expect(printed.status).toBe(400);
  });

  it('gives nobody a second ticket by a list', async () => {
    const [card] = await query<{ family: string; given: string; middle: string; birthdate: string }>(
      `select family_name as family, given_name as given, middle_name as middle, birthdate from member m
        where organisation_id = 'P-01' and membership = 'member' and middle_name is not null
          and exists (select from ticket t where t.member_id = m.id and t.state not in ('blocked', 'replaced'))
        order by id limit 1`,
    );
    if (!card) throw new Error('nobody has a ticket');
    const { database } = open.house.stores;
    const needs = {
      book: postgresMemberBook(database),
      sealSnils: () => ({ sealed: '', digest: Buffer.alloc(0) }),
    };
    const plans = await planRows(needs, 'P-01', [{ member: { data: card, ticket: '9900009999999999' } }]);
    expect(plans).toEqual([{ kind: 'fault', fault: { field: 'ticket', code: 'ticket_second' } }]);
  });

  it('is shown her own markup as text, and it is not kept', async () => {
    const name = '<img src=x onerror=alert(1)>';
    const refused = await post('/structure', { kind: 'group', name, parent: '' });
    expect(refused.status).toBe(422);
    expect(refused.body).toContain('&lt;img');
    expect(refused.body).not.toContain(name);
    expect(await query('select from organisation_unit where name = $1', [name])).toEqual([]);
  });
});

describe('a chair who was called off', () => {
  it('does not come back by credentials that were issued to her once more before', async () => {
    const address = 'fedorov@example.test';
    const offices = postgresOffices(open.house.stores.database);
    const accountId = await accountOf(open, address);
    const office =
      (await offices.grant({ accountId, organisationId: 'P-03', role: 'chair', by: 'test' })) ?? '';
    const batch = randomUUID();
    const issue = (id: string) =>
      query(
        `insert into office_credential (id, batch_id, place, organisation_id, role, email_key, email,
                                        family_name, given_name, secret_hash, issued_at, expires_at)
         values ($1, $2, 1, 'P-03', 'chair', $3, $3, 'Фёдоров', 'Фёдор', '\\x00', now(), now() + interval '1 day')`,
        [id, batch, address],
      );
    await query(
      `insert into credential_batch (id, organisation_id, issued_by, way, started_at)
       values ($1, 'T-02', $2, 'letter', now())`,
      [batch, accountId],
    );
    await issue(randomUUID());
    expect(await offices.revoke(office, 'test')).toBe(true);
    const { person, page } = await enterWorkplace(open, mail, address);
    expect(page.html.querySelector('h1')?.text).toBe('Рабочих мест у Вас нет');
    expect((await person.open(`${open.issuer}/chair/P-03`)).status).toBe(404);
    // Whoever is seated anew comes in as ever.
    await issue(randomUUID());
    expect((await person.open(`${open.issuer}/chair/P-03`)).status).toBe(200);
  });
});

it('recovery codes that are made twice at once are ten, not twenty', async () => {
  const { person, page } = await mayChange(open, mail, 'zhukov@example.test');
  const made = await Promise.all(Array.from({ length: 5 }, () => recoveryCodes(person, page)));
  expect(made.flat()).toHaveLength(50);
  expect(
    await query('select from recovery_code where account_id = $1 and used_at is null', [
      await accountOf(open, 'zhukov@example.test'),
    ]),
  ).toHaveLength(10);
});

describe('whatever stands in an address or a form', () => {
  const WORDS: Readonly<Record<string, string>> = {
    tab: 'registration',
    format: 'csv',
    guide: 'undertaking',
  };
  const STRANGE = ['\0', "%' or 1=1 --\u{10FFFF}", '9'.repeat(40), '__proto__'];
  const ADDED = ['after', 'before', 'waiting', 'decided', 'unit', 'words', 'membership', 'state', 'period'];
  let seats: Readonly<Record<'operator' | 'above' | 'own', AtWorkplace>>;
  beforeAll(async () => {
    const operator = 'belova@example.test';
    await postgresStaff(open.house.stores.database).grant(
      await accountOf(open, operator),
      'union_operator',
      'test',
    );
    seats = {
      own: await enterWorkplace(open, mail, 'vasilyeva@example.test'),
      above: await enterWorkplace(open, mail, 'polyakova@example.test'),
      operator: await enterOperator(open, operator),
    };
  });

  /** At P-01, where it is for a school; at the organisation above it otherwise. */
  function seatFor({ rule }: StaffRoute): { readonly at: string; readonly seat: AtWorkplace } {
    if (rule.scope !== 'organisation') return { at: '', seat: seats.operator };
    if (!rule.kinds.includes('primary')) return { at: 'T-01', seat: seats.above };
    return { at: 'P-01', seat: rule.who === 'above' ? seats.above : seats.own };
  }

  it.each(staffRouteTable())('$name breaks nothing', async (route) => {
    const { at, seat } = seatFor(route);
    for (const strange of STRANGE) {
      const values = Object.fromEntries(paramsOf(route.path).map((name) => [name, WORDS[name] ?? strange]));
      const path = fillPath(route.path, { ...values, organisation: at });
      const more = new URLSearchParams(ADDED.map((name): [string, string] => [name, strange]));
      const answer =
        route.method === 'GET'
          ? await seat.person.request(new URL(`${path}?${more}`, seat.page.url))
          : await postAs(seat.person, seat.page, path, { reason: strange, note: strange });
      expect(answer.status, path).toBeLessThan(500);
    }
  });
});
