/**
 * Authorization requests under way: what must be known when the answer comes, kept on our side and bound to the browser
 * that began. Knows nothing of what the answer is for.
 */
import type { Clock } from './clock.ts';
import type { Database } from './database.ts';
import type { KeyedHash } from './keyed-hash.ts';

export type AuthorizationRequest = {
  readonly state: string;
  /** Value of the cookie that marks the browser. */
  readonly browser: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** Name of the purpose the answer is handed to. */
  readonly purpose: string;
  /** Path and query within the portal. */
  readonly returnTo: string;
  /** Asked with prompt=none. */
  readonly silent: boolean;
};

export interface AuthorizationRequests {
  add(request: AuthorizationRequest): void;
  /** Takes it out: of two simultaneous answers with one state, one finds it. */
  take(state: string, browser: string): AuthorizationRequest | undefined;
  /** Forgets what has expired. */
  purge(): void;
}

/** Long, because somebody may have to create an account first. */
const LIFETIME_MS = 2 * 3_600_000;

type Row = {
  nonce: string;
  code_verifier: string;
  purpose: string;
  return_to: string;
  silent: number;
};

export function sqliteAuthorizationRequests(
  database: Database,
  hash: KeyedHash,
  clock: Clock,
): AuthorizationRequests {
  const insert = database.prepare(
    `insert into authorization_request
       (state, browser, nonce, code_verifier, purpose, return_to, silent, expires_at)
     values (:state, :browser, :nonce, :codeVerifier, :purpose, :returnTo, :silent, :expiresAt)`,
  );
  const remove = database.prepare(
    `delete from authorization_request where state = :state and browser = :browser and expires_at > :now
     returning nonce, code_verifier, purpose, return_to, silent`,
  );
  const purge = database.prepare('delete from authorization_request where expires_at <= :now');
  const keys = (state: string, browser: string) => ({
    state: hash('state', state),
    browser: hash('browser', browser),
  });

  return {
    add({ state, browser, nonce, codeVerifier, purpose, returnTo, silent }) {
      insert.run({
        ...keys(state, browser),
        nonce,
        codeVerifier,
        purpose,
        returnTo,
        silent: silent ? 1 : 0,
        expiresAt: clock.now().getTime() + LIFETIME_MS,
      });
    },
    take(state, browser) {
      const row = remove.get({ ...keys(state, browser), now: clock.now().getTime() }) as Row | undefined;
      return (
        row && {
          state,
          browser,
          nonce: row.nonce,
          codeVerifier: row.code_verifier,
          purpose: row.purpose,
          returnTo: row.return_to,
          silent: row.silent === 1,
        }
      );
    },
    purge() {
      purge.run({ now: clock.now().getTime() });
    },
  };
}
