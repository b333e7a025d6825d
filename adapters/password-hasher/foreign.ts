/**
 * Passwords brought along from other systems, in front of our own hasher: «k1:{bcrypt:10:…}$argon2id$…» is our hash of
 * the digest the other system would compute. Right once, it is outdated, and whoever asked replaces it by one of ours.
 *
 * As long as such hashes are left, every wrong answer costs what any of them costs, whosever it is (security.md class
 * 5): the kinds that are left are computed for nobody, and where an old portal is asked, everybody waits as long.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { ForeignDigests } from './foreign-digest.ts';
import { type ForeignScheme, parseForeignHash, type Recipe } from './foreign-hash.ts';
import { type OldPortal, PORTAL } from './foreign-portal.ts';
import type { ForeignHashes, PasswordHasher, PasswordJudgement } from './password-hasher.ts';
import type { WaitingLine } from './waiting-line.ts';

const STORED =
  /^(?<pepper>[^:{]*:)\{(?<scheme>[a-z0-9-]+):(?<cost>[0-9]+):(?<salt>[A-Za-z0-9_-]*)\}(?<phc>.*)$/;
/** Kinds that cost nothing to speak of beside our own hash. */
const QUICK = /^(?:md5|sha1|sha256)-/;
/** As argon2id.ts has it; what is longer was never set anywhere. */
const LONGEST_PASSWORD = 4_096;
const BCRYPT_SALT = 'abcdefghijklmnopqrstuO';

export type ForeignNeeds = {
  /** Ours; must take its turns in `line`. */
  readonly own: PasswordHasher;
  readonly line: WaitingLine;
  readonly digests: ForeignDigests;
  /** The kinds («bcrypt:10») of which somebody still has one. */
  readonly left: () => Promise<readonly string[]>;
  /** Absent: whoever is marked for it has to set a new password. */
  readonly portal?: OldPortal;
};

export function foreignAware({
  own,
  line,
  digests,
  left,
  portal,
}: ForeignNeeds): PasswordHasher & ForeignHashes {
  const judge = async (
    stored: Stored,
    password: string,
    signal?: AbortSignal,
  ): Promise<PasswordJudgement> => {
    if ('login' in stored) return (await portal?.judge(stored.login, password)) ?? wrong;
    const digest = await line.take(() => digests.digest(stored.recipe, password), signal);
    const { matches } = await own.verify(stored.inner, digest, signal && { signal });
    return { matches, outdated: matches };
  };

  /** What the wrong answer would have cost anybody else. */
  const evenOut = async (kind: string | undefined, password: string, since: number): Promise<boolean> => {
    const kinds = await left();
    for (const other of kinds.filter((one) => one !== kind && one !== PORTAL && !QUICK.test(one))) {
      await line.take(() => digests.digest(nobodys(other), password));
    }
    if (!portal || !kinds.includes(PORTAL)) return false;
    await pause(Math.max(0, portal.usualMilliseconds() - (performance.now() - since)));
    return portal.isAway();
  };

  return {
    hash: own.hash,
    async verify(stored, password, options) {
      const since = performance.now();
      const isPossible = password.length <= LONGEST_PASSWORD;
      const typed = password.slice(0, LONGEST_PASSWORD);
      const foreign = stored === undefined ? undefined : readStored(stored);
      const judged = foreign
        ? await judge(foreign, typed, options?.signal)
        : await own.verify(stored, password, options);
      if (judged.matches && isPossible) return judged;
      const isAway = await evenOut(foreign?.kind, typed, since);
      return isAway ? { ...wrong, undecided: true } : wrong;
    },
    stats: own.stats,
    async adopt(offered) {
      if (offered.as === 'portal') {
        if (offered.hash.trim() === '') return { ok: false, fault: 'login_missing' };
        return { ok: true, hash: written('', PORTAL, Buffer.from(offered.hash.trim()), ''), kind: PORTAL };
      }
      const parsed = parseForeignHash(offered);
      if (!parsed.ok) return parsed;
      const { scheme, cost, salt, digest } = parsed.value;
      const kind = `${scheme}:${cost}`;
      const inner = await own.hash(digest);
      const colon = inner.indexOf(':') + 1;
      return { ok: true, hash: written(inner.slice(0, colon), kind, salt, inner.slice(colon)), kind };
    },
  };
}

const wrong: PasswordJudgement = { matches: false, outdated: false };

type Stored =
  | { readonly kind: typeof PORTAL; readonly login: string }
  | { readonly kind: string; readonly recipe: Recipe; readonly inner: string };

function written(pepper: string, kind: string, salt: Buffer, phc: string): string {
  return `${pepper || ':'}{${kind}:${salt.toString('base64url')}}${phc}`;
}

function readStored(stored: string): Stored | undefined {
  const found = STORED.exec(stored)?.groups;
  if (!found) return undefined;
  const { pepper = '', scheme = '', cost = '', phc = '' } = found;
  const salt = Buffer.from(found.salt ?? '', 'base64url');
  const kind = `${scheme}:${cost}`;
  if (kind === PORTAL) return { kind: PORTAL, login: salt.toString('utf8') };
  const recipe: Recipe = { scheme: scheme as ForeignScheme, cost: Number(cost), salt };
  return { kind, recipe, inner: pepper + phc };
}

/** The same work for nobody. */
function nobodys(kind: string): Recipe {
  const [scheme = '', cost = ''] = kind.split(':');
  const salt = scheme === 'bcrypt' ? Buffer.from(BCRYPT_SALT) : randomBytes(12);
  return { scheme: scheme as ForeignScheme, cost: Number(cost), salt };
}
