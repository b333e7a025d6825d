/** Redis goes and comes back in the middle of the wizard: it costs a sign-in at most, and wakes no used secret (design.md §2). */
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyToCode } from '../../support/applying.ts';
import { type OpenHouse, openHouse } from '../../support/house.ts';
import { codeIn, linkIn, type Mail, openMail } from '../../support/mail.ts';
import { enterWizard, newcomer, press } from '../../support/newcomers.ts';
import { type FlakyWire, flakyWire } from '../../support/services/flaky-wire.ts';
import { testStores } from '../../support/stores.ts';
import { type Visitor, visitor } from '../../support/visitor.ts';

const CODE = /^\/join\/code$/;
const ORGANISATION = 'P-01';

describe.each([
  ['all it had', false],
  ['nothing', true],
])('Redis restarts with %s', (_what, empty) => {
  let mail: Mail;
  let open: OpenHouse;
  let wire: FlakyWire;
  let direct: Redis;
  beforeAll(async () => {
    mail = await openMail();
    const stores = await testStores();
    wire = await flakyWire(stores.REDIS_URL);
    direct = new Redis(stores.REDIS_URL);
    const wired = new URL(stores.REDIS_URL);
    wired.host = `127.0.0.1:${wire.port}`;
    open = await openHouse({ ...stores, REDIS_URL: wired.href, SMTP_URL: mail.smtpUrl });
  });
  afterAll(async () => {
    await open.close();
    await wire.cut();
    direct.disconnect();
    await mail.close();
  });

  /** Connections break and are refused; scripts are forgotten in any case. */
  async function restart(person: Visitor): Promise<void> {
    await wire.cut();
    const { status, headers } = await person.open(`${open.issuer}/join/code`);
    expect([status, headers.has('retry-after')]).toEqual([503, true]);
    await direct.script('FLUSH');
    if (empty) await direct.flushdb();
    await wire.mend();
    await expect
      .poll(async () => (await fetch(`${open.issuer}/readyz`)).status, { timeout: 15_000 })
      .toBe(200);
  }

  it('in the middle of the wizard: draft, documents and code are kept, what was used stays used', async () => {
    const stranger = visitor();
    await stranger.submit(await stranger.open(`${open.issuer}/recovery`), /^\/recovery/, {
      email: 'sofia@example.test',
    });
    const link = linkIn(await mail.take('sofia@example.test', /Восстановление пароля/), '/recovery/');
    const fresh = 'камыш у старой мельницы';
    const saved = await stranger.submit(await stranger.open(link), /^\/recovery\//, {
      fresh,
      repeated: fresh,
    });
    expect(saved.status).toBe(303);

    const account = await newcomer(open);
    const { person, page } = await enterWizard(open, account, '/join/application');
    await applyToCode(person, page, ORGANISATION);
    const digits = codeIn(await mail.take(account.email, /Код подтверждения/));
    await restart(person);

    const where = await person.open(`${open.issuer}/join/code`);
    expect(where.url.pathname === '/join/code').toBe(!empty);
    const there = empty ? (await enterWizard(open, account, '/join/code', person)).page : where;
    expect(there.url.pathname).toBe('/join/code');
    expect((await press(person, there, CODE, { code: digits })).url.pathname).toBe('/join/done');

    await restart(person);
    if (empty) await enterWizard(open, account, '/join/done', person);
    expect((await person.open(`${open.issuer}/join/done`)).url.pathname).toBe('/join/done');
    await person.submit(there, CODE, { code: digits });
    const { database } = open.house.stores;
    expect(
      await database.query('select 1 from application where account_id = $1', [account.id]),
    ).toHaveLength(1);
    expect((await visitor().open(link)).status).toBe(410);
  });
});
