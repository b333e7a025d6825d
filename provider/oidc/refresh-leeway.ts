/**
 * A client that lost the answer to a refresh asks again with the same token. For a few seconds it gets the very same
 * successor; after that the token counts as stolen and the family dies (RFC 9700 §4.14.2, docs/decisions/0004).
 * The library still authenticates the client and checks grant, account and sender binding on the second call; only
 * what it would then write is held back, and its answer replaced.
 */
import Provider, { type Adapter, errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { Cipher } from '../../adapters/cipher/cipher.ts';
import type { Storage } from '../../adapters/storage/storage.ts';
import type { Middleware } from '../http/context.ts';

const LEEWAY_SECONDS = 10;
const MODEL = 'RefreshAnswer';
const WAIT_MS = 50;
const WAITS = 40;

/** Requests that came with a token consumed a moment ago. */
const repeats = new WeakSet<object>();

const currentRequest = (): KoaContextWithOIDC | undefined => Provider.ctx;
const isRepeat = (): boolean => {
  const ctx = currentRequest();
  return ctx !== undefined && repeats.has(ctx.req);
};
const isRefresh = (ctx: KoaContextWithOIDC | undefined): ctx is KoaContextWithOIDC =>
  ctx?.oidc?.route === 'token' && ctx.oidc.params?.grant_type === 'refresh_token';

/** Around the adapters of RefreshToken and AccessToken. */
export function leewayForRefresh(adapter: Adapter): Adapter {
  return {
    ...adapter,
    async find(id) {
      const found = await adapter.find(id);
      const ctx = currentRequest();
      if (!found?.consumed || !isRefresh(ctx)) return found;
      if (Math.floor(Date.now() / 1_000) - found.consumed > LEEWAY_SECONDS) return found;
      repeats.add(ctx.req);
      const { consumed: _, ...open } = found;
      return open;
    },
    async consume(id) {
      if (isRepeat()) return;
      try {
        await adapter.consume(id);
      } catch (error) {
        const ctx = currentRequest();
        // Somebody was faster by milliseconds: the same client, asking twice at once.
        if (!(error instanceof errors.InvalidGrant) || !isRefresh(ctx)) throw error;
        repeats.add(ctx.req);
      }
    },
    async upsert(id, payload, expiresIn) {
      if (!isRepeat()) await adapter.upsert(id, payload, expiresIn);
    },
  };
}

/** Around the token endpoint: keeps the first answer sealed, gives it to a repeat. */
export function refreshLeeway(storage: Storage, cipher: Cipher): Middleware {
  const answers = storage(MODEL);
  return async (ctx, next) => {
    await next();
    const oidc = (ctx as unknown as KoaContextWithOIDC).oidc;
    if (!isRefresh(ctx as unknown as KoaContextWithOIDC)) return;
    if (ctx.status !== 200) return;
    const token = String(oidc.params?.refresh_token);
    if (!repeats.has(ctx.req)) {
      const sealed = cipher.seal(JSON.stringify(ctx.body), MODEL);
      await answers.upsert(token, { sealed }, LEEWAY_SECONDS + (WAITS * WAIT_MS) / 1_000);
      return;
    }
    for (let waited = 0; waited < WAITS; waited += 1) {
      const answer = await answers.find(token);
      if (typeof answer?.sealed === 'string') {
        ctx.body = JSON.parse(cipher.open(answer.sealed, MODEL));
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    }
    ctx.status = 503;
    ctx.set('Retry-After', '1');
    ctx.body = { error: 'temporarily_unavailable' };
  };
}
