/**
 * Sign-ins that are out at an upstream. The key is the upstream and the `state` together, so that an answer of one
 * cannot be another's; taking comes before reading, so that an answer counts once.
 */
import { randomUUID } from 'node:crypto';
import { AlreadyConsumed, type Storage } from '../../adapters/storage/storage.ts';
import type { Json } from '../../adapters/upstream/upstream.ts';
import type { AttemptOwner, UpstreamId } from './upstreams.ts';

const KEPT_SECONDS = 600;

export type Attempt = {
  readonly owner: AttemptOwner;
  /** What the upstream must not see, and this side needs to read its answer. */
  readonly secret: Json;
  /** Milliseconds since the epoch; absent where too many have left from the same place to count. */
  readonly departedAt?: number;
};

export type Attempts = {
  put(id: UpstreamId, state: string, attempt: Attempt): Promise<void>;
  /** Takes nothing. Undefined when there is none, or it was taken. */
  look(id: UpstreamId, state: string): Promise<Attempt | undefined>;
  /** Of parallel calls one gets it. */
  take(id: UpstreamId, state: string): Promise<Attempt | undefined>;
  /** Whether the last attempt of this owner there is still out. */
  isOut(id: UpstreamId, owner: AttemptOwner): Promise<boolean>;
};

/** ESIA wants a UUID of version 4, and nobody else minds (RFC 6749 §10.10: 122 random bits). */
export const freshState = (): string => randomUUID();

export function attempts(storage: Storage): Attempts {
  const out = storage('LoginAttempt');
  const lastOf = storage('LastLoginAttempt');

  const look: Attempts['look'] = async (id, state) => {
    const found = await out.find(keyOf(id, state));
    return found && found.consumed === undefined ? read(found) : undefined;
  };

  return {
    async put(id, state, attempt) {
      await out.upsert(keyOf(id, state), attempt, KEPT_SECONDS);
      await lastOf.upsert(ownerKey(id, attempt.owner), { state }, KEPT_SECONDS);
    },
    look,
    async take(id, state) {
      const key = keyOf(id, state);
      try {
        await out.consume(key);
      } catch (error) {
        if (error instanceof AlreadyConsumed) return undefined;
        throw error;
      }
      const found = await out.find(key);
      return found && read(found);
    },
    async isOut(id, owner) {
      const last = await lastOf.find(ownerKey(id, owner));
      return last !== undefined && (await look(id, String(last.state))) !== undefined;
    },
  };
}

export function isSameOwner(one: AttemptOwner, other: AttemptOwner): boolean {
  return ownerKey('', one) === ownerKey('', other);
}

function keyOf(id: UpstreamId, state: string): string {
  return `${id}:${state}`;
}

function ownerKey(id: UpstreamId, owner: AttemptOwner): string {
  const parts =
    owner.kind === 'interaction' ? [owner.kind, owner.uid] : [owner.kind, owner.sessionUid, owner.accountId];
  return JSON.stringify([id, ...parts]);
}

function read(payload: unknown): Attempt {
  const { owner, secret, departedAt } = payload as Attempt;
  return { owner, secret, ...(departedAt !== undefined && { departedAt }) };
}
