/**
 * The tokens a portal asks an API of the gateway's with, on behalf of the person signed in. They end with her session
 * and lie sealed with a key made of the cookie's value, which only her browser has. Knows nothing of the API.
 */
import { z } from 'zod';
import type { Clock } from './clock.ts';
import type { Database } from './database.ts';
import type { Gateway, Tokens } from './gateway.ts';
import type { KeyedHash } from './keyed-hash.ts';
import { seal, unseal } from './sealing.ts';

export interface ApiTokens {
  /** `value`: of the session's cookie. */
  keep(value: string, tokens: Tokens): void;
  /** Good for the next call; refreshed when they are nearly over. Undefined: she must sign in again. */
  of(value: string): Promise<Tokens | undefined>;
  /** Refreshed whatever they are still good for. Undefined: she must sign in again. */
  renew(value: string): Promise<Tokens | undefined>;
}

export type ApiTokensNeeds = {
  readonly database: Database;
  readonly hash: KeyedHash;
  readonly gateway: Pick<Gateway, 'refresh'>;
  readonly clock: Clock;
};

/** A token that ends within this is not begun with. */
const MARGIN_MS = 10_000;

const kept = z.object({
  accessToken: z.string(),
  refreshToken: z.string().optional(),
  scopes: z.array(z.string()),
  expiresAt: z.coerce.date(),
});

export function sqliteApiTokens({ database, hash, gateway, clock }: ApiTokensNeeds): ApiTokens {
  const upsert = database.prepare(
    `insert into api_token (session, sealed) values (:session, :sealed)
     on conflict (session) do update set sealed = excluded.sealed`,
  );
  const update = database.prepare('update api_token set sealed = :sealed where session = :session');
  const select = database.prepare('select sealed from api_token where session = :session');
  const remove = database.prepare('delete from api_token where session = :session');
  const keys = (value: string) => ({ session: hash('session', value), key: hash('tokens', value) });
  /** Refreshes under way: a refresh token is good once, and pages ask side by side. */
  const refreshing = new Map<string, Promise<Tokens | undefined>>();

  return {
    keep(value, tokens) {
      const { session, key } = keys(value);
      upsert.run({ session, sealed: seal(key, tokens) });
    },
    async of(value) {
      const { session, key } = keys(value);
      const tokens = tokensOf(session, key);
      const isGood = tokens && tokens.expiresAt.getTime() - clock.now().getTime() > MARGIN_MS;
      return isGood ? tokens : renewed(session, key, tokens);
    },
    async renew(value) {
      const { session, key } = keys(value);
      return renewed(session, key, tokensOf(session, key));
    },
  };

  function tokensOf(session: string, key: ReturnType<typeof keys>['key']): Tokens | undefined {
    const row = select.get({ session }) as { sealed: string } | undefined;
    return row && kept.parse(unseal(key, row.sealed));
  }

  function renewed(
    session: string,
    key: ReturnType<typeof keys>['key'],
    old: Tokens | undefined,
  ): Promise<Tokens | undefined> {
    const underWay =
      refreshing.get(session) ?? (old ? refresh(session, key, old) : Promise.resolve(undefined));
    refreshing.set(session, underWay);
    return underWay.finally(() => refreshing.delete(session));
  }

  async function refresh(session: string, key: string, old: Tokens): Promise<Tokens | undefined> {
    if (old.refreshToken === undefined) return undefined;
    const answer = await gateway.refresh(old.refreshToken);
    if ('refused' in answer) {
      remove.run({ session });
      return undefined;
    }
    // She may have signed out meanwhile; then there is no row to change.
    update.run({ session, sealed: seal(key, answer) });
    return answer;
  }
}
