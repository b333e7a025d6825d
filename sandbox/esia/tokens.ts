/** Codes and tokens as ESIA makes them: signed JWTs without `kid`, with claims of its own, as captured ones have them. */
import { randomUUID } from 'node:crypto';
import type { Authority } from './authority.ts';
import type { Faults } from './faults.ts';
import type { EsiaPerson } from './people.ts';
import type { System } from './systems.ts';

export const CODE_SECONDS = 240;
const ACCESS_SECONDS = 3_600;
const ID_SECONDS = 10_800;
const SHIFTS: Readonly<Record<string, number>> = { expired: -2 * 86_400, 'not-yet-valid': 86_400 };

export type BrowserSession = {
  readonly sid: string;
  readonly person: EsiaPerson;
  /** Seconds. */
  readonly authTime: number;
  readonly method: 'PWD' | 'DS';
};

export type Granted = {
  readonly system: System;
  readonly session: BrowserSession;
  readonly scopes: readonly string[];
};

type Made = {
  readonly authority: Authority;
  readonly issuer: string;
  readonly now: Date;
  readonly faults: Faults;
};

/** The authorization code: a JWT of some 1 400 characters. */
export function makeCode(
  { system, session, scopes }: Granted,
  browser: { state: string; ip: string; agent: string },
  { authority, issuer, now }: Made,
): string {
  const iat = seconds(now);
  const { person } = session;
  return authority.sign(
    system.token_alg,
    { ver: 1, typ: 'JWT', sbt: 'authorization_code' },
    {
      nbf: iat,
      scope: scopeOf(scopes, person),
      auth_time: session.authTime,
      iss: issuer,
      'urn:esia:sid': session.sid,
      'urn:esia:client:state': browser.state,
      auth_mthd: session.method,
      'urn:esia:sbj': {
        'urn:esia:sbj:typ': 'P',
        'urn:esia:sbj:is_tru': isTrusted(person),
        'urn:esia:sbj:oid': person.oid,
        'urn:esia:sbj:nam': `OID.${person.oid}`,
        'urn:esia:sbj:eid': eid(person),
      },
      exp: iat + CODE_SECONDS,
      params: { remote_ip: browser.ip, user_agent: browser.agent },
      iat,
      client_id: system.mnemonic,
      jti: randomUUID(),
    },
  );
}

/** The body of a token response. */
export function makeTokens(granted: Granted, state: string, made: Made): Record<string, unknown> {
  const { system, session, scopes } = granted;
  const { faults, issuer } = made;
  const { person } = session;
  const now = seconds(made.now) + (SHIFTS[faults.tokens ?? ''] ?? 0);
  const iss = faults.tokens === 'wrong-iss' ? 'http://esia.example.test/' : issuer;
  const accessToken = {
    scope: scopeOf(scopes, person),
    iss,
    nbf: now,
    'urn:esia:sid': session.sid,
    'urn:esia:sbj_id': person.oid,
    exp: now + ACCESS_SECONDS,
    iat: now,
    client_id: faults.tokens === 'other-client' ? 'OTHER' : system.mnemonic,
  };
  const idToken = {
    aud: faults.tokens === 'wrong-aud' ? 'OTHER' : system.mnemonic,
    sub: faults.quirk === 'string-sub' ? String(person.oid) : person.oid,
    nbf: now,
    amr: faults.quirk === 'unknown-amr' ? 'BIO' : session.method,
    'urn:esia:amd': session.method,
    auth_time: faults.quirk === 'auth-time-ms' ? session.authTime * 1_000 : session.authTime,
    exp: now + ID_SECONDS,
    iat: now,
    iss,
    'urn:esia:sid': session.sid,
    'urn:esia:sbj': {
      'urn:esia:sbj:typ': 'P',
      // Absent unless confirmed.
      ...(isTrusted(person) && faults.quirk !== 'no-is-tru' && { 'urn:esia:sbj:is_tru': true }),
      'urn:esia:sbj:oid': faults.tokens === 'other-subject' ? person.oid + 1 : person.oid,
      'urn:esia:sbj:nam': `OID.${person.oid}`,
      'urn:esia:sbj:eid': eid(person),
      'urn:esia:sbj:lvl': levelOf(person),
    },
  };
  return {
    access_token: signToken('access', 1, accessToken, system, made),
    ...(scopes.includes('openid') &&
      faults.tokens !== 'no-id-token' && { id_token: signToken('id', 0, idToken, system, made) }),
    state: faults.tokens === 'wrong-state' ? randomUUID() : state,
    token_type: 'Bearer',
    expires_in: faults.quirk === 'string-expires-in' ? String(ACCESS_SECONDS) : ACCESS_SECONDS,
  };
}

function signToken(
  sbt: 'id' | 'access',
  ver: number,
  payload: object,
  { token_alg }: System,
  { authority, faults }: Made,
): string {
  const header = { ver, typ: 'JWT', sbt: faults.tokens === 'wrong-sbt' ? 'refresh' : sbt };
  const other = token_alg === 'RS256' ? 'GOST3410_2012_256' : 'RS256';
  const [head = '', body = '', mark = ''] = (
    faults.tokens === 'foreign-key'
      ? authority.signWithForeignKey(token_alg, header, payload)
      : authority.sign(faults.tokens === 'other-alg' ? other : token_alg, header, payload)
  ).split('.');
  const signature = Buffer.from(mark, 'base64url');
  switch (faults.tokens) {
    case 'flipped-bit':
      signature[signature.length - 1]! ^= 1;
      break;
    case 'reversed-signature':
      signature.reverse();
      break;
    case 'alg-none':
      return `${headerWith({ ...header, alg: 'none' })}.${body}.`;
    case 'alg-hs256':
      return `${headerWith({ ...header, alg: 'HS256' })}.${body}.${mark}`;
    default:
  }
  return `${head}.${body}.${signature.toString('base64url')}`;
}

/** What is the person's own names whose. */
function scopeOf(scopes: readonly string[], { oid }: EsiaPerson): string {
  return scopes.map((scope) => (scope === 'openid' ? scope : `${scope}?oid=${oid}`)).join(' ');
}

const headerWith = (header: object): string => Buffer.from(JSON.stringify(header)).toString('base64url');
const seconds = (at: Date): number => Math.floor(at.getTime() / 1_000);
const isTrusted = ({ level }: EsiaPerson): boolean => level === 'confirmed';
const eid = ({ oid }: EsiaPerson): number => oid + 20_000_000;

function levelOf({ level }: EsiaPerson): string {
  if (level === 'child') return 'KD';
  return level === 'confirmed' ? 'PR' : 'P';
}
