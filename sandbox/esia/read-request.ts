/** Requests as ESIA reads them: what is missing, repeated, unknown, too late, not granted, or not signed. */
import type { Protocol } from '../../adapters/upstream/esia/layouts.ts';
import { EsiaError } from './esia-error.ts';
import { judgeSignature } from './judge-signature.ts';
import { isScope } from './scopes.ts';
import type { System, Systems } from './systems.ts';

export type Rules = {
  readonly systems: Systems;
  readonly protocol: Protocol;
  readonly now: Date;
  /** How far the clocks may be apart. */
  readonly toleranceSeconds: number;
};

export type AuthorizationRequest = {
  readonly system: System;
  readonly scopes: readonly string[];
  readonly state: string;
  readonly redirectUri: string;
  readonly offline: boolean;
  readonly confirmedOnly: boolean;
  readonly challenge: { readonly value: string; readonly method: 'S256' | 'plain' } | undefined;
};

export type TokenRequest = {
  readonly protocol: Protocol;
  readonly system: System;
  readonly scopes: readonly string[];
  readonly state: string;
  readonly redirectUri: string;
  readonly grant:
    | { readonly kind: 'code'; readonly code: string; readonly verifier: string | undefined }
    | { readonly kind: 'refresh'; readonly token: string };
};

const TIMESTAMP = /^(\d{4})\.(\d\d)\.(\d\d) (\d\d:\d\d:\d\d) ([+-]\d\d)(\d\d)$/;

/** Who asks and where to answer. Throws EsiaError, which then cannot be told by a redirect. */
export function readReturnAddress(
  params: URLSearchParams,
  { systems }: Rules,
): { system: System; redirectUri: string } {
  const system = systemOf(params, systems);
  const redirectUri = required(params, 'redirect_uri');
  const address = URL.parse(redirectUri);
  const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(address?.hostname ?? '');
  const safe = address?.protocol === 'https:' || (address?.protocol === 'http:' && loopback);
  const { redirect_domains: domains } = system;
  if (!address || !safe || !domains.some((domain) => isWithin(address.hostname, domain))) {
    throw new EsiaError('ESIA-007023', {
      why: [
        `Адрес возврата ${redirectUri} не в доменах системы: ${domains.join(', ')}; нужен https (http – только для своего компьютера).`,
      ],
    });
  }
  return { system, redirectUri };
}

/** Throws EsiaError. */
export function readAuthorization(params: URLSearchParams, rules: Rules): AuthorizationRequest {
  const { system, redirectUri } = readReturnAddress(params, rules);
  const { scopes, state } = readCommon(params, system, redirectUri, rules);
  if (required(params, 'response_type') !== 'code') throw new EsiaError('ESIA-007009');
  const access = params.get('access_type') ?? 'online';
  if (access !== 'online' && access !== 'offline')
    throw new EsiaError('ESIA-007003', { about: 'access_type' });
  return {
    system,
    scopes,
    state,
    redirectUri,
    offline: access === 'offline',
    confirmedOnly: personFilter(params).includes('conf_acc'),
    challenge: challengeOf(params),
  };
}

/** `body`: undefined when it was no form. Throws EsiaError. */
export function readTokenRequest(body: URLSearchParams | undefined, rules: Rules): TokenRequest {
  const params = body ?? new URLSearchParams();
  const system = systemOf(params, rules.systems);
  const grantType = required(params, 'grant_type');
  if (grantType !== 'authorization_code' && grantType !== 'refresh_token') throw new EsiaError('ESIA-007012');
  const refreshing = grantType === 'refresh_token';
  const credential = required(params, refreshing ? 'refresh_token' : 'code');
  const redirectUri = required(params, 'redirect_uri');
  // Some clients that have worked for years leave it out.
  if ((params.get('token_type') ?? 'Bearer') !== 'Bearer')
    throw new EsiaError('ESIA-007003', { about: 'token_type' });
  const { scopes, state } = readCommon(
    params,
    system,
    redirectUri,
    rules,
    refreshing ? undefined : credential,
  );
  return {
    protocol: rules.protocol,
    system,
    scopes,
    state,
    redirectUri,
    grant: refreshing
      ? { kind: 'refresh', token: credential }
      : { kind: 'code', code: credential, verifier: params.get('code_verifier') ?? undefined },
  };
}

