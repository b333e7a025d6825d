/** How things stand, as the Union's staff see it: numbers after real sign-ins, switches that work, nobody's data. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresStaff } from '../../../adapters/staff-store/postgres.ts';
import { type Federation, openFederation } from '../../support/esia/federation.ts';
import { PASSWORD } from '../../support/house.ts';
import { type Mail, openMail } from '../../support/mail.ts';
import { dictation } from '../../support/portals.ts';
import type { RelyingParty } from '../../support/relying-party.ts';
import { type Page, visitor } from '../../support/visitor.ts';
import { toSignIn } from '../../support/walks.ts';
import {
  type AtWorkplace,
  accountOf,
  enterOperator,
  enterWorkplace,
  postAs,
} from '../../support/workplace.ts';

const OPERATOR = 'ryabov@example.test';
const MEMBER = 'ivanova@example.test';
const PAGES = ['', '/dashboard', '/doors', '/doors/esia', '/portals', '/letters'];
/** Figures are shared for three seconds, switches looked up every three. */
const PATIENCE = { timeout: 20_000, interval: 200 };

let mail: Mail;
let scene: Federation;
let portal: RelyingParty;
let desk: AtWorkplace;
beforeAll(async () => {
  mail = await openMail();
  scene = await openFederation({ environment: { SMTP_URL: mail.smtpUrl } });
  portal = await dictation(scene.open);
  const operator = await accountOf(scene.open, OPERATOR);
  for (const role of ['union_operator', 'administrator'] as const)
    await postgresStaff(scene.open.house.stores.database).grant(operator, role, 'test');
  desk = await enterOperator(scene.open, OPERATOR, '/operator');
}, 120_000);
afterAll(async () => {
  await scene.close();
  await mail.close();
});

const at = (path: string): Promise<Page> => desk.person.open(`${scene.open.issuer}/operator${path}`);
const textOf = (page: Page): string => page.html.querySelector('main')?.structuredText ?? '';
const tableOf = (page: Page, id: string): string[][] =>
  page.html
    .querySelectorAll(`#${id} tr`)
    .map((row) => row.querySelectorAll('th, td').map(({ text }) => text.trim()));

async function signIn(password: string): Promise<void> {
  const person = visitor();
  const { page } = await toSignIn(person, portal);
  const typed = { by: 'email', identifier: MEMBER, password };
  const answer = await person.submit(page, /\/password$/, typed);
  if (password === PASSWORD) await person.follow(answer, portal.isCallback);
}

/** How many have come in to a portal, by each way. */
async function waysTo(clientId: string): Promise<Record<string, number>> {
  const { keeping, stores } = scene.open.house;
  await keeping.tell();
  const rows = await stores.database.query<{ way: string; count: number }>(
    `select way, sum(count)::int as count from statistic
     where grain = 'minute' and kind = 'sign_in' and portal = $1 and reason = '' group by way`,
    [clientId],
  );
  return Object.fromEntries(rows.map(({ way, count }) => [way, count]));
}

describe('«Сейчас»', () => {
  it('counts sign-ins by way and portal and refusals by reason, in a drawing and in a table', async () => {
    expect(desk.page.url.pathname).toBe('/operator');
    await signIn(PASSWORD);
    await signIn(PASSWORD);
    await signIn('не тот пароль, что нужно');
    await scene.open.house.keeping.tell();
    await expect
      .poll(async () => tableOf(await at('/dashboard'), 'chart-portals-table').flat(), PATIENCE)
      .toContain('Профсоюзный диктант');
    const page = await at('/dashboard');
    const [head, ...rows] = tableOf(page, 'chart-portals-table');
    const column = head?.indexOf('Профсоюзный диктант') ?? 0;
    expect(rows.reduce((sum, row) => sum + Number(row[column]), 0)).toBe(2);
    expect(tableOf(page, 'chart-ways-table')[0]).toContain('E-mail и пароль');
    const refusals = tableOf(page, 'chart-refusals-table');
    expect(refusals[0]).toContain('неверный пароль');
    expect(refusals.slice(1).reduce((sum, row) => sum + Number(row[1]), 0)).toBe(1);

    const drawing = page.html.querySelector('section[aria-labelledby=chart-refusals] svg[role=img]');
    expect(drawing?.querySelector('title')?.text).toBe('Отказы по причинам');
    expect(drawing?.querySelector('desc')?.text).toMatch(/^Последний час: всего 1\./);
    expect(drawing?.querySelectorAll('path')).toHaveLength(1);
    expect(textOf(page)).toMatch(/от 1 процесса/);
    expect(page.body).not.toMatch(/ivanova|Иванова/);
  });

  it('counts whoever types a password and then a code once, as what came last', async () => {
    expect(await waysTo('operators')).toEqual({ app_code: 1 });
  });

  it('counts a sign-in that was to be raised and was not as what it is', async () => {
    const person = visitor();
    const wished = await toSignIn(person, portal, { acr_values: 'urn:opo:loa:2' });
    const typed = { by: 'email', identifier: MEMBER, password: PASSWORD };
    const before = await waysTo('dictation');
    const asked = await person.follow(await person.submit(wished.page, /\/password$/, typed));
    expect(await waysTo('dictation')).toEqual(before);
    await person.follow(await person.submit(asked, /\/step-up\/later$/), portal.isCallback);
    expect(await waysTo('dictation')).toEqual({
      ...before,
      password_email: (before.password_email ?? 0) + 1,
    });
  });

  it.each(['day', 'week', 'year'])('knows the same of a %s', async (period) => {
    const page = await at(`/dashboard?period=${period}`);
    expect(tableOf(page, 'chart-portals-table')[0]).toContain('Профсоюзный диктант');
    expect(page.html.querySelector('.spans [aria-current]')?.getAttribute('href')).toContain(period);
  });

  it('is not there for a chair, and nothing beside it', async () => {
    const { person } = await enterWorkplace(scene.open, mail, 'vasilyeva@example.test');
    for (const path of PAGES) {
      expect((await person.request(`${scene.open.issuer}/operator${path}`)).status, path).toBe(404);
    }
  });
});

