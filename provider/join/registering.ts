/**
 * Which registration a browser has begun: known by a random id in its cookie, never by an address. Knows nothing of what
 * a registration is.
 */
import { randomBytes } from 'node:crypto';
import type { RegistrationId } from '../../adapters/registration-store/registration-store.ts';
import type { Storage } from '../../adapters/storage/storage.ts';
import type { GatewayContext } from '../http/context.ts';

const KEPT_SECONDS = 24 * 3_600;

export type Registering = {
  of(ctx: GatewayContext): Promise<RegistrationId | undefined>;
  begin(ctx: GatewayContext, id: RegistrationId): Promise<void>;
  end(ctx: GatewayContext): Promise<void>;
};

export function registering(storage: Storage, secure: boolean): Registering {
  const cookie = secure ? '__Host-registration' : 'registration';
  // Like the wizard it ends with the browser: the next person at this computer finds nothing.
  const options = { signed: false, httpOnly: true, sameSite: 'lax', secure, path: '/' } as const;
  const keys = storage('Registering');
  return {
    async of(ctx) {
      const key = ctx.cookies.get(cookie, { signed: false });
      const found = key ? await keys.find(key) : undefined;
      return found && String(found.registration);
    },
    async begin(ctx, id) {
      const key = randomBytes(32).toString('base64url');
      await keys.upsert(key, { registration: id }, KEPT_SECONDS);
      ctx.cookies.set(cookie, key, options);
    },
    async end(ctx) {
      const key = ctx.cookies.get(cookie, { signed: false });
      if (!key) return;
      await keys.destroy(key);
      ctx.cookies.set(cookie, null, options);
    },
  };
}
