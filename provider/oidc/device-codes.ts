/**
 * Codes of devices (RFC 8628) on our storage. A device comes with its code and is told when it asks too often; the
 * person's browser found the code by what she typed and knows it by a reference; what she said is said once.
 */
import Provider, { type Adapter, errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { Limit, Limiter } from '../../adapters/limiter/limiter.ts';
import type { Artefacts } from '../../adapters/storage/storage.ts';

/** RFC 8628 §3.5, what a device is told to keep to; a little less is let pass, as clocks and networks are. */
export const POLL_SECONDS = 5;
export const DEVICE_POLLS: Limit = { points: 1, seconds: POLL_SECONDS - 1 };

export type DeviceLimits = {
  /** One take per device code and interval. */
  readonly polls: Limiter;
  /** One take per answer of the person's, remembered longer than a code lives. */
  readonly replays: Limiter;
};

const routeOf = (): string | undefined => (Provider.ctx as KoaContextWithOIDC | undefined)?.oidc?.route;

/** Around the adapter of DeviceCode. */
export function deviceCodes(
  adapter: Adapter,
  artefacts: Pick<Artefacts, 'findReferenced'>,
  { polls, replays }: DeviceLimits,
): Adapter {
  const decisionOf = (id: string): string => `device ${id}`;
  return {
    ...adapter,
    async find(id) {
      // The interaction kept what the code was found by; nobody outside ever holds it.
      if (routeOf() === 'device_resume') {
        return (await artefacts.findReferenced(id)) as Awaited<ReturnType<Adapter['find']>>;
      }
      if (routeOf() === 'token' && !(await polls.take(id)).allowed) throw new errors.SlowDown();
      const found = await adapter.find(id);
      // The library would end the grant; the device may only have polled once more.
      return routeOf() === 'token' && found?.consumed !== undefined ? undefined : found;
    },
    async upsert(id, payload, expiresIn) {
      if (payload.accountId === undefined && payload.error === undefined) {
        return adapter.upsert(id, payload, expiresIn);
      }
      // Two answers at once: the second would open a code again that the device may have used meanwhile.
      const { allowed } = await replays.take(decisionOf(id));
      if (!allowed) throw new errors.InvalidRequest('the device code has been answered');
      try {
        await adapter.upsert(id, payload, expiresIn);
      } catch (error) {
        await replays.reset(decisionOf(id));
        throw error;
      }
    },
  };
}
