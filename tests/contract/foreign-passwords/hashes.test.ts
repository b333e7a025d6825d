/** Hashes as PHP makes them (make-vectors.php), and what the world has published. */
import { randomBytes } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { argon2id, hashingLine } from '../../../adapters/password-hasher/argon2id.ts';
import { foreignAware } from '../../../adapters/password-hasher/foreign.ts';
import { type ForeignDigests, foreignDigests } from '../../../adapters/password-hasher/foreign-digest.ts';
import type { OldPortal } from '../../../adapters/password-hasher/foreign-portal.ts';
import type { OfferedHash } from '../../../adapters/password-hasher/password-hasher.ts';
import made from './vectors.json' with { type: 'json' };

const light = { memoryCost: 1_024, timeCost: 1, parallelism: 1 };
const peppers = [{ id: 'k1', key: randomBytes(32) }] as const;
const line = hashingLine({ atOnce: 2 });
const own = argon2id({ peppers, parameters: light, line });
const digests = foreignDigests();

/** Drepper's own examples, and one of Openwall's. */
const published = [
  {
    password: 'Hello world!',
    hash: '$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1',
    kind: 'sha512-crypt:5000',
  },
  {
    password: 'Hello world!',
    hash: '$6$rounds=10000$saltstringsaltst$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v.',
    kind: 'sha512-crypt:10000',
  },
  {
    password: 'U*U*',
    hash: '$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK',
    kind: 'bcrypt:5',
  },
];

function hasherWith(left: readonly string[] = [], portal?: OldPortal, by: ForeignDigests = digests) {
  return foreignAware({ own, line, digests: by, left: async () => left, ...(portal && { portal }) });
}

async function adopted(offered: OfferedHash): Promise<string> {
  const answer = await hasherWith().adopt(offered);
  if (!answer.ok) throw new Error(answer.fault);
  return answer.hash;
}

describe('a foreign hash', () => {
  it.each<OfferedHash & { password: string; kind: string }>([...made, ...published])(
    '$kind of «$password»',
    async ({ password, kind, ...offered }) => {
      const hasher = hasherWith([kind]);
      const answer = await hasher.adopt(offered);
      expect(answer).toMatchObject({ ok: true, kind });
      const hash = answer.ok ? answer.hash : '';
      expect(await hasher.verify(hash, password)).toEqual({ matches: true, outdated: true });
      expect(await hasher.verify(hash, `!${password}`)).toEqual({ matches: false, outdated: false });
    },
  );

  it('is kept under ours alone: nothing in it lets anybody guess fast', async () => {
    for (const { password: _, kind: _kind, ...offered } of made) {
      const digest = offered.hash.slice(-20).toLowerCase();
      const stored = await adopted(offered);
      expect(stored).toMatch(/^k1:\{[a-z0-9-]+:[0-9]+:[A-Za-z0-9_-]*\}\$argon2id\$/);
      expect(stored.toLowerCase()).not.toContain(digest);
    }
  });

  it('is worth nothing without the pepper', async () => {
    const stored = await adopted({ as: 'md5-sp', hash: '0'.repeat(32) });
    const thief = argon2id({ peppers: [{ id: 'k1', key: randomBytes(32) }], parameters: light });
    expect((await thief.verify(stored.replace(/\{.*\}/, ''), '0'.repeat(32))).matches).toBe(false);
  });

  it.each<[string, OfferedHash]>([
    ['hash_unknown', { hash: '' }],
    ['hash_unknown', { hash: 'ласточка' }],
    ['hash_unknown', { hash: '$2x$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK' }],
    ['hash_unknown', { hash: '$1$saltsalt$qjXMvbEw8oaL.CzflDtaK/' }],
    ['hash_unknown', { hash: '0'.repeat(31), as: 'md5-sp' }],
    ['hash_unknown', { hash: '0'.repeat(32) }],
    ['hash_unknown', { hash: '0'.repeat(32), as: 'rot13' }],
    ['hash_unknown', { hash: 'pbkdf2_sha256$1000$salt$c2hvcnQ=' }],
    ['hash_too_costly', { hash: '$2y$16$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK' }],
    ['hash_too_costly', { hash: `pbkdf2_sha256$999999999$salt$${Buffer.alloc(32).toString('base64')}` }],
    ['hash_too_costly', { hash: `$6$rounds=999999999$salt$${'.'.repeat(86)}` }],
    ['salt_misplaced', { hash: '$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK', salt: 'x' }],
    ['login_missing', { hash: ' ', as: 'portal' }],
  ])('%s: %j', async (fault, offered) => {
    expect(await hasherWith().adopt(offered)).toEqual({ ok: false, fault });
  });
});

