/** Cases of the Union's side: linked, refused and taken back by its operator, effective at once (esia.md §5.3 no. 9). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresCases } from '../../../adapters/case-store/postgres.ts';
import { aesGcm } from '../../../adapters/cipher/aes-gcm.ts';
import { postgresLinks } from '../../../adapters/link-store/postgres.ts';
import { sealTold } from '../../../provider/cases/told.ts';
import { readConfig } from '../../../provider/config.ts';
import { type CaseDesk, openCaseDesk } from '../../support/esia/case-desk.ts';
import { type Federation, openFederation } from '../../support/esia/federation.ts';
import { openRegion } from '../../support/esia/region.ts';
import { through } from '../../support/esia/through.ts';
import { sharedSecrets } from '../../support/house.ts';
import { dictation } from '../../support/portals.ts';
import type { RelyingParty } from '../../support/relying-party.ts';
import { type Page, visitor } from '../../support/visitor.ts';

const told = {
  ...{ family: 'Чернова', given: 'Елена', middle: 'Олеговна', birthdate: '1990-03-03' },
  ...{ email: 'chernova@example.test', confirmed: true },
};

let scene: Federation;
let desk: CaseDesk;
let quiz: RelyingParty;
let serial = 0;
beforeAll(async () => {
  scene = await openFederation();
  await openRegion(scene);
  desk = await openCaseDesk(scene);
  quiz = await dictation(scene.open);
});
afterAll(() => scene.close());

const database = () => scene.open.house.stores.database;
const links = () => postgresLinks(database());
const textOf = (page: Page) => page.html.querySelector('main')?.structuredText ?? '';
const cipher = () =>
  aesGcm(
    readConfig({ ...sharedSecrets, ISSUER: 'http://localhost:1', SANDBOX: 'on' }).secrets.encryptionKeys,
  );
const newKey = () => ({ issuer: scene.esia.settings.issuer, subject: `77${++serial}` });
const openCase = async (of: { accountId?: string; memberId?: string }, key = newKey()) =>
  postgresCases(database()).open({
    ...{ side: 'union', key, upstream: 'esia', kinds: ['family_name'], clientId: 'dictation' },
    ...of,
    told: sealTold(cipher(), told),
  });
const stateOf = async (number: string) => (await postgresCases(database()).find(number))?.state;
const decide = async (number: string, fields: Record<string, string>) => {
  const { person, page } = await desk.enter(desk.logins.operator, `/cases/${number}`);
  return { person, page, answer: await person.follow(await person.submit(page, /\/decision$/, fields)) };
};

describe('an operator', () => {
  it('sees both sides masked, decides with a reason, and the person is in at once', async () => {
    const accountId = await desk.accountOf('novikov@example.test');
    const key = { issuer: scene.esia.settings.issuer, subject: '1000000222' };
    const { number } = await openCase({ accountId, memberId: 'M-10' }, key);
    const { page, answer } = await decide(number, { decision: 'link', reason: 'Паспорт, новая фамилия' });
    expect(textOf(page)).toContain('Ч•••••а');
    expect(page.body).not.toMatch(/Чернова|Белова|chernova@|novikov@/);
    expect(answer.url.pathname).toBe(`/cases/${number}`);
    expect(textOf(answer)).toContain('Паспорт, новая фамилия');
    expect(await stateOf(number)).toBe('retry_ok');
    expect(await links().ownerOf(key)).toMatchObject({ accountId });
    expect((await links().linksOf(accountId))[0]?.told).toEqual(told);
    const rows = await database().query<{ event: string; detail: object }>(
      `select event, detail from audit where event in ('case_linked', 'case_seen') order by id`,
    );
    expect(rows.map(({ event }) => event)).toEqual(['case_seen', 'case_linked', 'case_seen']);
    expect(JSON.stringify(rows)).not.toContain('Паспорт');
    const [stored] = await database().query('select reason, told from mismatch_case where number = $1', [
      number,
    ]);
    expect(JSON.stringify(stored)).not.toMatch(/Паспорт|Чернова/);
  });

  it('takes a link back: the door is closed, everybody is out, and the case is open again', async () => {
    const accountId = await desk.accountOf('sofia@example.test');
    const { number, key } = await openCase({ accountId });
    await decide(number, { decision: 'link', reason: 'Паспорт' });
    const [before] = await database().query<{ signed_out_at: Date | null }>(
      'select signed_out_at from account where id = $1',
      [accountId],
    );
    const { answer } = await decide(number, { reason: 'Ошибка: другой человек' });
    expect(answer.html.querySelector('[data-state]')?.getAttribute('data-state')).toBe('reopened');
    expect(key && (await links().ownerOf(key))).toBeUndefined();
    const [after] = await database().query<{ signed_out_at: Date }>(
      'select signed_out_at from account where id = $1',
      [accountId],
    );
    expect(after?.signed_out_at.getTime()).toBeGreaterThan(before?.signed_out_at?.getTime() ?? 0);
  });

  it('gives an account another identity of the same upstream; the former one is kept in history', async () => {
    const accountId = await desk.accountOf('orlova@example.test');
    const [former] = (await links().linksOf(accountId)).filter(({ upstream }) => upstream === 'esia');
    const { number, key } = await openCase({ accountId });
    const { page } = await decide(number, { decision: 'link', reason: 'Учётная запись создана заново' });
    expect(textOf(page)).toContain('уже связан другой вход');
    expect(key && (await links().ownerOf(key))).toMatchObject({ accountId });
    expect(former && (await links().ownerOf(former))).toBeUndefined();
    const kept = await database().query('select subject from former_link where account_id = $1', [accountId]);
    expect(kept).toEqual([{ subject: former?.subject }]);
  });

  it('makes an account for a member who has none, and names one where no record fits', async () => {
    const [member] = await database().query<{ id: string }>(
      'select id from member where id not in (select member_id from account where member_id is not null)',
    );
    const memberCase = await openCase({ memberId: member?.id ?? '' });
    await decide(memberCase.number, { decision: 'link', reason: 'Паспорт' });
    const [made] = await database().query<{ id: string }>('select id from account where member_id = $1', [
      member?.id ?? '',
    ]);
    expect(memberCase.key && (await links().ownerOf(memberCase.key))).toMatchObject({ accountId: made?.id });

    const open = await openCase({});
    const nobody = await decide(open.number, {
      ...{ decision: 'link', reason: 'Паспорт', account: 'nobody@example.test' },
    });
    expect(nobody.answer.status).toBe(422);
    expect(textOf(nobody.answer)).toContain('нет. Проверьте');
    expect(nobody.answer.html.querySelector('#account')?.getAttribute('value')).toBe('nobody@example.test');
    await decide(open.number, { decision: 'link', reason: 'Паспорт', account: 'timur@example.test' });
    expect(open.key && (await links().ownerOf(open.key))).toMatchObject({
      accountId: await desk.accountOf('timur@example.test'),
    });
  });

  it('refuses, with a reason, once', async () => {
    const { number, key } = await openCase({ accountId: await desk.accountOf('petrov1@example.test') });
    const none = await decide(number, { reason: 'x' });
    expect(textOf(none.answer)).toContain('Выберите, что сделать');
    const silent = await decide(number, { decision: 'refuse', reason: ' ' });
    expect(textOf(silent.answer)).toContain('Укажите причину');
    const { person, page, answer } = await decide(number, { decision: 'refuse', reason: 'Другой человек' });
    expect(textOf(answer)).toContain('Закрыто');
    expect(await stateOf(number)).toBe('closed');
    const late = await person.submit(page, /\/decision$/, { decision: 'link', reason: 'Всё-таки он' });
    expect(late.status).toBe(422);
    expect(textOf(late)).toContain('уже принято решение');
    expect(key && (await links().ownerOf(key))).toBeUndefined();
  });

  it('moves nobody’s door, and decides no case of her own', async () => {
    const taken = newKey();
    const owner = await desk.accountOf('petrov2@example.test');
    await database().transaction((tx) => links().link(owner, 'esia', taken, told, tx));
    const other = await openCase({ accountId: await desk.accountOf('petrov1@example.test') }, taken);
    const elsewhere = await decide(other.number, { decision: 'link', reason: 'Паспорт' });
    expect(textOf(elsewhere.answer)).toContain('открывает другую учётную запись');
    expect(await links().ownerOf(taken)).toMatchObject({ accountId: owner });
    expect(await stateOf(other.number)).toBe('open');

    const own = await openCase({ accountId: await desk.accountOf('ryabov@example.test') });
    const mine = await decide(own.number, { decision: 'link', reason: 'Я это я' });
    expect(textOf(mine.answer)).toContain('Своё обращение решать нельзя');
  });

  it('of two who decide at once, one does', async () => {
    const { number, key } = await openCase({ accountId: await desk.accountOf('petrov1@example.test') });
    const { person, page } = await desk.enter(desk.logins.operator, `/cases/${number}`);
    const answers = await Promise.all([
      person.submit(page, /\/decision$/, { decision: 'link', reason: 'Паспорт' }),
      person.submit(page, /\/decision$/, { decision: 'refuse', reason: 'Другой человек' }),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 422]);
    const owner = key && (await links().ownerOf(key));
    expect(owner !== undefined).toBe((await stateOf(number)) === 'retry_ok');
  });
});

it('somebody linked so is in, and nobody is before', async () => {
  const { page } = await through(scene, visitor(), quiz, 'esia', 'belova@example.test');
  expect(quiz.isCallback(page.url)).toBe(true);
});
