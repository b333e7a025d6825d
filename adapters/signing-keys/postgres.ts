/** Signing keys in the database, sealed. */
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import type { Cipher } from '../cipher/cipher.ts';
import type { Database, Queryable } from '../database/database.ts';
import {
  type PrivateJwk,
  ReplacedLately,
  RotationTooEarly,
  SIGNING_ALGS,
  type SigningAlg,
  type SigningKey,
  type SigningKeys,
} from './signing-keys.ts';

/** Relying parties keep a JWKS for so long; a key must have been published before it signs. */
const PUBLISHED_BEFORE_USE_MINUTES = 15;
/** Longer than the longest session whose sign-out brings back an id_token as a hint. */
const RETIRED_KEPT = '30 days';
const PUBLISHED = `state <> 'retired' or state_since >= now() - interval '${RETIRED_KEPT}'`;
/** A key younger than this has hardly leaked once more: somebody pressed twice, or did not know of the first time. */
const NEW_MINUTES = 60;

export function postgresSigningKeys(database: Database, cipher: Cipher): SigningKeys {
  const insert = async (tx: Queryable, alg: SigningAlg, state: SigningKey['state']): Promise<void> => {
    const jwk = await newKey(alg);
    await tx.query(
      `insert into signing_key (kid, alg, state, jwk_sealed) values ($1, $2, $3, $4) on conflict do nothing`,
      [jwk.kid, alg, state, cipher.seal(JSON.stringify(jwk), sealingContext(jwk.kid))],
    );
  };

  return {
    async list() {
      const rows = await database.query<Omit<SigningKey, 'jwk'> & { sealed: string }>(
        `select kid, alg, state, state_since as "stateSince", jwk_sealed as sealed from signing_key
          where ${PUBLISHED} order by array_position(array['current', 'next', 'retired'], state), alg, state_since desc`,
      );
      return rows.map(({ sealed, ...key }) => ({
        ...key,
        jwk: JSON.parse(cipher.open(sealed, sealingContext(key.kid))) as PrivateJwk,
      }));
    },
    async version() {
      const [row] = await database.query<{ version: string | null }>(
        `select string_agg(kid || ':' || state, ',' order by kid) as version from signing_key
          where ${PUBLISHED}`,
      );
      return row?.version ?? '';
    },
    async ensure() {
      for (const alg of SIGNING_ALGS) {
        for (const state of ['current', 'next'] as const) {
          const present = await database.query('select 1 from signing_key where alg = $1 and state = $2', [
            alg,
            state,
          ]);
          // Two processes may both come here; the unique index lets one of them in.
          if (present.length === 0) await insert(database, alg, state);
        }
      }
    },
    async rotate(alg) {
      await database.transaction(async (tx) => {
        const [next] = await tx.query<{ readyAt: Date; ready: boolean }>(
          `select state_since + make_interval(mins => $2) as "readyAt",
                  state_since + make_interval(mins => $2) <= now() as ready
             from signing_key where alg = $1 and state = 'next' for update`,
          [alg, PUBLISHED_BEFORE_USE_MINUTES],
        );
        if (next && !next.ready) throw new RotationTooEarly(next.readyAt);
        await tx.query(`delete from signing_key where alg = $1 and not (${PUBLISHED})`, [alg]);
        await tx.query(
          `update signing_key set state = 'retired', state_since = now() where alg = $1 and state = 'current'`,
          [alg],
        );
        await tx.query(
          `update signing_key set state = 'current', state_since = now() where alg = $1 and state = 'next'`,
          [alg],
        );
        await insert(tx, alg, 'next');
      });
    },
    async replaceLeaked(algs, { again = false } = {}) {
      await database.transaction(async (tx) => {
        // Of two who press at the same moment the second one finds new keys.
        await tx.query('lock table signing_key in share row exclusive mode');
        const [current] = await tx.query<{ minutes: number }>(
          `select floor(extract(epoch from clock_timestamp() - max(state_since)) / 60)::integer as minutes
             from signing_key where state = 'current' and alg = any($1) having count(*) > 0`,
          [algs],
        );
        if (current && current.minutes < NEW_MINUTES && !again) throw new ReplacedLately(current.minutes);
        await tx.query('delete from signing_key where alg = any($1)', [algs]);
        for (const alg of algs) {
          await insert(tx, alg, 'current');
          await insert(tx, alg, 'next');
        }
      });
    },
  };
}

async function newKey(alg: SigningAlg): Promise<PrivateJwk> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, kty: jwk.kty as string, alg, use: 'sig', kid: await calculateJwkThumbprint(jwk) };
}

const sealingContext = (kid: string): string => `signing_key:${kid}`;
