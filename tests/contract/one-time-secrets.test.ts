import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../adapters/database/database.ts';
import type { NewSecret, OneTimeSecrets } from '../../adapters/one-time-secrets/one-time-secrets.ts';
import { postgresOneTimeSecrets } from '../../adapters/one-time-secrets/postgres.ts';
import type { Sweeper } from '../../adapters/storage/storage.ts';
import { engines } from './engines.ts';

describe.each(engines)('one-time secrets on %s', (_name, openDatabase) => {
  let database: Database;
  let secrets: OneTimeSecrets & Sweeper;
  let count = 0;
  const code = (more: Partial<NewSecret> = {}): NewSecret => ({
    purpose: 'sign',
    subject: `act-${++count}`,
    binding: 'digest',
    secret: '123456',
    seconds: 60,
    tries: 5,
    ...more,
  });
  const issued = async (more: Partial<NewSecret> = {}): Promise<NewSecret> => {
    const secret = code(more);
    await secrets.issue(secret);
    return secret;
  };

  beforeAll(async () => {
    database = await openDatabase();
    secrets = postgresOneTimeSecrets(database, Buffer.alloc(32, 7));
  });
  afterAll(() => database.close());

  it('is right once', async () => {
    const secret = await issued();
    expect(await secrets.redeem(secret)).toEqual({ kind: 'right' });
    expect(await secrets.redeem(secret)).toEqual({ kind: 'none' });
  });

  it('of twenty at once, one is right', async () => {
    const secret = await issued({ tries: 20 });
    const judged = await Promise.all(Array.from({ length: 20 }, () => secrets.redeem(secret)));
    expect(judged.filter(({ kind }) => kind === 'right')).toHaveLength(1);
  });

  it('counts wrong guesses down, those made at once too, and then the right one is worth nothing', async () => {
    const secret = await issued();
    const guesses = Array.from({ length: 5 }, (_, at) => ({ ...secret, secret: `00000${at}` }));
    const judged = await Promise.all(guesses.map((guess) => secrets.redeem(guess)));
    expect(judged.map((judgement) => ('triesLeft' in judgement ? judgement.triesLeft : -1)).sort()).toEqual([
      0, 1, 2, 3, 4,
    ]);
    expect(await secrets.redeem(secret)).toEqual({ kind: 'none' });
  });

  it.each([
    ['purpose', { purpose: 'delete-account' as const }],
    ['subject', { subject: 'somebody else' }],
  ])('serves no other %s', async (_what, other) => {
    const secret = await issued();
    expect(await secrets.redeem({ ...secret, ...other })).toEqual({ kind: 'none' });
    expect(await secrets.redeem(secret)).toEqual({ kind: 'right' });
  });

  it('serves no other documents, and the attempt counts', async () => {
    const secret = await issued();
    expect(await secrets.redeem({ ...secret, binding: 'other documents' })).toEqual({
      kind: 'wrong',
      triesLeft: 4,
    });
  });

  it('is voided by a newer one, whichever of those issued at once came last', async () => {
    const old = await issued();
    await secrets.issue({ ...old, secret: '654321' });
    expect(await secrets.redeem(old)).toMatchObject({ kind: 'wrong' });
    const many = Array.from({ length: 8 }, (_, at) => ({ ...old, secret: `77777${at}` }));
    await Promise.all(many.map((secret) => secrets.issue(secret)));
    const judged = await Promise.all(many.map((secret) => secrets.redeem({ ...secret })));
    // Five tries stand for eight guesses, so the right one may be among those that came too late.
    expect(judged.filter(({ kind }) => kind === 'right').length).toBeLessThanOrEqual(1);
    const standing = await database.query(
      'select from one_time_secret where subject = $1 and used_at is null',
      [old.subject],
    );
    expect(standing.length + judged.filter(({ kind }) => kind === 'right').length).toBe(1);
  });

  it('expires', async () => {
    const secret = await issued({ seconds: 0, secret: 'expired' });
    expect(await secrets.redeem(secret)).toEqual({ kind: 'none' });
    expect(await secrets.subjectOf('sign', secret.secret)).toBeUndefined();
  });

  it('tells whose link it is as often as asked, until it is used', async () => {
    const link = await issued({ purpose: 'reset-password', secret: 'a'.repeat(43), tries: 1, binding: '' });
    for (let fetched = 0; fetched < 3; fetched += 1) {
      expect(await secrets.subjectOf('reset-password', link.secret)).toBe(link.subject);
    }
    expect(await secrets.subjectOf('confirm-email', link.secret)).toBeUndefined();
    expect(await secrets.issuedAt('reset-password', link.subject)).toBeInstanceOf(Date);
    expect(await secrets.redeem(link)).toEqual({ kind: 'right' });
    expect(await secrets.subjectOf('reset-password', link.secret)).toBeUndefined();
    expect(await secrets.issuedAt('reset-password', link.subject)).toBeUndefined();
  });

  it('is used up together with its effect, or not at all', async () => {
    const secret = await issued();
    const failing = database.transaction(async (tx) => {
      expect(await secrets.redeem(secret, tx)).toEqual({ kind: 'right' });
      throw new Error('the effect failed');
    });
    await expect(failing).rejects.toThrow('the effect failed');
    expect(await secrets.redeem(secret)).toEqual({ kind: 'right' });
  });

  it('is taken back', async () => {
    const secret = await issued();
    await secrets.revoke(secret.purpose, secret.subject);
    expect(await secrets.redeem(secret)).toEqual({ kind: 'none' });
  });

  it('keeps nothing that shows the secret without the key, and forgets what is long over', async () => {
    const { secret, subject } = await issued({ secret: '987654' });
    const rows = await database.query('select * from one_time_secret where subject = $1', [subject]);
    expect(JSON.stringify(rows)).not.toContain(secret);
    const other = postgresOneTimeSecrets(database, Buffer.alloc(32, 8));
    expect(await other.redeem({ purpose: 'sign', subject, binding: 'digest', secret })).toMatchObject({
      kind: 'wrong',
    });
    await database.query(
      `update one_time_secret set expires_at = now() - interval '8 days' where subject = $1`,
      [subject],
    );
    expect(await secrets.sweep()).toBe(1);
    expect(await database.query('select from one_time_secret where subject = $1', [subject])).toEqual([]);
  });
});
