/** What the register tells happens here: once, as a whole, and whatever else is odd about it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { postgresAccounts } from '../../../adapters/account-store/postgres.ts';
import { postgresDocuments } from '../../../adapters/document-store/postgres.ts';
import { postgresFeedPosition } from '../../../adapters/feed-position/postgres.ts';
import type { RegistryChange } from '../../../adapters/registry/registry.ts';
import { engines } from '../engines.ts';
import { followScene, memberWith, NEW, OLD, replaced } from './follow-scene.ts';

describe.each(engines)('changes of the register on %s', (_, open) => {
  let scene: Awaited<ReturnType<typeof followScene>>;
  beforeEach(async () => {
    scene = await followScene(await open());
  });
  afterEach(() => scene.close());

  it('an accepted applicant is a member, signs in by the number, and has one letter', async () => {
    const owner = await scene.account();
    const id = await scene.signed(owner);
    const member = memberWith({ tickets: [{ number: NEW, state: 'number_assigned' }] });
    const accepted: RegistryChange = { kind: 'application', id, state: 'accepted', member };
    scene.feed.push({ kind: 'application', id, state: 'received' }, accepted, accepted, {
      kind: 'member',
      member,
    });
    scene.follow();
    await scene.taken();
    expect(await scene.letters()).toEqual([['enrolled', { ticket: NEW }]]);
    expect(await scene.holder(NEW)).toBe(owner);
    expect(await postgresAccounts(scene.database).find(owner)).toMatchObject({
      name: { family: 'Жуков', given: 'Яков', middle: 'Ильич' },
      member: { id: 'M-19', membership: 'member', ticket: NEW, organisation: { id: 'P-03' } },
    });
  });

  it('accepted without a number: the number comes with a letter of its own', async () => {
    const owner = await scene.account();
    const id = await scene.signed(owner);
    scene.feed.push(
      { kind: 'application', id, state: 'accepted', member: memberWith({ tickets: [] }) },
      { kind: 'member', member: memberWith({ tickets: [{ number: NEW, state: 'number_assigned' }] }) },
    );
    scene.follow();
    await scene.taken();
    expect(await scene.letters()).toEqual([
      ['enrolled', {}],
      ['ticket-assigned', { ticket: NEW }],
    ]);
    expect(await scene.holder(NEW)).toBe(owner);
  });

  it('returned and rejected ones tell why, once', async () => {
    const [one, other] = [
      await scene.signed(await scene.account()),
      await scene.signed(await scene.account()),
    ];
    const returned: RegistryChange = {
      kind: 'application',
      id: one,
      state: 'returned',
      reason: 'Исправьте телефон',
    };
    const rejected: RegistryChange = {
      kind: 'application',
      id: other,
      state: 'rejected',
      reason: 'Не работает',
    };
    scene.feed.push(returned, rejected, returned, rejected);
    scene.follow();
    await scene.taken();
    expect(await scene.letters()).toEqual([
      ['application-returned', { reason: 'Исправьте телефон' }],
      ['application-rejected', { reason: 'Не работает' }],
    ]);
  });

  it('what an applicant typed stays while she may correct it, and no longer', async () => {
    const { drafts } = scene;
    const ends = await Promise.all(
      (['received', 'returned', 'rejected', 'accepted'] as const).map(async (state) => {
        const owner = await scene.account();
        await drafts.save(owner, 'application', { family: 'Ветрова' });
        await scene.database.transaction((tx) => drafts.finish(owner, tx, 'application'));
        scene.feed.push({ kind: 'application', id: await scene.signed(owner), state });
        return { owner, state };
      }),
    );
    scene.follow();
    await scene.taken();
    const left = await Promise.all(
      ends.map(async ({ owner, state }) => {
        const draft = await drafts.find(owner);
        return [state, draft?.forms.application !== undefined, draft?.finishedAt === undefined];
      }),
    );
    expect(left).toEqual([
      ['received', true, false],
      ['returned', true, true],
      ['rejected', false, false],
      ['accepted', false, false],
    ]);
  });

  it('a replaced ticket: the old number leads nowhere, the new one to the same account', async () => {
    const owner = await scene.account('M-19');
    scene.feed.push({ kind: 'member', member: memberWith() });
    scene.follow();
    await scene.taken();
    expect(await scene.holder(OLD)).toBe(owner);
    scene.feed.push({ kind: 'member', member: replaced }, { kind: 'member', member: replaced });
    await scene.taken();
    expect(await scene.holder(OLD)).toBeUndefined();
    expect(await scene.holder(NEW)).toBe(owner);
    expect(await scene.letters()).toEqual([
      ['ticket-assigned', { ticket: OLD }],
      ['ticket-replaced', { at: expect.anything(), ticket: NEW }],
    ]);
  });

  it('a ticket that is blocked first and replaced later is no enrolment', async () => {
    await scene.account('M-19');
    const blocked = memberWith({ tickets: [{ number: OLD, state: 'blocked' }] });
    for (const member of [memberWith(), blocked, replaced]) {
      scene.feed.push({ kind: 'member', member });
    }
    scene.follow();
    await scene.taken();
    expect((await scene.letters()).map(([template]) => template)).toEqual([
      'ticket-assigned',
      'ticket-replaced',
    ]);
  });

  it('a blocked ticket signs in no more; an ended membership is one here', async () => {
    const owner = await scene.account('M-19');
    scene.feed.push(
      { kind: 'member', member: memberWith() },
      {
        kind: 'member',
        member: memberWith({ membership: 'ended', tickets: [{ number: OLD, state: 'blocked' }] }),
      },
    );
    scene.follow();
    await scene.taken();
    expect(await scene.holder(OLD)).toBeUndefined();
    expect((await postgresAccounts(scene.database).find(owner))?.member).toMatchObject({
      membership: 'ended',
    });
    expect(scene.signals).toEqual([{ name: 'membership-ended', accountId: owner, at: expect.any(Date) }]);
  });

  it('keeps the spelling the person is used to, and takes another name', async () => {
    const owner = await scene.account('M-19');
    const nameOf = async () => (await postgresAccounts(scene.database).find(owner))?.name;
    scene.feed.push({ kind: 'member', member: memberWith({ family: 'ЖУКОВ ', given: ' яков' }) });
    scene.follow();
    await scene.taken();
    expect(await nameOf()).toEqual({ family: 'Жуков', given: 'Яков', middle: 'Ильич' });
    scene.feed.push({ kind: 'member', member: memberWith({ family: 'Соколов' }) });
    await scene.taken();
    expect(await nameOf()).toEqual({ family: 'Соколов', given: 'Яков', middle: 'Ильич' });
  });

  it('consents on paper are the person’s documents', async () => {
    const owner = await scene.account('M-19');
    const at = new Date().toISOString();
    scene.feed.push({
      kind: 'member',
      member: memberWith(),
      consents: [
        { type: 'finfort_pd', given: true, at, by: 'Председатель ППО' },
        { type: 'union_pd', given: true, at, by: 'Председатель ППО', dated: '2026-03-12' },
      ],
    });
    scene.follow();
    await scene.taken();
    const documents = postgresDocuments(scene.database);
    expect((await documents.consent(owner, 'finfort_pd'))?.paper).toEqual({
      ...{ at: new Date(at), by: 'Председатель ППО' },
    });
    expect((await documents.consent(owner, 'union_pd'))?.paper).toMatchObject({ dated: '2026-03-12' });
  });

  it('copies nobody who has no scene.account here', async () => {
    scene.feed.push({ kind: 'member', member: memberWith({ id: 'M-99', family: 'Посторонний' }) });
    scene.follow();
    await scene.taken();
    expect(await scene.database.query('select id from member')).toEqual([]);
  });

  it('a member who is another account’s is skipped, told to the operator, and stops nobody', async () => {
    const first = await scene.account('M-19');
    const second = await scene.account();
    const id = await scene.signed(second);
    const next = await scene.signed(await scene.account());
    scene.feed.push(
      { kind: 'member', member: memberWith() },
      { kind: 'application', id, state: 'accepted', member: memberWith() },
      { kind: 'application', id: next, state: 'returned', reason: 'да' },
    );
    scene.follow();
    await scene.taken();
    expect(await scene.holder(OLD)).toBe(first);
    expect((await postgresAccounts(scene.database).find(second))?.member).toBeUndefined();
    const conflicts = await scene.database.query(
      `select account_id from audit where event = 'member_change' and outcome = 'failure'`,
    );
    expect(conflicts).toEqual([{ account_id: second }]);
    expect((await scene.letters()).map(([template]) => template)).toContain('application-returned');
  });

  it('whoever has deleted her account stays deleted, whatever is decided afterwards', async () => {
    const gone = await scene.account();
    const id = await scene.signed(gone);
    await scene.database.query(
      `update account set status = 'closed', family_name = null, given_name = null where id = $1`,
      [gone],
    );
    scene.feed.push({ kind: 'application', id, state: 'accepted', member: memberWith() });
    scene.follow();
    await scene.taken();
    expect(await scene.holder(OLD)).toBeUndefined();
    expect(await scene.database.query('select id from member')).toEqual([]);
    const kept = await scene.database.query(
      'select member_id, family_name, given_name, phone from account where id = $1',
      [gone],
    );
    expect(kept).toEqual([{ member_id: null, family_name: null, given_name: null, phone: null }]);
    // Nothing for an operator to look at; and her number is free for her next account.
    expect(
      await scene.database.query(`select from audit where event = 'member_change' and outcome = 'failure'`),
    ).toEqual([]);
    const again = await scene.account();
    const second = await scene.signed(again);
    scene.feed.push({ kind: 'application', id: second, state: 'accepted', member: memberWith() });
    await scene.taken();
    expect(await scene.holder(OLD)).toBe(again);
  });

  it('a page is scene.taken as a whole: a failure in its middle leaves nothing behind', async () => {
    await scene.account('M-19');
    const id = await scene.signed(await scene.account());
    scene.feed.push(
      { kind: 'application', id, state: 'returned', reason: 'раз' },
      { kind: 'member', member: memberWith() },
    );
    let broken = true;
    scene.follow({
      rememberMember: async (tx, member) => {
        if (broken) throw new Error('killed here');
        await scene.needs.rememberMember(tx, member);
      },
    });
    await sleep(600);
    expect(await scene.cursor()).toBe('0');
    expect(await scene.letters()).toEqual([]);
    broken = false;
    await scene.taken();
    expect((await scene.letters()).map(([template]) => template)).toEqual([
      'application-returned',
      'ticket-assigned',
    ]);
  });

  it('of several processes each change is one’s alone', async () => {
    const ids: string[] = [];
    for (let at = 0; at < 12; at += 1) ids.push(await scene.signed(await scene.account()));
    for (const id of ids) scene.feed.push({ kind: 'application', id, state: 'returned', reason: id });
    // Nobody's turn is respected: all ask at once.
    const position = {
      ...scene.needs.position,
      claim: () => postgresFeedPosition(scene.database, 'test').claim(0),
    };
    for (let at = 0; at < 4; at += 1) scene.follow({ position });
    await scene.taken();
    await sleep(300);
    expect((await scene.letters()).map(([, facts]) => facts.reason)).toEqual(ids);
  });

  it('goes on where it was when the register is back', async () => {
    const id = await scene.signed(await scene.account());
    scene.setAway(true);
    scene.follow();
    scene.feed.push({ kind: 'application', id, state: 'returned', reason: 'раз' });
    await sleep(500);
    expect(await scene.letters()).toEqual([]);
    scene.setAway(false);
    await scene.taken();
    expect(await scene.letters()).toHaveLength(1);
  });
});
