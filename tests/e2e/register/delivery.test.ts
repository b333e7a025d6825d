/** Between «Подписать» and the register: nothing is lost, nothing arrives twice, whoever dies or is away. */
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, type Moment, registerScene } from './scene.ts';

const KILLS = 10;

describe('a gateway that is killed', { timeout: 180_000 }, () => {
  let scene: Awaited<ReturnType<typeof registerScene>>;
  beforeAll(async () => {
    scene = await registerScene();
  });
  afterAll(() => scene.close());

  it('delivers every application once, at whatever point it died', async () => {
    const signed: string[] = [];
    const moments: readonly Moment[] = ['asked', 'taken', 'answered'];
    for (let round = 0; round < KILLS; round += 1) {
      const gateway = await scene.start();
      const fatal = moments[round % moments.length];
      // Which of this round's submissions is its last; the rounds beyond the moments die some time after.
      const last = randomInt(3);
      const delay = round < moments.length ? 0 : randomInt(40);
      let count = 0;
      const died = Promise.withResolvers<void>();
      scene.at(async (moment) => {
        if (moment !== fatal) return;
        count += 1;
        if (count <= last) return;
        await sleep(delay);
        await gateway.kill();
        died.resolve();
      });
      for (let at = 0; at < 4; at += 1) signed.push(await scene.sign());
      await died.promise;
      expect(gateway.isAlive()).toBe(false);
      scene.at(async () => {});
    }
    await scene.start();
    await eventually('all are delivered', 30, async () => (await scene.taken()).length >= signed.length);
    await eventually('all are known to be received', 30, async () =>
      (await scene.states(signed)).every((state) => state === 'received'),
    );
    const taken = await scene.taken();
    expect(taken).toHaveLength(signed.length);
    expect(new Set(taken)).toEqual(new Set(signed));
    const kept = await scene.database.query('select id from application where sealed is not null');
    expect(kept).toEqual([]);
  });
});

describe('a register that is away', { timeout: 120_000 }, () => {
  let scene: Awaited<ReturnType<typeof registerScene>>;
  beforeAll(async () => {
    scene = await registerScene();
    await scene.start();
  });
  afterAll(() => scene.close());

  it.each(['off', 'silent'])('%s: applications wait, and arrive once and in their order', async (state) => {
    await scene.act('/power', { state });
    const before = (await scene.taken()).length;
    const signed: string[] = [];
    for (let at = 0; at < 12; at += 1) {
      signed.push(await scene.sign());
      await sleep(20);
    }
    await sleep(3_000);
    expect(await scene.taken()).toHaveLength(before);
    expect(new Set(await scene.states(signed))).toEqual(new Set(['signed']));
    await scene.act('/power', { state: 'on' });
    await eventually('all are delivered', 60, async () => (await scene.taken()).length >= before + 12);
    expect((await scene.taken()).slice(before)).toEqual(signed);
    await eventually('all are known to be received', 20, async () =>
      (await scene.states(signed)).every((each) => each === 'received'),
    );
    expect(await scene.taken()).toHaveLength(before + 12);
  });

  it('gives an application back that no register will take, and the others pass', async () => {
    const hopeless = await scene.sign({ organisationId: 'P-10' });
    const good = await scene.sign();
    await eventually(
      'the good one is received',
      30,
      async () => (await scene.states([good]))[0] === 'received',
    );
    await eventually(
      'the other is returned',
      30,
      async () => (await scene.states([hopeless]))[0] === 'returned',
    );
    const [row] = await scene.database.query<{ reason: string; sealed: string | null }>(
      'select reason, sealed from application where id = $1',
      [hopeless],
    );
    expect(row).toMatchObject({ reason: expect.stringContaining('закрыта'), sealed: null });
  });

  it('a message the register finds fault with stands in nobody’s way', async () => {
    const odd = await scene.sign({ phone: 'no number' });
    const good = await scene.sign();
    await eventually(
      'the good one is received',
      30,
      async () => (await scene.states([good]))[0] === 'received',
    );
    expect(await scene.states([odd])).toEqual(['signed']);
    const [told] = await scene.database.query<{ count: string }>(
      `select count(*) from audit where event = 'application_misunderstood' and detail->>'applicationId' = $1`,
      [odd],
    );
    expect(Number(told?.count)).toBeGreaterThan(0);
  });
});
