import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccountActivity, ConsentBook } from '../../adapters/account-activity/account-activity.ts';
import { postgresActivity } from '../../adapters/account-activity/postgres.ts';
import type { Database } from '../../adapters/database/database.ts';
import type { Sweeper } from '../../adapters/storage/storage.ts';
import { engines } from './engines.ts';

const later = new Date(Date.now() + 3_600_000);
describe.each(engines)('account activity on %s', (_name, openDatabase) => {
  let database: Database;
  let activity: AccountActivity & ConsentBook & Sweeper;
  beforeAll(async () => {
    database = await openDatabase();
    activity = postgresActivity(database);
    for (const id of ['a', 'b', 'c']) await database.query('insert into account (id) values ($1)', [id]);
  });
  afterAll(() => database.close());

  const arrive = (
    accountId: string,
    sessionUid: string,
    device: string,
    grant?: { id: string; scope: string },
  ) =>
    activity.recordArrival({
      accountId,
      sessionUid,
      clientId: 'portal',
      requestId: 'r',
      network: '203.0.113.0/24',
      signIn: { device, method: 'password_email', acr: 'urn:opo:loa:1', expiresAt: later },
      ...(grant && { grant: { ...grant, expiresAt: later } }),
    });

  it('knows the first device, recognises it, and notices another', async () => {
    expect(await arrive('a', 's1', 'Firefox · Linux')).toEqual({ knownDevice: true });
    expect(await arrive('a', 's2', 'Firefox · Linux')).toEqual({ knownDevice: true });
    expect(await arrive('a', 's3', 'Chrome · Windows')).toEqual({ knownDevice: false });
    expect((await activity.sessionsOf('a')).map(({ uid }) => uid).sort()).toEqual(['s1', 's2', 's3']);
  });

  it('writes session, grant and audit at once, and an arrival without sign-in makes no session', async () => {
    await arrive('b', 'b1', 'Safari · iOS', { id: 'g1', scope: 'openid' });
    await activity.recordArrival({
      accountId: 'b',
      sessionUid: 'b1',
      clientId: 'other',
      requestId: 'r',
      network: 'n',
      grant: { id: 'g2', scope: 'openid offline_access', expiresAt: later },
    });
    expect(await activity.sessionsOf('b')).toHaveLength(1);
    const audit = await database.query<{ event: string }>(
      "select event from audit where account_id = 'b' order by id",
    );
    expect(audit.map(({ event }) => event).sort()).toEqual(['grant', 'grant', 'sign_in']);
    expect((await activity.connectionsOf('b')).map(({ clientId }) => clientId).sort()).toEqual([
      'other',
      'portal',
    ]);
  });

  it('a sign-out takes the grants of the session, but those for offline access', async () => {
    const dropped = await activity.dropGrants('b', { sessionUid: 'b1', onlineOnly: true });
    expect(dropped.map(({ id }) => id)).toEqual(['g1']);
    expect((await activity.grantsOf('b')).map(({ id }) => id)).toEqual(['g2']);
  });

  it('ends a session once, and nobody else’s', async () => {
    expect(await activity.endSession('b', 's1')).toBe(false);
    expect(await activity.endSession('a', 's1')).toBe(true);
    expect(await activity.endSession('a', 's1')).toBe(false);
  });

  it('cannot be taken over by a session uid that belongs to another account', async () => {
    await arrive('c', 's2', 'Edge · Windows');
    expect((await activity.sessionsOf('a')).map(({ uid }) => uid)).toContain('s2');
    expect(await activity.sessionsOf('c')).toHaveLength(0);
  });

  it('remembers consent claim by claim, widens it, and forgets it when withdrawn', async () => {
    const asked = { scope: 'openid email', claims: [], offered: ['email'] };
    await activity.rememberConsent('c', 'acme', { ...asked, declined: ['email'] });
    await activity.rememberConsent('c', 'acme', {
      ...{ scope: 'openid phone', claims: ['locale'], offered: ['phone_number', 'locale'] },
      declined: ['phone_number'],
    });
    expect(await activity.consentTo('c', 'acme')).toMatchObject({
      scope: 'openid email phone',
      claims: ['locale'],
      declined: ['email', 'phone_number'],
    });
    await activity.rememberConsent('c', 'acme', { ...asked, declined: [] });
    expect(await activity.consentTo('c', 'acme')).toMatchObject({ declined: ['phone_number'] });
    await activity.withdrawConsent('c', 'acme');
    expect(await activity.consentTo('c', 'acme')).toBeUndefined();
  });

  it('keeps both of two answers given at once', async () => {
    const answer = (claim: string) =>
      activity.rememberConsent('c', 'twice', {
        ...{ scope: `openid ${claim}`, claims: [], offered: [claim], declined: [claim] },
      });
    await Promise.all([answer('email'), answer('phone')]);
    expect(await activity.consentTo('c', 'twice')).toMatchObject({ declined: ['email', 'phone'] });
  });

  it('takes a single claim back and gives it again, where there is a consent', async () => {
    await activity.rememberConsent('c', 'single', {
      ...{ scope: 'openid email', claims: [], offered: [], declined: [] },
    });
    expect(await activity.chooseClaims('c', 'single', ['email'], false)).toBe(true);
    expect(await activity.chooseClaims('c', 'single', ['email'], false)).toBe(true);
    const [connection] = (await activity.connectionsOf('c')).filter(({ clientId }) => clientId === 'single');
    expect(connection).toMatchObject({ scope: 'openid email', consent: { declined: ['email'], claims: [] } });
    expect(await activity.chooseClaims('c', 'single', ['email'], true)).toBe(true);
    expect(await activity.consentTo('c', 'single')).toMatchObject({ declined: [] });
    expect(await activity.chooseClaims('c', 'never asked', ['email'], false)).toBe(false);
  });

  it('sweeps what has expired and leaves the rest', async () => {
    await database.query("update account_grant set expires_at = now() - interval '1 hour' where id = 'g2'");
    await database.query(
      "update account_session set expires_at = now() - interval '181 days' where uid = 's3'",
    );
    expect(await activity.sweep()).toBe(2);
    expect(await activity.sweep()).toBe(0);
  });
});
