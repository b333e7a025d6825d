/**
 * Artefacts in Redis, which forgets them by itself. Every operation is one command, or two sent together; none
 * needs two keys in one slot, so a Cluster serves it like a single server.
 *
 *   <namespace>:<Model>:<digest of the id>           consumed mark (10 digits, zeros while open) and the JSON
 *   <namespace>:<Model>:uid:<digest of the uid>      digest of the id; `code:` likewise for user codes
 *   <namespace>:grant:<digest of the grant id>       sorted set: `<Model>:<digest>` by time of expiry, and the mark
 *                                                    of a revoked grant
 */
import type { RedisClient } from '../redis/redis.ts';
import { digest, keyOf, reference, referencedKey, seal, unseal } from './artefact-id.ts';
import { AlreadyConsumed, type Artefacts, GrantRevoked, type Payload, type Storage } from './storage.ts';

export type RedisStorageOptions = {
  readonly namespace: string;
  /** Seconds a revoked grant is remembered: longer than any of its tokens could live; default 30 days. */
  readonly revokedGrantMemory?: number;
};

const MARK_LENGTH = 10;
const OPEN = '0'.repeat(MARK_LENGTH);

/** Keeps the time to live. An absent artefact cannot be told from one consumed and expired: both answer 0. */
const CONSUME = `
  if redis.call('GETRANGE', KEYS[1], 0, ${MARK_LENGTH - 1}) ~= '${OPEN}' then return 0 end
  redis.call('SETRANGE', KEYS[1], 0, string.format('%0${MARK_LENGTH}d', redis.call('TIME')[1]))
  return 1`;

/** The set lives as long as its longest member, and expired members leave it whenever one joins. */
const JOIN_GRANT = `
  if redis.call('ZSCORE', KEYS[1], 'revoked') then return 0 end
  local now = tonumber(redis.call('TIME')[1])
  redis.call('ZREMRANGEBYSCORE', KEYS[1], 0, now)
  redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
  redis.call('EXPIREAT', KEYS[1], redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2])
  return 1`;

/** Members stay listed until they are gone, so that a revocation cut short can be repeated. */
const REVOKE_GRANT = `
  local members = redis.call('ZRANGEBYSCORE', KEYS[1], 0, '(inf')
  redis.call('ZADD', KEYS[1], 'inf', 'revoked')
  redis.call('EXPIRE', KEYS[1], ARGV[1])
  return members`;

type Scripts = {
  consumeArtefact(key: string): Promise<0 | 1>;
  joinGrant(key: string, member: string, expiresIn: number): Promise<0 | 1>;
  revokeGrant(key: string, memory: number): Promise<string[]>;
};

export function redisStorage(redis: RedisClient, options: RedisStorageOptions): Storage {
  const { namespace, revokedGrantMemory = 30 * 24 * 3600 } = options;
  redis.defineCommand('consumeArtefact', { numberOfKeys: 1, lua: CONSUME });
  redis.defineCommand('joinGrant', { numberOfKeys: 1, lua: JOIN_GRANT });
  redis.defineCommand('revokeGrant', { numberOfKeys: 1, lua: REVOKE_GRANT });
  const scripts = redis as unknown as Scripts;
  const grantKey = (grantId: string): string => `${namespace}:grant:${digest(grantId)}`;

  return (model): Artefacts => {
    const keyed = (key: string): string => `${namespace}:${model}:${key}`;
    const uidKey = (uid: string): string => keyed(`uid:${digest(uid)}`);
    const userCodeKey = (userCode: string): string => keyed(`code:${digest(userCode)}`);

    async function read(key: string, id: string): Promise<Payload | undefined> {
      const value = await redis.get(keyed(key));
      if (value === null) return undefined;
      const consumed = value.startsWith(OPEN) ? undefined : Number(value.slice(0, MARK_LENGTH));
      return unseal(id, value.slice(MARK_LENGTH), consumed);
    }

    async function follow(index: string): Promise<Payload | undefined> {
      const key = await redis.get(index);
      return key === null ? undefined : read(key, reference(key));
    }

    async function destroy(id: string): Promise<void> {
      await redis.del(keyed(keyOf(id)));
    }

    return {
      async upsert(id, payload, expiresIn) {
        const seconds = Math.ceil(expiresIn);
        // A span that is over must not become an artefact without an end.
        if (seconds <= 0) return destroy(id);
        const key = keyOf(id);
        const mark =
          payload.consumed === undefined ? OPEN : String(payload.consumed).padStart(MARK_LENGTH, '0');
        const writes: Promise<unknown>[] = [redis.set(keyed(key), mark + seal(id, payload), 'EX', seconds)];
        if (payload.uid !== undefined) writes.push(redis.set(uidKey(payload.uid), key, 'EX', seconds));
        if (payload.userCode !== undefined) {
          writes.push(redis.set(userCodeKey(payload.userCode), key, 'EX', seconds));
        }
        if (payload.grantId === undefined) {
          await Promise.all(writes);
          return;
        }
        // First the artefact, then its place among the grant's: a revocation in between either finds it listed or
        // has left its mark. On one connection the order is kept without waiting.
        if (redis.isCluster) await Promise.all(writes);
        const [joined] = await Promise.all([
          scripts.joinGrant(grantKey(payload.grantId), `${model}:${key}`, seconds),
          ...writes,
        ]);
        if (joined === 0) {
          await redis.del(keyed(key));
          throw new GrantRevoked();
        }
      },
      async find(id) {
        return read(digest(id), id);
      },
      async findByUid(uid) {
        const payload = await follow(uidKey(uid));
        return payload?.uid === uid ? payload : undefined;
      },
      async findByUserCode(userCode) {
        const payload = await follow(userCodeKey(userCode));
        return payload?.userCode === userCode ? payload : undefined;
      },
      async findReferenced(given) {
        const key = referencedKey(given);
        return key === undefined ? undefined : read(key, given);
      },
      async consume(id) {
        if ((await scripts.consumeArtefact(keyed(keyOf(id)))) === 0) throw new AlreadyConsumed();
      },
      destroy,
      async revokeByGrantId(grantId) {
        const grant = grantKey(grantId);
        const members = await scripts.revokeGrant(grant, revokedGrantMemory);
        await Promise.all(members.map((member) => redis.del(`${namespace}:${member}`)));
        if (members.length > 0) await redis.zrem(grant, ...members);
      },
    };
  };
}