describe('a wrong answer costs the same', () => {
  const kinds = ['bcrypt:5', 'md5-sp:0', 'pbkdf2-sha256:1000'];
  const bcrypt = { hash: '$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK' };

  /** What is computed beside our own hash. */
  async function workOf(stored: string | undefined): Promise<string[]> {
    const done: string[] = [];
    const counting: ForeignDigests = {
      digest(recipe, password) {
        done.push(`${recipe.scheme}:${recipe.cost}`);
        return digests.digest(recipe, password);
      },
    };
    expect((await hasherWith(kinds, undefined, counting).verify(stored, 'не то')).matches).toBe(false);
    return done.toSorted();
  }

  it('whoever is asked for: nobody, somebody with our hash, somebody with any other', async () => {
    const dear = ['bcrypt:5', 'pbkdf2-sha256:1000'];
    expect(await workOf(undefined)).toEqual(dear);
    expect(await workOf(await own.hash('ласточка над озером'))).toEqual(dear);
    expect(await workOf(await adopted(bcrypt))).toEqual(dear);
    // An MD5 is no work beside the rest.
    expect(await workOf(await adopted({ hash: '0'.repeat(32), as: 'md5-sp' }))).toEqual(
      ['md5-sp:0', ...dear].toSorted(),
    );
  });

  it('and nothing more than ours when none is left', async () => {
    const digest = vi.fn();
    expect(await hasherWith([], undefined, { digest }).verify(undefined, 'x')).toEqual({
      matches: false,
      outdated: false,
    });
    expect(digest).not.toHaveBeenCalled();
  });
});

describe('a password that lies at the old portal', () => {
  const portalOf = (judge: OldPortal['judge'], isAway = false): OldPortal => ({
    judge,
    isAway: () => isAway,
    usualMilliseconds: () => 30,
  });
  const asked = vi.fn<OldPortal['judge']>(async (login, password) => ({
    matches: login === 'Иванова' && password === 'верно',
    outdated: login === 'Иванова' && password === 'верно',
  }));

  it('is asked for by the login there, and by no other', async () => {
    const hasher = hasherWith(['portal:0'], portalOf(asked));
    const stored = await adopted({ as: 'portal', hash: ' Иванова ' });
    expect(await hasher.verify(stored, 'верно')).toEqual({ matches: true, outdated: true });
    expect(await hasher.verify(stored, 'не то')).toEqual({ matches: false, outdated: false });
    asked.mockClear();
    await hasher.verify(undefined, 'верно');
    await hasher.verify(await own.hash('x'), 'верно');
    expect(asked).not.toHaveBeenCalled();
  });

  it('makes everybody wait as long who is not let in', async () => {
    const hasher = hasherWith(['portal:0'], portalOf(asked));
    for (const stored of [undefined, await own.hash('x')]) {
      const since = performance.now();
      await hasher.verify(stored, 'не то');
      expect(performance.now() - since).toBeGreaterThanOrEqual(28);
    }
  });

  it('cannot be judged while the portal is away; and nobody learns whose lies there', async () => {
    const away = portalOf(async () => ({ matches: false, outdated: false, undecided: true }), true);
    const hasher = hasherWith(['portal:0'], away);
    const undecided = { matches: false, outdated: false, undecided: true };
    for (const stored of [await adopted({ as: 'portal', hash: 'Иванова' }), await own.hash('x'), undefined]) {
      expect(await hasher.verify(stored, 'не то')).toEqual(undecided);
    }
    expect(await hasher.verify(await own.hash('верно'), 'верно')).toEqual({ matches: true, outdated: false });
  });

  it('is wrong where no portal is configured', async () => {
    const stored = await adopted({ as: 'portal', hash: 'Иванова' });
    expect(await hasherWith(['portal:0']).verify(stored, 'верно')).toEqual({
      matches: false,
      outdated: false,
    });
  });
});