/** What both requests have, the signature last. */
function readCommon(
  params: URLSearchParams,
  system: System,
  redirectUri: string,
  { protocol, now, toleranceSeconds }: Rules,
  code?: string,
) {
  const repeated = [...params.keys()].find((name) => params.getAll(name).length > 1);
  if (repeated !== undefined)
    throw new EsiaError('ESIA-007003', { about: repeated, why: [`${repeated} указан дважды.`] });
  if (!params.get('scope')) throw new EsiaError('ESIA-007013');
  const scope = required(params, 'scope');
  const state = required(params, 'state');
  const timestamp = required(params, 'timestamp');
  const secret = required(params, 'client_secret');
  const certificateHash = protocol === 'v2' ? required(params, 'client_certificate_hash') : undefined;
  checkTime(timestamp, now, toleranceSeconds);
  const scopes = checkScopes(scope, system);
  const judgement = judgeSignature(
    {
      protocol,
      fields: {
        clientId: system.mnemonic,
        scope,
        scopeOrg: params.get('scope_org') ?? undefined,
        timestamp,
        state,
        redirectUri,
        code,
      },
      secret,
      certificateHash,
    },
    system,
  );
  if (!judgement.ok) {
    throw new EsiaError(protocol === 'v2' ? 'ESIA-007053' : system.v1_bad_signature, { why: judgement.why });
  }
  return { scopes, state };
}

function systemOf(params: URLSearchParams, systems: Systems): System {
  const mnemonic = required(params, 'client_id');
  const system = systems.get(mnemonic);
  if (system) return system;
  throw new EsiaError('ESIA-008010', {
    why: [`Системы с мнемоникой «${mnemonic}» нет; есть: ${[...systems.keys()].join(', ')}.`],
  });
}

function required(params: URLSearchParams, name: string): string {
  const value = params.get(name);
  if (value === null || value === '') throw new EsiaError('ESIA-007014', { about: name });
  return value;
}

function checkTime(timestamp: string, now: Date, toleranceSeconds: number): void {
  const [, year, month, day, time, hours, minutes] = TIMESTAMP.exec(timestamp) ?? [];
  const at = Date.parse(`${year}-${month}-${day}T${time}${hours}:${minutes}`);
  const apart = Math.round((at - now.getTime()) / 1_000);
  if (Number.isNaN(at)) {
    throw new EsiaError('ESIA-007015', {
      why: [
        `timestamp «${timestamp}» не похож на «2026.11.21 12:00:00 +0300». Если вместо «+» пробел, то «+» не закодирован как %2B.`,
      ],
    });
  }
  if (Math.abs(apart) > toleranceSeconds) {
    throw new EsiaError('ESIA-007015', {
      why: [`timestamp расходится с часами ЕСИА на ${apart} с; допустимо ${toleranceSeconds} с.`],
    });
  }
}

function checkScopes(scope: string, system: System): readonly string[] {
  const scopes = scope.split(' ');
  const unknown = scopes.filter((name) => !isScope(name));
  if (unknown.length > 0)
    throw new EsiaError('ESIA-007006', { why: [`Неизвестные области доступа: ${unknown.join(', ')}.`] });
  const refused = scopes.filter((name) => !system.scopes.some((granted) => granted === name));
  if (refused.length > 0) {
    throw new EsiaError('ESIA-007019', {
      why: [`Системе не согласованы области доступа: ${refused.join(', ')}.`],
    });
  }
  return scopes;
}

/** Base64 of names separated by spaces or commas. */
function personFilter(params: URLSearchParams): readonly string[] {
  return Buffer.from(params.get('person_filter') ?? '', 'base64')
    .toString('latin1')
    .split(/[\s,]+/);
}

function challengeOf(params: URLSearchParams): AuthorizationRequest['challenge'] {
  const value = params.get('code_challenge');
  const method = params.get('code_challenge_method') ?? 'plain';
  if (value === null) {
    if (params.has('code_challenge_method')) throw new EsiaError('ESIA-007039');
    return undefined;
  }
  if (method !== 'S256' && method !== 'plain')
    throw new EsiaError('ESIA-007038', { about: 'code_challenge_method' });
  return { value, method };
}

export function isWithin(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}
