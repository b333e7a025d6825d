/** SYS-11: letters arrive, in their order, once; a dead server, a slow domain, a wrong address delay no other. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { NewLetter } from '../../../provider/letters/post.ts';
import { grounds, onServer, openPostOffice } from './post-office.ts';

const to = (address: string) => ({ address, locale: 'ru', givenName: 'Мария' }) as const;
const code = (address: string, digits = '123456', minutes = 10): NewLetter => ({
  template: 'signing-code',
  to: to(address),
  facts: { code: digits, documents: ['Заявление о вступлении'], minutes },
});
const notice = (address: string, network = '203.0.113.0/24'): NewLetter => ({
  template: 'password-changed',
  to: to(address),
  facts: { at: new Date(), network },
});
const MARIA = 'ivanova@example.test';
const NOTICES = ['1', '2', '3', '4', '5', '6', '7'];

let office: Awaited<ReturnType<typeof openPostOffice>>;

async function closeOffice(): Promise<void> {
  const { faults } = office;
  await office.close();
  expect(faults).toEqual([]);
}

const subjects = async () => (await office.caught()).map(({ subject }) => subject);
const untilCaught = (count: number) =>
  vi.waitFor(async () => expect(await office.caught()).toHaveLength(count), { timeout: 15_000 });

describe.each(grounds)('letters on %s', (_name, open) => {
  beforeEach(async () => {
    office = await openPostOffice(open);
  });
  afterEach(closeOffice);

  it('leave by urgency, then by age', async () => {
    const reset = { path: '/recovery/token', minutes: 30 };
    const news = { subject: 'Новости', text: 'Съезд', unsubscribePath: '/unsubscribe/token' };
    const link = { path: '/join/confirm/token', hours: 24 };
    await office.post.send({ template: 'news', to: to(MARIA), facts: news });
    await office.post.send(notice(MARIA));
    await office.post.send({ template: 'confirm-registration', to: to(MARIA), facts: link });
    await office.post.send(code(MARIA));
    await office.post.send({ template: 'password-reset', to: to(MARIA), facts: reset });
    await office.work();
    await untilCaught(5);
    expect(await subjects()).toEqual([
      'ЛК ОПО. Код подтверждения заявки.',
      'ЛК ОПО. Восстановление пароля.',
      'ЛК ОПО. Завершение регистрации.',
      'ЛК ОПО. Пароль изменён.',
      'Новости',
    ]);
  });

  it('wait while the server takes nothing, and then leave in their order, each once', async () => {
    const { gate } = await office.work();
    await office.refuseFor(60);
    for (const network of NOTICES) await office.post.send(notice(MARIA, network));
    await vi.waitFor(() => expect(gate.isOpen()).toBe(false), { timeout: 15_000 });
    await office.post.send(code(MARIA));
    // Long enough for each letter to have been tried, had the breaker let it.
    await sleep(1_500);
    expect(office.ends).toEqual([]);
    await office.refuseFor(0);
    await untilCaught(8);
    await sleep(500);
    const texts = (await office.caught()).map(({ text }) => text);
    expect(texts.map((text) => /^Сеть: (\d)$/m.exec(text)?.[1] ?? 'code')).toEqual(['code', ...NOTICES]);
    expect(gate.isOpen()).toBe(true);
    await vi.waitFor(async () => expect(await office.jobs.waiting('letter')).toEqual([]));
  });

  it('to an address that takes none are not tried again, and it is known until one arrives', async () => {
    const before = Date.now() - 1_000;
    await office.refuse(MARIA, 550);
    await office.work();
    await office.post.send(notice(MARIA));
    await vi.waitFor(
      () => expect(office.ends).toEqual([{ letter: 'password-changed', outcome: 'refused' }]),
      {
        timeout: 10_000,
      },
    );
    const trouble = await office.post.troubleWith(MARIA);
    expect(trouble?.kind).toBe('refused');
    expect(trouble?.since.getTime()).toBeGreaterThan(before);
    expect(await office.post.troubleWith('petrov@example.test')).toBeUndefined();

    await office.accept(MARIA);
    await office.post.send(notice(MARIA));
    await untilCaught(1);
    await vi.waitFor(async () => expect(await office.post.troubleWith(MARIA)).toBeUndefined());
  });

  it('are not written when what causes them does not happen', async () => {
    await office.work();
    const change = office.database.transaction(async (tx) => {
      await office.post.send(notice(MARIA, 'never'), tx);
      throw new Error('changed its mind');
    });
    await expect(change).rejects.toThrow('changed its mind');
    await office.database.transaction((tx) => office.post.send(notice(MARIA, 'indeed'), tx));
    await untilCaught(1);
    expect((await office.caught())[0]?.text).toContain('Сеть: indeed');
    await vi.waitFor(async () => expect(await office.jobs.waiting('letter')).toEqual([]));
  });
});

describe('letters', () => {
  beforeEach(async () => {
    office = await openPostOffice(onServer);
  });
  afterEach(closeOffice);

  it('to an address that is asked to wait hold up no other of its domain', async () => {
    await office.refuse(MARIA, 450);
    await office.work();
    await office.post.send(notice(MARIA));
    await office.post.send(notice('petrov@example.test'));
    await untilCaught(1);
    expect((await office.caught())[0]?.to[0]?.address).toBe('petrov@example.test');
    expect(await office.post.troubleWith(MARIA)).toBeUndefined();
    await vi.waitFor(async () =>
      expect((await office.jobs.waiting('letter')).map(({ jobs }) => jobs)).toEqual([1]),
    );
  });

  it('to a domain that has had its share hold up no other domain', async () => {
    await office.work({ perMinute: 10, atOnce: 2 });
    for (const name of ['a', 'b', 'c', 'd']) await office.post.send(code(`${name}@crowded.test`));
    await office.post.send(notice('petrov@quiet.test'));
    await untilCaught(2);
    const domains = (await office.caught()).map(({ to: [first] }) => first?.address.split('@')[1]);
    expect(domains).toEqual(['crowded.test', 'quiet.test']);
    await vi.waitFor(async () => expect((await office.caught()).length).toBeGreaterThan(2), {
      timeout: 15_000,
    });
  });

  it('that come back are recorded, by the id that only they carried', async () => {
    await office.work();
    await office.post.send(notice(MARIA));
    await untilCaught(1);
    await vi.waitFor(() => expect(office.ends).toHaveLength(1));
    const letterId = (await office.caught())[0]?.headers['message-id']?.slice(1).split('@')[0] ?? '';
    expect(await office.record.bounced('6f8d2a4e-0000-4000-8000-000000000001')).toBe(false);
    expect(await office.post.troubleWith(MARIA)).toBeUndefined();
    expect(await office.record.bounced(letterId)).toBe(true);
    expect(await office.post.troubleWith(MARIA)).toMatchObject({ kind: 'bounced' });
  });

  it('whose code has expired are not sent', async () => {
    await office.post.send(code(MARIA, '654321', 1 / 600));
    await office.post.send(notice(MARIA));
    await sleep(150);
    await office.work();
    await untilCaught(1);
    expect(await subjects()).toEqual(['ЛК ОПО. Пароль изменён.']);
    expect(office.ends[0]).toEqual({ letter: 'signing-code', outcome: 'too_late' });
  });

  it('are not sent again by a worker that finds them settled', async () => {
    await office.post.send(code(MARIA));
    const [job] = await office.database.query<{ id: string }>(
      `select id from pgboss.job where name = 'letter'`,
    );
    await office.record.accepted({ letterId: job?.id ?? '', address: MARIA });
    await office.post.send(notice(MARIA));
    await office.work();
    await untilCaught(1);
    expect(await subjects()).toEqual(['ЛК ОПО. Пароль изменён.']);
  });

  it('say nothing of a person to whoever reads the job table', async () => {
    await office.post.send(code('ivanova@family-ivanov.test', '918273'));
    const rows = await office.database.query(`select * from pgboss.job where name = 'letter'`);
    expect(rows).toHaveLength(1);
    const found = JSON.stringify(rows);
    expect(found).toContain('signing-code');
    expect(found).not.toMatch(/ivanov|918273|Мария|Заявление/);
  });
});

it('two workers send each letter once', async () => {
  office = await openPostOffice(onServer);
  const addresses = Array.from({ length: 40 }, (_, at) => `member${at}@domain${at % 5}.test`);
  for (const address of addresses) await office.post.send(notice(address));
  await Promise.all([office.work({ atOnce: 5 }), office.work({ atOnce: 5 }, true)]);
  await vi.waitFor(async () => expect((await office.caught()).length).toBeGreaterThanOrEqual(40), {
    timeout: 15_000,
  });
  await sleep(1_000);
  const caught = (await office.caught()).map(({ to: [first] }) => first?.address);
  expect(caught.toSorted()).toEqual(addresses.toSorted());
  await closeOffice();
});
