/**
 * Who is signed in at this portal. The browser holds a random value, the table its keyed hash; ended is deleted. Knows
 * neither cookies nor the gateway.
 */
import type { Clock } from './clock.ts';
import { type Database, inTransaction } from './database.ts';
import { type KeyedHash, randomValue } from './keyed-hash.ts';
import type { Profile } from './profile.ts';

export type Session = {
  readonly id: string;
  /** Pairwise: says nothing outside this portal. */
  readonly sub: string;
  readonly idToken: string;
  readonly profile: Profile;
};

/** What the gateway said about a person who has just signed in there. */
export type SignedIn = {
  readonly sub: string;
  readonly sid?: string | undefined;
  readonly idToken: string;
};

/** A logout token that was found good. `sid` or `sub`, or both, name what ends. */
export type Logout = {
  readonly jti: string;
  readonly expiresAt: Date;
  readonly sid?: string | undefined;
  readonly sub?: string | undefined;
};

export interface Sessions {
  /** Returns the value for the cookie. */
  start(signedIn: SignedIn, profile: Profile): string;
  /** The live session of a cookie's value; counts as its use. */
  find(value: string): Session | undefined;
  /** The same person was at the gateway again: later logouts name the newer gateway session. */
  renew(id: string, signedIn: SignedIn): void;
  /** What is known of the person now. */
  learn(id: string, profile: Profile): void;
  end(id: string): void;
  /** Ends what the token names, once: undefined when its jti was seen before, else the number of sessions ended. */
  obey(logout: Logout): number | undefined;
  /** Forgets what has expired. */
  purge(): void;
}

const ABSOLUTE_MS = 12 * 3_600_000;
const IDLE_MS = 2 * 3_600_000;
/** A use is written down at most this often. */
const TOUCH_MS = 60_000;

type Row = {
  id: string;
  sub: string;
  id_token: string;
  profile: string;
  seen_at: number;
};

export function sqliteSessions(database: Database, hash: KeyedHash, clock: Clock): Sessions {
  const insert = database.prepare(
    `insert into session (id, sub, sid, id_token, profile, seen_at, expires_at)
     values (:id, :sub, :sid, :idToken, :profile, :now, :expiresAt)`,
  );
  const select = database.prepare(
    `select id, sub, id_token, profile, seen_at from session
     where id = :id and expires_at > :now and seen_at > :idleSince`,
  );
  const touch = database.prepare('update session set seen_at = :now where id = :id');
  const update = database.prepare('update session set sid = :sid, id_token = :idToken where id = :id');
  const learn = database.prepare('update session set profile = :profile where id = :id');
  const remove = database.prepare('delete from session where id = :id');
  const removeBySid = database.prepare(
    'delete from session where sid = :sid and (:sub is null or sub = :sub)',
  );
  const removeBySub = database.prepare('delete from session where sub = :sub');
  const remember = database.prepare(
    'insert into logout_token (jti, expires_at) values (:jti, :expiresAt) on conflict do nothing',
  );
  const purgeSessions = database.prepare(
    'delete from session where expires_at <= :now or seen_at <= :idleSince',
  );
  const purgeTokens = database.prepare('delete from logout_token where expires_at <= :now');

  const idleSince = (now: number) => now - IDLE_MS;

  return {
    start({ sub, sid = null, idToken }, profile) {
      const value = randomValue();
      const now = clock.now().getTime();
      insert.run({
        id: hash('session', value),
        sub,
        sid,
        idToken,
        profile: JSON.stringify(profile),
        now,
        expiresAt: now + ABSOLUTE_MS,
      });
      return value;
    },
    find(value) {
      const now = clock.now().getTime();
      const id = hash('session', value);
      const row = select.get({ id, now, idleSince: idleSince(now) }) as Row | undefined;
      if (!row) return undefined;
      if (now - row.seen_at >= TOUCH_MS) touch.run({ id, now });
      return { id, sub: row.sub, idToken: row.id_token, profile: JSON.parse(row.profile) as Profile };
    },
    renew(id, { sid = null, idToken }) {
      update.run({ id, sid, idToken });
    },
    learn(id, profile) {
      learn.run({ id, profile: JSON.stringify(profile) });
    },
    end(id) {
      remove.run({ id });
    },
    obey({ jti, expiresAt, sid, sub = null }) {
      return inTransaction(database, () => {
        const fresh = remember.run({ jti, expiresAt: expiresAt.getTime() }).changes === 1;
        if (!fresh) return undefined;
        const { changes } = sid === undefined ? removeBySub.run({ sub }) : removeBySid.run({ sid, sub });
        return Number(changes);
      });
    },
    purge() {
      const now = clock.now().getTime();
      purgeSessions.run({ now, idleSince: idleSince(now) });
      purgeTokens.run({ now });
    },
  };
}
