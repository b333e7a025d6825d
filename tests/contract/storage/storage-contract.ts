/** What every storage of artefacts promises, races included. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AlreadyConsumed,
  GrantRevoked,
  type Payload,
  type Storage,
} from '../../../adapters/storage/storage.ts';
import { slow } from '../../support/slow-storage.ts';

export type Opened = {
  readonly storage: Storage;
  /** Everything the store holds, names and values, as text. */
  dump(): Promise<string>;
  close(): Promise<void>;
};

const HOUR = 3_600;
const newId = (): string => randomBytes(24).toString('base64url');
const outcomes = (settled: readonly PromiseSettledResult<unknown>[]) => ({
  fulfilled: settled.filter(({ status }) => status === 'fulfilled').length,
  reasons: settled.filter((each) => each.status === 'rejected').map((each) => each.reason as unknown),
});

export function storageContract(name: string, open: () => Promise<Opened>): void {
  describe(`storage on ${name}`, () => {
    let opened: Opened;
    let storage: Storage;
    beforeAll(async () => {
      opened = await open();
      storage = opened.storage;
    });
    afterAll(() => opened?.close());

    describe('keeping', () => {
      it('gives back what it took, whatever the fields and the letters', async () => {
        const id = newId();
        const payload = {
          kind: 'AccessToken',
          iat: 1_700_000_000,
          extra: { имя: 'Ёж «в тумане» 🦔', empty: '', nothing: null, list: [1, 'два', { three: 3 }] },
          control: 'a\u0000b\u0001c\n\ud800',
          dollar: "$& $1 $' $$",
          scope: 'openid',
        };
        await storage('AccessToken').upsert(id, payload, HOUR);
        expect(await storage('AccessToken').find(id)).toEqual({ ...payload, jti: id });
      });

      it('puts an id back wherever the payload had it', async () => {
        const id = `${newId()}$&`;
        const payload = { jti: id, returnTo: `https://id.example/auth/${id}?again=${id}` };
        await storage('Interaction').upsert(id, payload, HOUR);
        expect(await storage('Interaction').find(id)).toEqual(payload);
      });

      it('replaces whole', async () => {
        const id = newId();
        await storage('Interaction').upsert(id, { first: 1, both: 1 }, HOUR);
        await storage('Interaction').upsert(id, { both: 2 }, HOUR);
        expect(await storage('Interaction').find(id)).toEqual({ both: 2, jti: id });
      });

      it('knows nothing of an id it never saw, nor of one that was destroyed', async () => {
        const id = newId();
        expect(await storage('Session').find(id)).toBeUndefined();
        await storage('Session').upsert(id, { uid: newId() }, HOUR);
        await storage('Session').destroy(id);
        expect(await storage('Session').find(id)).toBeUndefined();
        await expect(storage('Session').destroy(id)).resolves.toBeUndefined();
      });

      it('never lets models meet', async () => {
        const id = newId();
        await storage('AccessToken').upsert(id, { kind: 'AccessToken', uid: id, userCode: id }, HOUR);
        for (const model of ['RefreshToken', 'Session', 'AuthorizationCode']) {
          expect(await storage(model).find(id)).toBeUndefined();
          expect(await storage(model).findByUid(id)).toBeUndefined();
          expect(await storage(model).findByUserCode(id)).toBeUndefined();
          await expect(storage(model).consume(id)).rejects.toBeInstanceOf(AlreadyConsumed);
          await storage(model).destroy(id);
        }
        expect(await storage('AccessToken').find(id)).toEqual({
          kind: 'AccessToken',
          uid: id,
          userCode: id,
          jti: id,
        });
      });
    });

    describe.concurrent('expiry', () => {
      for (const model of ['Session', 'DeviceCode']) {
        it(`forgets a ${model} when its time is over, by every way to it`, async () => {
          const [id, uid, userCode] = [newId(), newId(), newId()];
          const artefacts = storage(model);
          await artefacts.upsert(id, { uid, userCode }, 1);
          expect(await artefacts.find(id)).toBeDefined();
          await sleep(1_100);
          expect(await artefacts.find(id)).toBeUndefined();
          expect(await artefacts.findByUid(uid)).toBeUndefined();
          expect(await artefacts.findByUserCode(userCode)).toBeUndefined();
          await expect(artefacts.consume(id)).rejects.toBeInstanceOf(AlreadyConsumed);
        });
      }

      it('is set anew by writing, and left alone by consuming', async () => {
        const [written, consumed] = [newId(), newId()];
        const artefacts = storage('AuthorizationCode');
        await artefacts.upsert(written, {}, 1);
        await artefacts.upsert(written, {}, HOUR);
        await artefacts.upsert(consumed, {}, 1);
        await artefacts.consume(consumed);
        await sleep(1_100);
        expect(await artefacts.find(written)).toBeDefined();
        expect(await artefacts.find(consumed)).toBeUndefined();
      });

      it.each([0, -5])('of %d seconds removes what was there', async (expiresIn) => {
        const id = newId();
        await storage('Session').upsert(id, {}, HOUR);
        await storage('Session').upsert(id, {}, expiresIn);
        expect(await storage('Session').find(id)).toBeUndefined();
      });
    });

    describe('by uid and user code', () => {
      it('finds the artefact, with a reference for its id', async () => {
        const [id, uid, userCode] = [newId(), newId(), 'WDJB-MJHT'];
        await storage('DeviceCode').upsert(id, { uid, userCode, jti: id, params: { scope: 'openid' } }, HOUR);
        for (const found of [
          await storage('DeviceCode').findByUid(uid),
          await storage('DeviceCode').findByUserCode(userCode),
        ]) {
          expect(found).toEqual({
            uid,
            userCode,
            params: { scope: 'openid' },
            jti: expect.stringMatching(/^#/),
          });
        }
      });

      it('takes the reference for the id when writing, consuming and destroying', async () => {
        const [id, uid] = [newId(), newId()];
        const artefacts = storage('Session');
        await artefacts.upsert(id, { uid, jti: id }, HOUR);
        const reference = (await artefacts.findByUid(uid))?.jti ?? '';
        await artefacts.upsert(reference, { uid, jti: reference, acr: 'urn:opo:loa:1' }, HOUR);
        expect(await artefacts.find(id)).toEqual({ uid, jti: id, acr: 'urn:opo:loa:1' });
        await artefacts.consume(reference);
        await expect(artefacts.consume(id)).rejects.toBeInstanceOf(AlreadyConsumed);
        await artefacts.destroy(reference);
        expect(await artefacts.find(id)).toBeUndefined();
      });

      it('finds it by the reference where a reference is asked for, and by nothing else', async () => {
        const [id, userCode, grantId] = [newId(), newId(), newId()];
        const artefacts = storage('DeviceCode');
        await artefacts.upsert(id, { jti: id, userCode, params: { scope: 'openid' } }, HOUR);
        const reference = (await artefacts.findByUserCode(userCode))?.jti ?? '';
        expect(await artefacts.findReferenced(reference)).toMatchObject({ jti: reference, userCode });
        expect(await artefacts.findReferenced(id)).toBeUndefined();
        expect(await storage('Session').findReferenced(reference)).toBeUndefined();
        // The person's answer: known by the reference, it brings the grant; the device finds it by its own code.
        await artefacts.upsert(reference, { jti: reference, userCode, accountId: 'a', grantId }, HOUR);
        expect(await artefacts.find(id)).toMatchObject({ jti: id, accountId: 'a', grantId });
        const polls = await Promise.allSettled(Array.from({ length: 5 }, () => artefacts.consume(id)));
        expect(outcomes(polls).fulfilled).toBe(1);
        expect((await artefacts.findReferenced(reference))?.consumed).toEqual(expect.any(Number));
        await artefacts.revokeByGrantId(grantId);
        expect(await artefacts.find(id)).toBeUndefined();
        expect(await artefacts.findByUserCode(userCode)).toBeUndefined();
      });

      it('never finds an artefact by a reference', async () => {
        const [id, uid] = [newId(), newId()];
        await storage('Session').upsert(id, { uid }, HOUR);
        const reference = (await storage('Session').findByUid(uid))?.jti ?? '';
        expect(reference).toMatch(/^#[\w-]{43}$/);
        expect(await storage('Session').find(reference)).toBeUndefined();
        expect(await storage('Session').find(reference.slice(1))).toBeUndefined();
      });

      it('follows a session to its new id, as after Session.resetIdentifier', async () => {
        const [old, renamed, uid] = [newId(), newId(), newId()];
        await storage('Session').upsert(old, { uid, accountId: 'nobody' }, HOUR);
        await storage('Session').destroy(old);
        expect(await storage('Session').findByUid(uid)).toBeUndefined();
        await storage('Session').upsert(renamed, { uid, accountId: 'person' }, HOUR);
        expect(await storage('Session').findByUid(uid)).toMatchObject({ uid, accountId: 'person' });
        expect(await storage('Session').find(old)).toBeUndefined();
        await storage('Session').destroy(renamed);
        expect(await storage('Session').findByUid(uid)).toBeUndefined();
      });

      it('means the latest when two have the same', async () => {
        const uid = newId();
        for (const accountId of ['first', 'second', 'third']) {
          await storage('Session').upsert(newId(), { uid, accountId }, HOUR);
        }
        expect(await storage('Session').findByUid(uid)).toMatchObject({ accountId: 'third' });
      });

      it('never leads to an artefact that has got another uid since', async () => {
        const [id, uid, otherUid] = [newId(), newId(), newId()];
        await storage('Session').upsert(id, { uid }, HOUR);
        await storage('Session').upsert(id, { uid: otherUid }, HOUR);
        expect(await storage('Session').findByUid(uid)).toBeUndefined();
        expect(await storage('Session').findByUid(otherUid)).toMatchObject({ uid: otherUid });
      });
    });

    describe('consuming', () => {
      it('leaves the payload readable, with the time in seconds', async () => {
        const id = newId();
        await storage('AuthorizationCode').upsert(id, { grantId: newId(), scope: 'openid' }, HOUR);
        await storage('AuthorizationCode').consume(id);
        const found = await storage('AuthorizationCode').find(id);
        expect(found).toMatchObject({ scope: 'openid', jti: id });
        expect(Math.abs((found?.consumed ?? 0) - Date.now() / 1_000)).toBeLessThan(5);
        expect(Number.isInteger(found?.consumed)).toBe(true);
      });

      it('is kept by writing with the mark, and undone by writing without', async () => {
        const id = newId();
        const artefacts = storage('RefreshToken');
        await artefacts.upsert(id, { tries: 1 }, HOUR);
        await artefacts.consume(id);
        const consumed = await artefacts.find(id);
        await artefacts.upsert(id, { ...consumed, tries: 2 }, HOUR);
        expect(await artefacts.find(id)).toEqual({ ...consumed, tries: 2 });
        await expect(artefacts.consume(id)).rejects.toBeInstanceOf(AlreadyConsumed);
        await artefacts.upsert(id, { tries: 3 }, HOUR);
        expect(await artefacts.find(id)).toEqual({ tries: 3, jti: id });
        await expect(artefacts.consume(id)).resolves.toBeUndefined();
      });

      it('of an unknown id is refused', async () => {
        await expect(storage('AuthorizationCode').consume(newId())).rejects.toBeInstanceOf(AlreadyConsumed);
      });
    });

    describe.each([
      { pace: 'at full speed', paced: (each: Storage) => each },
      { pace: '3 ms late', paced: (each: Storage) => slow(each, 3) },
    ])('races $pace', ({ paced }) => {
      it('of five parallel consumers let exactly one win', async () => {
        for (const model of ['AuthorizationCode', 'RefreshToken']) {
          const artefacts = paced(storage)(model);
          for (let round = 0; round < 10; round++) {
            const id = newId();
            await artefacts.upsert(id, {}, HOUR);
            const { fulfilled, reasons } = outcomes(
              await Promise.allSettled(Array.from({ length: 5 }, () => artefacts.consume(id))),
            );
            expect(fulfilled).toBe(1);
            expect(reasons).toHaveLength(4);
            for (const reason of reasons) expect(reason).toBeInstanceOf(AlreadyConsumed);
          }
        }
      });

      it('of twenty wrong codes have exactly four judged, when the attempt is consumed before it is read', async () => {
        const attempts = paced(storage)('LoginAttempt');
        const id = newId();
        await attempts.upsert(id, { tries: 0 }, HOUR);
        let judged = 0;
        const guess = async (): Promise<'judged' | 'refused'> => {
          for (;;) {
            try {
              await attempts.consume(id);
              break;
            } catch (error) {
              if (!(error instanceof AlreadyConsumed)) throw error;
              // Somebody else holds the attempt, or it is spent.
              const { tries } = (await attempts.find(id)) as { tries: number };
              if (tries === 4) return 'refused';
            }
          }
          const { tries } = (await attempts.find(id)) as { tries: number };
          if (tries === 4) {
            await attempts.upsert(id, { tries }, HOUR);
            return 'refused';
          }
          judged += 1;
          await attempts.upsert(id, { tries: tries + 1 }, HOUR);
          return 'judged';
        };
        const answers = await Promise.all(Array.from({ length: 20 }, guess));
        expect(judged).toBe(4);
        expect(answers.filter((answer) => answer === 'judged')).toHaveLength(4);
      });

      it('between the writes of a grant and its revocation leave nothing alive', async () => {
        const models = ['AccessToken', 'RefreshToken', 'AuthorizationCode', 'DeviceCode'];
        for (let round = 0; round < 20; round++) {
          const grantId = newId();
          const written = Array.from({ length: 12 }, (_, index) => ({
            artefacts: paced(storage)(models[index % models.length]!),
            id: newId(),
          }));
          const writes = written.map(async ({ artefacts, id }, index) => {
            await sleep(((index * 7 + round) % 12) / 3);
            await artefacts.upsert(id, { grantId }, HOUR);
          });
          const revocation = sleep((round % 5) / 2).then(() =>
            paced(storage)('AccessToken').revokeByGrantId(grantId),
          );
          const { reasons } = outcomes(await Promise.allSettled(writes));
          await revocation;
          for (const reason of reasons) expect(reason).toBeInstanceOf(GrantRevoked);
          const alive = await Promise.all(written.map(({ artefacts, id }) => artefacts.find(id)));
          expect(alive.filter((found) => found !== undefined)).toEqual([]);
        }
      });
    });

    describe('revoking a grant', () => {
      it('removes its artefacts of whatever model, and no others', async () => {
        const [grantId, otherGrantId] = [newId(), newId()];
        const models = [
          'AccessToken',
          'RefreshToken',
          'AuthorizationCode',
          'BackchannelAuthenticationRequest',
        ];
        const ids = new Map(models.map((model) => [model, newId()]));
        for (const [model, id] of ids) await storage(model).upsert(id, { grantId }, HOUR);
        const [other, grant] = [newId(), grantId];
        await storage('RefreshToken').upsert(other, { grantId: otherGrantId }, HOUR);
        await storage('Grant').upsert(grant, { accountId: 'person' }, HOUR);

        await storage('RefreshToken').revokeByGrantId(grantId);
        for (const [model, id] of ids) expect(await storage(model).find(id)).toBeUndefined();
        expect(await storage('RefreshToken').find(other)).toBeDefined();
        // The grant itself is somebody else's to destroy.
        expect(await storage('Grant').find(grant)).toBeDefined();
      });

      it('refuses artefacts that come later, new ones and old', async () => {
        const [grantId, old] = [newId(), newId()];
        await storage('RefreshToken').upsert(old, { grantId }, HOUR);
        await storage('RefreshToken').revokeByGrantId(grantId);
        for (const [model, id] of [
          ['AccessToken', newId()],
          ['RefreshToken', old],
          ['RefreshToken', newId()],
        ] as const) {
          await expect(storage(model).upsert(id, { grantId }, HOUR)).rejects.toBeInstanceOf(GrantRevoked);
          expect(await storage(model).find(id)).toBeUndefined();
        }
      });

      it('may be repeated, and may concern a grant without artefacts', async () => {
        const grantId = newId();
        await storage('AccessToken').revokeByGrantId(grantId);
        await storage('AccessToken').revokeByGrantId(grantId);
        await expect(storage('AccessToken').upsert(newId(), { grantId }, HOUR)).rejects.toBeInstanceOf(
          GrantRevoked,
        );
      });
    });

    it('holds no id, uid index, user code index or grant index in clear', async () => {
      const mark = `secret-${newId()}`;
      const payload: Payload = { jti: `${mark}-id`, returnTo: `https://id.example/auth/${mark}-id` };
      for (const model of ['Session', 'Interaction']) {
        await storage(model).upsert(`${mark}-id`, payload, HOUR);
        await storage(model).upsert(`${mark}-consumed`, { jti: `${mark}-consumed` }, HOUR);
        await storage(model).consume(`${mark}-consumed`);
      }
      await storage('AccessToken').revokeByGrantId(`${mark}-grant`);
      const dump = await opened.dump();
      expect(dump).toContain('https://id.example/auth/');
      expect(dump).not.toContain(mark);
    });

    it('names artefacts by digests alone, their uids and user codes included', async () => {
      const mark = `secret-${newId()}`;
      await storage('DeviceCode').upsert(
        `${mark}-id`,
        { uid: `${mark}-uid`, userCode: `${mark}-code`, grantId: `${mark}-grant` },
        HOUR,
      );
      // The payload carries what the protocol wants back; nothing else does.
      const inPayload = { uid: `${mark}-uid`, userCode: `${mark}-code`, grantId: `${mark}-grant` };
      const rest = (await opened.dump()).replaceAll(JSON.stringify(inPayload), '');
      expect(rest).not.toContain(mark);
    });
  });
}
