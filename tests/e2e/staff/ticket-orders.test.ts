/** Orders of tickets through the eyes of everybody who has to do with them (SYS-18, E-14…E-18). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresOffices } from '../../../adapters/office-store/postgres.ts';
import { postgresStaff } from '../../../adapters/staff-store/postgres.ts';
import { seedTicketOrders } from '../../../sandbox/people/ticket-orders.ts';
import { type OpenHouse, openHouse, PASSWORD } from '../../support/house.ts';
import { type Mail, openMail } from '../../support/mail.ts';
import { testStores } from '../../support/stores.ts';
import { type Page, visitor } from '../../support/visitor.ts';
import {
  type AtWorkplace,
  accountOf,
  enterOperator,
  enterWorkplace,
  postAs,
} from '../../support/workplace.ts';

const FOREIGN_CHAIR = 'timur@example.test';

let mail: Mail;
let open: OpenHouse;
let chair: AtWorkplace;
let regional: AtWorkplace;
let territorial: AtWorkplace;
let foreign: AtWorkplace;
let operator: AtWorkplace;

beforeAll(async () => {
  mail = await openMail();
  open = await openHouse({
    ...(await testStores()),
    ...{ SMTP_URL: mail.smtpUrl, REGISTRY_POLL_SECONDS: '1' },
  });
  const { database } = open.house.stores;
  await seedTicketOrders(database);
  const offices = postgresOffices(database);
  const office = await offices.grant({
    ...{ accountId: await accountOf(open, FOREIGN_CHAIR), organisationId: 'P-03', role: 'chair', by: 'test' },
  });
  await offices.undertake(office ?? '', { how: 'paper', at: new Date(), by: 'test' });
  await postgresStaff(database).grant(await accountOf(open, 'belova@example.test'), 'union_operator', 'test');
  chair = await enterWorkplace(open, mail, 'vasilyeva@example.test', '/chair/P-01/orders');
  regional = await enterWorkplace(open, mail, 'solovyeva@example.test', '/chair/R-01/orders');
  territorial = await enterWorkplace(open, mail, 'polyakova@example.test', '/chair/T-01/orders');
  foreign = await enterWorkplace(open, mail, FOREIGN_CHAIR, '/chair/P-03/orders');
  operator = await enterOperator(open, 'belova@example.test', '/operator/orders');
}, 120_000);
afterAll(async () => {
  await open.close();
  await mail.close();
});

const textOf = (page: Page): string =>
  (page.html.querySelector('main')?.structuredText ?? '').replace(/\s+/g, ' ');
const at = ({ person }: AtWorkplace, path: string) => person.open(`${open.issuer}${path}`);
const act = async (who: AtWorkplace, on: Page, action: RegExp, fields: Record<string, string> = {}) =>
  who.person.follow(await who.person.submit(on, action, fields));
const auditOf = (event: string) =>
  open.house.stores.database.query<{ actor: string; reason: string | null; detail: Record<string, unknown> }>(
    'select actor, reason, detail from audit where event = $1 order by id',
    [event],
  );

describe('an order from the draft to «выдан»', () => {
  let path: string;

  it('takes in 28 members for 476 ₽, and names whoever has not consented', async () => {
    const asked = await at(chair, '/chair/P-01/orders/new');
    expect(textOf(asked)).toContain('28 билетов на 476 ₽');
    const [left] = asked.html.querySelectorAll('ul.names li');
    const [without] = await open.house.stores.database.query<{ family_name: string }>(
      `select family_name from member where id = 'N-0052'`,
    );
    expect(left?.text).toContain(without?.family_name);
    const draft = await act(chair, asked, /\/chair\/P-01\/orders$/);
    path = draft.url.pathname;
    expect(draft.html.querySelectorAll('.ticket-lines li')).toHaveLength(28);
    expect(draft.html.querySelector('[name="member-N-0052"]')).toBeNull();
    // Nobody is left for a second one.
    expect(textOf(await at(chair, '/chair/P-01/orders/new'))).toContain(
      'Заказывать билеты сейчас не для кого',
    );
    const again = await act(chair, draft, /\/submit$/);
    expect(textOf(again)).toContain('Заявка отправлена в центральный аппарат');
  });

  it('leaves nobody out in silence: whoever is new and has neither number nor consent stands in both lists', async () => {
    await open.house.stores.database.query(
      `insert into member (id, organisation_id, family_name, given_name, birthdate, membership)
       values ('N-new', 'P-01', 'Новичкова', 'Вера', '1980-01-01', 'member')`,
    );
    const asked = await at(chair, '/chair/P-01/orders/new');
    const paths = asked.html
      .querySelectorAll('ul.names a')
      .filter((link) => link.text === 'Новичкова Вера')
      .map((link) => link.getAttribute('href') ?? '');
    expect(paths).toEqual(['/chair/P-01/members/N-new/consents', '/chair/P-01/members/N-new/ticket']);
    for (const path of paths) expect((await at(chair, path)).status).toBe(200);
  });

  it('is nobody else’s: not a foreign chair’s to see or move, not the central office’s to hand out', async () => {
    expect((await at(foreign, path)).status).toBe(404);
    const order = path.split('/').at(-1);
    expect((await at(foreign, `/chair/P-03/orders/${order}`)).status).toBe(404);
    for (const deed of ['submit', 'withdraw', 'hand-out', 'discard', 'leave-out']) {
      for (const address of [path, `/chair/P-03/orders/${order}`]) {
        expect((await postAs(foreign.person, foreign.page, `${address}/${deed}`)).status, deed).toBe(404);
      }
    }
    expect((await postAs(territorial.person, territorial.page, `${path}/withdraw`)).status).toBe(404);
    expect((await postAs(regional.person, regional.page, `/chair/R-02/orders/${order}/receive`)).status).toBe(
      404,
    );
    expect((await at(chair, '/operator/orders')).status).toBe(404);
    for (const wrong of ['0', '-1', '1e3', '99999999999999999999', 'new%00', '9'.repeat(18)]) {
      expect((await at(chair, `/chair/P-01/orders/${wrong}`)).status, wrong).toBe(404);
    }
  });

  it('is made, given out as a file with a reason, and posted', async () => {
    const order = `/operator/orders/${path.split('/').at(-1)}`;
    const found = await at(operator, order);
    expect(textOf(found)).not.toContain('N-00');
    const made = await act(operator, found, /\/produce$/);
    expect(textOf(made)).toContain('Изготавливается');
    const unreasoned = await operator.person.submit(made, /\/export$/, { format: 'csv' });
    expect(unreasoned.status).toBe(422);
    const file = await operator.person.submit(made, /\/export$/, { format: 'csv', reason: 'production' });
    expect(file.headers.get('content-disposition')).toContain('attachment');
    expect(file.headers.get('x-content-type-options')).toBe('nosniff');
    expect(file.body.trim().split('\r\n')).toHaveLength(29);
    expect(file.body).toMatch(/;9900\d{12};/);
    const [exported] = await auditOf('ticket_order_exported');
    expect(exported).toMatchObject({ reason: 'production', detail: { tickets: 28 } });
    const missing = await operator.person.submit(made, /\/ship$/, { parcel: '?' });
    expect([missing.status, missing.html.querySelector('#parcel')?.getAttribute('value')]).toEqual([
      422,
      '?',
    ]);
    const shipped = await act(operator, made, /\/ship$/, { parcel: 'RA 123 456 789 RU' });
    expect(textOf(shipped)).toContain('RA 123 456 789 RU');
  });

  it('is on its way for the member, and taken in by the regional committee alone', async () => {
    const order = path.split('/').at(-1);
    const address = `/chair/R-01/orders/${order}/receive`;
    expect(
      (await postAs(territorial.person, territorial.page, `/chair/T-01/orders/${order}/receive`)).status,
    ).toBe(404);
    const waiting = await at(regional, '/chair/R-01/orders');
    expect(textOf(waiting)).toContain('Посылки в пути');
    const taken = await act(regional, waiting, new RegExp(`${address}$`));
    expect(textOf(taken)).toContain('посылка получена');
    expect(textOf(await at(regional, path))).toContain('Получена республиканским комитетом');
  });

  it('is handed out to some, to all, and to nobody twice', async () => {
    const page = await at(chair, path);
    const before = (await auditOf('tickets_handed_out')).length;
    const none = await act(chair, page, /\/hand-out$/, { all: '' }).catch(() => undefined);
    expect(none === undefined || none.status >= 400).toBe(true);
    const [one, two] = page.html
      .querySelectorAll('.ticket-lines input[type=checkbox]')
      .map((box) => box.getAttribute('name') ?? '');
    const some = await postAs(chair.person, page, `${path}/hand-out`, {
      [one ?? '']: 'yes',
      [two ?? '']: 'yes',
    });
    expect(some.status).toBe(303);
    expect((await postAs(chair.person, page, `${path}/hand-out`, { [one ?? '']: 'yes' })).status).toBe(303);
    expect((await postAs(chair.person, page, `${path}/hand-out`, { 'member-M-03': 'yes' })).status).toBe(400);
    const all = await chair.person.follow(
      await postAs(chair.person, page, `${path}/hand-out`, { all: 'yes' }),
    );
    expect(textOf(all)).toContain('Все билеты этой заявки выданы');
    const given = (await auditOf('tickets_handed_out')).slice(before).map(({ detail }) => detail.tickets);
    expect(given).toEqual([2, 26]);
  });

  it('asks before all are marked, and takes back one mark that was a slip', async () => {
    const done = await at(chair, path);
    const [slip] = done.html
      .querySelectorAll('.ticket-lines a')
      .map((link) => link.getAttribute('href') ?? '');
    const question = await at(chair, slip ?? '');
    expect(textOf(question)).toContain('Снять отметку «выдан»?');
    const back = await act(chair, question, /\/take-back$/);
    expect(textOf(back)).toContain('Отметка «выдан» снята');
    expect(back.html.querySelectorAll('.ticket-lines input[type=checkbox]')).toHaveLength(1);
    expect(await auditOf('ticket_taken_back')).toMatchObject([
      { actor: await accountOf(open, 'vasilyeva@example.test'), detail: { order: path.split('/').at(-1) } },
    ]);
    // Nothing is marked by looking, and the page with the orders has no button that marks all at once.
    expect(back.html.querySelector('input[name=all]')).toBeNull();
    const all = await at(chair, `${path}/hand-out`);
    expect(textOf(all)).toContain('Будет отмечен «выдан» 1 билет.');
    expect(textOf(await act(chair, all, /\/hand-out$/))).toContain('Все билеты этой заявки выданы');
  });

  it('is in the budget of those above: how many, and how much in the year', async () => {
    const budget = await at(territorial, '/chair/T-01/orders');
    const rows = budget.html
      .querySelectorAll('table.figures tbody tr')
      .map((row) => row.structuredText.replace(/\s+/g, ' '));
    const year = new Date().getUTCFullYear();
    expect(rows.some((row) => row.startsWith(`${year} 2 29 493 ₽`))).toBe(true);
    expect(textOf(budget)).not.toMatch(/Иванова|N-0/);
  });
});

it('shows the member where her ticket is, in words', async () => {
  const person = visitor();
  const door = await person.open(`${open.issuer}/cabinet`);
  const typed = { by: 'email', identifier: 'shcherbakova@example.test', password: PASSWORD };
  const home = await person.follow(await person.submit(door, /\/password$/, typed));
  expect(textOf(home)).toContain('Билет изготавливается.');
  await act(operator, await at(operator, '/operator/orders/4'), /\/ship$/, { parcel: 'RA 4' });
  expect(textOf(await person.open(`${open.issuer}/cabinet`))).toContain('Билет в пути');
});

it('keeps a draft back while somebody in it has not consented (ORD-2), and says who', async () => {
  const offices = postgresOffices(open.house.stores.database);
  const [ershov] = await offices.at('P-02');
  await offices.undertake(ershov?.id ?? '', { how: 'paper', at: new Date(), by: 'test' });
  const other = await enterWorkplace(open, mail, 'ershov@example.test', '/chair/P-02/orders/2');
  expect(textOf(other.page)).toContain('Сидорова Алла Ивановна – нет согласия');
  const refused = await other.person.submit(other.page, /\/submit$/);
  expect(refused.status).toBe(422);
  expect(textOf(refused)).toContain('Заявку нельзя отправить');
  const without = await act(other, refused, /\/leave-out$/, { 'member-M-07b': 'yes' });
  expect(without.html.querySelectorAll('.ticket-lines li')).toHaveLength(1);
  expect(textOf(await act(other, without, /\/submit$/))).toContain('Заявка отправлена');
});

it('blocks a lost ticket and gives a new number; the old one leads nowhere', async () => {
  const page = await at(chair, '/chair/P-01/members/M-02/ticket');
  expect(page.html.querySelector('main form')).toBeNull();
  const question = await at(chair, '/chair/P-01/members/M-02/ticket/block');
  expect(textOf(question)).toContain('Войти по номеру билета сразу станет нельзя');
  const mistaken = await act(chair, question, /\/ticket\/block$/);
  expect(textOf(mistaken)).toContain('Заблокирован');
  const restored = await act(chair, mistaken, /\/ticket\/unblock$/);
  expect(textOf(restored)).toContain('Билет разблокирован');
  expect((await auditOf('ticket_unblocked')).map(({ detail }) => detail.member)).toEqual(['M-02']);
  const blocked = await act(chair, await at(chair, question.url.pathname), /\/ticket\/block$/);
  const replaced = await act(chair, blocked, /\/ticket\/replace$/);
  expect(textOf(replaced)).toContain('Номер присвоен');
  const states = await open.house.stores.database.query<{ number: string; state: string }>(
    `select number, state from ticket where member_id = 'M-02' order by state`,
  );
  expect(states).toMatchObject([
    { state: 'number_assigned' },
    { number: '9900000000000029', state: 'replaced' },
  ]);
  expect((await at(foreign, '/chair/P-03/members/M-02/ticket')).status).toBe(404);
  expect((await postAs(foreign.person, foreign.page, '/chair/P-03/members/M-02/ticket/block')).status).toBe(
    404,
  );
  // Others may follow the register's feed a second later; the store knows at once.
  await expect
    .poll(
      () =>
        open.house.stores.database.query(
          `select 1 from identifier where kind = 'ticket' and value = '9900000000000029'`,
        ),
      { timeout: 20_000 },
    )
    .toEqual([]);
});

it('notes who looked at whose tickets, and writes no number into the log', async () => {
  await at(chair, '/chair/P-01/orders/1');
  const seen = await auditOf('members_seen');
  expect(seen).toContainEqual(
    expect.objectContaining({
      actor: await accountOf(open, 'vasilyeva@example.test'),
      detail: { what: 'ticket_order', count: 28, organisation: 'P-01' },
    }),
  );
  expect(open.logged()).not.toMatch(/99000001\d{8}/);
});
