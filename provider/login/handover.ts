/**
 * From a finished registration into a session: the browser that has just proved the mailbox and the password takes the
 * proof along to the next authorization request. Once, within a minute, in this browser alone.
 */
import { randomBytes } from 'node:crypto';
import { AlreadyConsumed, type Storage } from '../../adapters/storage/storage.ts';
import type { GatewayContext } from '../http/context.ts';
import type { OwnAmr } from './login-method.ts';

const SECONDS = 60;

export type Handover = {
  readonly accountId: string;
  readonly method: string;
  readonly amr: readonly OwnAmr[];
};

export type Handovers = {
  /** Together with the redirect to the authorization request. */
  give(ctx: GatewayContext, handover: Handover): Promise<void>;
  /** Undefined when there is none, or it was taken before. */
  take(ctx: GatewayContext): Promise<Handover | undefined>;
};

export function handovers(storage: Storage, secure: boolean): Handovers {
  const cookie = secure ? '__Host-handover' : 'handover';
  const options = { signed: false, httpOnly: true, sameSite: 'lax', secure, path: '/' } as const;
  const artefacts = storage('Handover');
  return {
    async give(ctx, handover) {
      const id = randomBytes(32).toString('base64url');
      await artefacts.upsert(id, handover, SECONDS);
      ctx.cookies.set(cookie, id, { ...options, maxAge: SECONDS * 1_000 });
    },
    async take(ctx) {
      const id = ctx.cookies.get(cookie, { signed: false });
      if (!id) return undefined;
      ctx.cookies.set(cookie, null, options);
      try {
        await artefacts.consume(id);
      } catch (error) {
        if (error instanceof AlreadyConsumed) return undefined;
        throw error;
      }
      const found = (await artefacts.find(id)) as Handover | undefined;
      return found && { accountId: found.accountId, method: found.method, amr: found.amr };
    },
  };
}
