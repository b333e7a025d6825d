/**
 * A sign-in is written to two stores. Whichever of the writes fails, nobody is in whom the list of sessions and grants
 * does not name: what is not listed could not be ended (security.md d, promise A; row 13).
 */
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { accountOf, addressOf, gather } from '../../support/crowd.ts';
import { type OpenHouse, openHouse } from '../../support/house.ts';
import { type RelyingParty, relyingParty } from '../../support/relying-party.ts';
import { testStores } from '../../support/stores.ts';
import { type Page, visitor } from '../../support/visitor.ts';
import { fillIn, signIn, toSignIn } from '../../support/walks.ts';

const SECRET = 'a secret that both portals have, long enough';

let open: OpenHouse;
let locker: pg.Client;
let portals: RelyingParty[];
let thirdParty: RelyingParty;
beforeAll(async () => {
  const stores = await testStores();
  open = await openHouse(stores, false);
  await gather(open.house.stores.database, open.house.hasher, 4);
  portals = await Promise.all(
    ['one', 'two'].map(async (clientId) => {
      const redirectUri = `https://${clientId}.example.test/callback`;
      await open.house.clients.save(
        {
          client_id: clientId,
          client_secret: SECRET,
          first_party: true,
          redirect_uris: [redirectUri],
          scope: 'openid',
        },
        'test',
      );
      return relyingParty({ issuer: open.issuer, clientId, secret: SECRET, redirectUri });
    }),
  );
  await open.house.clients.save(
    {
      client_id: 'third-party',
      client_secret: SECRET,
      redirect_uris: ['https://third.example.test/callback'],
      scope: 'openid',
    },
    'test',
  );
  thirdParty = await relyingParty({
    issuer: open.issuer,
    clientId: 'third-party',
    secret: SECRET,
    redirectUri: 'https://third.example.test/callback',
  });
  locker = new pg.Client(stores.DATABASE_URL);
  await locker.connect();
});
afterEach(() => locker.query('rollback'));
afterAll(async () => {
  await locker.end();
  await open.close();
});

/** Until the test is over or `rollback`, whoever writes there waits, and is refused in the end. */
const lock = (table: string) => locker.query(`begin; lock table ${table} in exclusive mode`);

const listed = async (number: number) => {
  const [row] = await open.house.stores.database.query<{ sessions: number; clients: string[] }>(
    `select (select count(*)::int from account_session where account_id = $1 and ended_at is null) as sessions,
            array(select client_id from account_grant where account_id = $1 order by 1) as clients`,
    [accountOf(number)],
  );
  return row;
};

function expectTryLater({ status, headers }: Page): void {
  expect([status, headers.has('retry-after')]).toEqual([503, true]);
}

describe('when the list of sessions and grants cannot be written', () => {
  it('nobody gets in at a first sign-in, and everybody may try again', async () => {
    const [one] = portals as [RelyingParty];
    const person = visitor();
    const { started, page } = await toSignIn(person, one);
    await lock('account_session');
    expectTryLater(await fillIn(person, one, page, { identifier: addressOf(1) }));
    expect((await person.request(`${open.issuer}/cabinet`)).status).toBe(303);
    await locker.query('rollback');
    expect(await listed(1)).toEqual({ sessions: 0, clients: [] });

    const again = await toSignIn(person, one);
    const arrived = await fillIn(person, one, again.page, { identifier: addressOf(1) });
    expect((await one.finish(arrived.url, again.started)).access_token).toBeTruthy();
    expect(started.url.href).not.toBe(again.started.url.href);
    expect(await listed(1)).toEqual({ sessions: 1, clients: ['one'] });
  });

  it('no portal gets a code for a grant that is not listed, however often it asks', async () => {
    const [one, two] = portals as [RelyingParty, RelyingParty];
    const person = visitor();
    await signIn(person, one, { identifier: addressOf(2) });
    await lock('account_grant');
    const silent = async () => {
      const started = await two.start();
      return { started, answer: await person.follow(await person.request(started.url), two.isCallback) };
    };
    expectTryLater((await silent()).answer);
    await locker.query('rollback');
    expect(await listed(2)).toEqual({ sessions: 1, clients: ['one'] });

    const { started, answer } = await silent();
    expect((await two.finish(answer.url, started)).access_token).toBeTruthy();
    expect(await listed(2)).toEqual({ sessions: 1, clients: ['one', 'two'] });
  });
});

describe('a sign-in is listed once', () => {
  const auditOf = async (number: number) =>
    (
      await open.house.stores.database.query<{ event: string }>(
        'select event from audit where account_id = $1 order by id',
        [accountOf(number)],
      )
    ).map(({ event }) => event);

  it('whatever is asked after it', async () => {
    const person = visitor();
    const { started, page } = await toSignIn(person, thirdParty);
    const asked = await fillIn(person, thirdParty, page, { identifier: addressOf(3) });
    const { url } = await person.follow(await person.submit(asked, /\/consent$/), thirdParty.isCallback);
    expect((await thirdParty.finish(url, started)).claims()?.sub).toBeTruthy();
    expect(await auditOf(3)).toEqual(['sign_in', 'consent', 'grant']);
  });

  it('however many tabs it answers', async () => {
    const [one, two] = portals as [RelyingParty, RelyingParty];
    const person = visitor();
    const first = await toSignIn(person, one);
    const second = await toSignIn(person, two);
    await fillIn(person, one, first.page, { identifier: addressOf(4) });
    const { url } = await person.follow(await person.request(second.page.url), two.isCallback);
    expect((await two.finish(url, second.started)).access_token).toBeTruthy();
    expect(await auditOf(4)).toEqual(['sign_in', 'grant', 'grant']);
  });
});
