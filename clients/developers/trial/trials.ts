/**
 * «Попробовать» under way: one per person and application, sealed with what only her browser has, forgotten after an
 * hour. The application's secret is no part of it.
 */
import { z } from 'zod';
import type { PortalParts } from '../../relying-party/portal.ts';
import { seal, unseal } from '../../relying-party/sealing.ts';

const exchangeShape = z.object({
  method: z.string(),
  url: z.string(),
  /** Names with values as they may be shown: a secret is masked already. */
  sent: z.array(z.tuple([z.string(), z.string()])),
  status: z.number(),
  answer: z.string(),
});
/** A request and its answer, for the page. */
export type Exchange = z.output<typeof exchangeShape>;

const trialShape = z.object({
  clientId: z.string(),
  scope: z.string(),
  state: z.string(),
  nonce: z.string(),
  codeVerifier: z.string(),
  /** What came back to the callback. */
  returned: z.array(z.tuple([z.string(), z.string()])).optional(),
  token: exchangeShape.optional(),
  userinfo: exchangeShape.optional(),
  refresh: exchangeShape.optional(),
  accessToken: z.string().optional(),
  refreshToken: z.string().optional(),
  idToken: z.string().optional(),
});
export type Trial = z.output<typeof trialShape>;

export interface Trials {
  /** The newest takes the place of the one before. */
  keep(session: string, cookie: string, trial: Trial): void;
  find(session: string, cookie: string, clientId: string): Trial | undefined;
  /** For the callback, which knows the state alone. */
  withState(session: string, cookie: string, state: string): Trial | undefined;
  /** Forgets what has expired. */
  purge(): void;
}

const LIFETIME_MS = 3_600_000;

export function sqliteTrials({
  database,
  hash,
  clock,
}: Pick<PortalParts, 'database' | 'hash' | 'clock'>): Trials {
  const upsert = database.prepare(
    `insert into trial (session, client_id, state, sealed, expires_at)
     values (:session, :clientId, :state, :sealed, :expiresAt)
     on conflict (session, client_id) do update
       set state = excluded.state, sealed = excluded.sealed, expires_at = excluded.expires_at`,
  );
  const byClient = database.prepare(
    `select sealed from trial where session = :session and client_id = :clientId and expires_at > :now`,
  );
  const byState = database.prepare(
    `select sealed from trial where session = :session and state = :state and expires_at > :now`,
  );
  const purge = database.prepare('delete from trial where expires_at <= :now');
  const keyOf = (cookie: string) => hash('trial', cookie);
  const now = () => clock.now().getTime();
  const opened = (cookie: string, row: unknown) =>
    row === undefined
      ? undefined
      : trialShape.parse(unseal(keyOf(cookie), (row as { sealed: string }).sealed));

  return {
    keep(session, cookie, trial) {
      upsert.run({
        ...{ session, clientId: trial.clientId, state: hash('trial-state', trial.state) },
        sealed: seal(keyOf(cookie), trial),
        expiresAt: now() + LIFETIME_MS,
      });
    },
    find: (session, cookie, clientId) => opened(cookie, byClient.get({ session, clientId, now: now() })),
    withState: (session, cookie, state) =>
      opened(cookie, byState.get({ session, state: hash('trial-state', state), now: now() })),
    purge() {
      purge.run({ now: now() });
    },
  };
}
