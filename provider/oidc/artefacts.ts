/**
 * oidc-provider's adapter on our storage: turns a lost race into the protocol's own answer. The library reads, checks
 * and then consumes, so the atomic `consume` of the storage is what stops parallel redemption (RFC 6749 §4.1.2).
 */
import { type Adapter, type AdapterFactory, type AdapterPayload, errors } from 'oidc-provider';
import type { Limiter } from '../../adapters/limiter/limiter.ts';
import {
  AlreadyConsumed,
  type Artefacts,
  GrantRevoked,
  type Payload,
  type Storage,
} from '../../adapters/storage/storage.ts';
import type { ClientDirectory } from './clients.ts';
import { deviceCodes } from './device-codes.ts';
import { leewayForRefresh } from './refresh-leeway.ts';

/** The library gives registration access tokens no lifetime. */
const WITHOUT_END_SECONDS = 10 * 365 * 24 * 3_600;

export type ArtefactsOptions = {
  readonly storage: Storage;
  readonly clients: ClientDirectory;
  /** One take per `jti`, remembered longer than any assertion or proof is valid. */
  readonly replays: Limiter;
  /** One take per device code and interval of polling. */
  readonly polls: Limiter;
};

export function artefactsFor({ storage, clients, replays, polls }: ArtefactsOptions): AdapterFactory {
  return (model): Adapter => {
    if (model === 'Client') return clients;
    if (model === 'ReplayDetection') return onceOnly(replays);
    const artefacts = storage(model);
    const adapter = adapt(artefacts, storage, model);
    if (model === 'DeviceCode') return deviceCodes(adapter, artefacts, { polls, replays });
    return model === 'RefreshToken' || model === 'AccessToken' ? leewayForRefresh(adapter) : adapter;
  };
}

/**
 * What the storage removes together with its grant: long-lived tokens. Codes and access tokens only mention theirs:
 * the library refuses them once the grant is gone, and they are forgotten within minutes.
 */
const KEPT_WITH_GRANT = new Set(['DeviceCode', 'RefreshToken']);

/**
 * A refresh token has a leeway of its own; a device that polls twice at once has done nothing worse, and its code has
 * been in no browser.
 */
const ONLY_REFUSED = new Set(['DeviceCode', 'RefreshToken']);

function adapt(artefacts: Artefacts, storage: Storage, model: string): Adapter {
  const toStore = ({ grantId, ...payload }: AdapterPayload): Payload => {
    const kept = model === 'Interaction' ? withoutSessionId(payload) : payload;
    return (
      KEPT_WITH_GRANT.has(model) || grantId === undefined
        ? { ...kept, grantId }
        : { ...kept, mentions: grantId }
    ) as Payload;
  };
  const fromStore = (stored: Payload | undefined): AdapterPayload | undefined => {
    if (stored?.mentions === undefined) return stored as AdapterPayload | undefined;
    const { mentions, ...payload } = stored;
    return { ...payload, grantId: mentions } as AdapterPayload;
  };

  return {
    async upsert(id, payload, expiresIn) {
      try {
        await artefacts.upsert(id, toStore(payload), expiresIn ?? WITHOUT_END_SECONDS);
      } catch (error) {
        if (error instanceof GrantRevoked) throw new errors.InvalidGrant('grant has been revoked');
        throw error;
      }
    },
    find: async (id) => fromStore(await artefacts.find(id)),
    findByUid: async (uid) => fromStore(await artefacts.findByUid(uid)),
    findByUserCode: (userCode) => artefacts.findByUserCode(userCode) as Promise<AdapterPayload | undefined>,
    async consume(id) {
      try {
        await artefacts.consume(id);
      } catch (error) {
        if (!(error instanceof AlreadyConsumed)) throw error;
        // A second redemption ends everything that came from the first (RFC 6749 §4.1.2, RFC 9700 §4.14).
        const grantId = fromStore(await artefacts.find(id))?.grantId;
        if (grantId !== undefined && !ONLY_REFUSED.has(model)) await revokeGrant(storage, grantId);
        throw new errors.InvalidGrant(`${model} already consumed`);
      }
    },
    destroy: (id) => artefacts.destroy(id),
    // The library asks each model in turn; ours removes the artefacts of all models at the first call.
    revokeByGrantId: async (grantId) => {
      if (model === 'AccessToken') await artefacts.revokeByGrantId(grantId);
    },
  };
}

/** The library notes the session's id in an interaction and never reads it; an id in clear would be a key left about. */
function withoutSessionId(payload: AdapterPayload): AdapterPayload {
  if (!payload.session) return payload;
  const { cookie: _, ...session } = payload.session as { cookie?: string };
  return { ...payload, session: session as AdapterPayload['session'] };
}

/** Ends a grant and every token of it. */
export async function revokeGrant(storage: Storage, grantId: string): Promise<void> {
  await storage('AccessToken').revokeByGrantId(grantId);
  await storage('Grant').destroy(grantId);
}

/**
 * The library looks for a `jti` and then writes it; two proofs at once would both pass. Here the look is the taking:
 * whoever finds nothing has claimed the `jti`, and there is nothing left to write.
 */
function onceOnly(replays: Limiter): Adapter {
  const nothing = async (): Promise<undefined> => undefined;
  return {
    async find(jti) {
      const { allowed } = await replays.take(jti);
      return allowed ? undefined : { jti, kind: 'ReplayDetection', exp: Number.MAX_SAFE_INTEGER };
    },
    upsert: nothing,
    findByUid: nothing,
    findByUserCode: nothing,
    consume: nothing,
    destroy: nothing,
    revokeByGrantId: nothing,
  };
}