describe('a switch', () => {
  const isOffered = async () =>
    (await toSignIn(visitor(), portal)).page.html.querySelector('a[href$="/upstream/esia"]') !== null;

  it('wants a reason, and then takes the button from «Вход» until it is turned on again', async () => {
    const bare = await postAs(desk.person, await at('/doors/esia'), '/operator/doors/esia', {
      turn: 'off',
      reason: ' ',
    });
    expect(bare.status).toBe(422);
    expect(bare.html.querySelector('[role=alert] a')?.text).toMatch(/^Укажите причину/);
    expect(await isOffered()).toBe(true);

    const off = await desk.person.submit(await at('/doors/esia'), /doors\/esia$/, {
      reason: 'работы до 14:00',
    });
    const list = await desk.person.follow(off);
    expect(textOf(list)).toMatch(
      /Вход выключен[\s\S]*Выключен оператором[\s\S]*Рябов Савелий[\s\S]*работы до 14:00/,
    );
    await expect.poll(isOffered, PATIENCE).toBe(false);

    await desk.person.follow(
      await desk.person.submit(await at('/doors/esia'), /doors\/esia$/, { reason: 'готово' }),
    );
    await expect.poll(isOffered, PATIENCE).toBe(true);
    const trail = await scene.open.house.stores.database.query<{ actor: string; detail: object }>(
      `select actor, detail from audit where event = 'upstream_switch' order by id`,
    );
    const actor = await accountOf(scene.open, OPERATOR);
    expect(trail).toEqual([
      { actor, detail: { upstream: 'esia', on: false } },
      { actor, detail: { upstream: 'esia', on: true } },
    ]);
    expect(scene.open.logged()).not.toContain('работы до');
  });

  it('that nobody has configured is not there', async () => {
    expect((await at('/doors/none')).status).toBe(404);
    expect(
      (await postAs(desk.person, await at('/doors'), '/operator/doors/none', { turn: 'on', reason: 'x' }))
        .status,
    ).toBe(404);
  });
});

describe('the other pages', () => {
  it('count people of each portal when they are told to', async () => {
    await signIn(PASSWORD);
    const counting = await desk.person.follow(
      await desk.person.submit(await at('/portals'), /\/portals\/count$/),
    );
    expect(textOf(counting)).toContain('Подсчёт начат');
    const peopleOf = (page: Page) =>
      page.html
        .querySelectorAll('.tallies-portals tbody tr')
        .find((row) => row.text.includes('Профсоюзный диктант'))
        ?.querySelector('td:last-child')?.text;
    await expect.poll(async () => peopleOf(await at('/portals')), PATIENCE).toBe('1');
  });

  it('show letters that have left by mail service, and let nothing be seen of whom they went to', async () => {
    await scene.open.house.keeping.tell();
    const page = await at('/letters');
    expect(textOf(page)).toMatch(/Ждут у экрана/);
    expect(textOf(page)).toMatch(/Остальные/);
    expect(page.body).not.toContain('vasilyeva');
  });

  it('let what waits for another try wait no longer', async () => {
    const { database, jobs } = scene.open.house.stores;
    await jobs.add('message', { issueId: 'x', accountId: 'y' });
    await database.query(
      `update pgboss.job set state = 'retry', start_after = now() + interval '10 minutes' where name = 'message'`,
    );
    const [message] = await jobs.waiting('message');
    expect(message).toMatchObject({ jobs: 1, postponed: 1 });
    expect(await jobs.hurry('message')).toBe(1);
    expect(await jobs.hurry('message')).toBe(0);
    const answer = await postAs(desk.person, await at('/letters'), '/operator/letters/hurry');
    expect(textOf(await desk.person.follow(answer))).toContain('Отложенные письма отправляются');
  });
});
