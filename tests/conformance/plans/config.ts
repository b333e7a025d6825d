/** oidcc-config-certification-test-plan: what discovery and the key set must say. */
import assert from 'node:assert/strict';
import * as breaks from '../support/breaks.ts';
import { json } from '../support/id-token.ts';
import type { Module } from '../support/run-plan.ts';
import type { Server } from '../support/server.ts';

type Metadata = Readonly<Record<string, unknown>>;

export const metadataOf = (server: Server): Promise<Metadata> =>
  json(server, '/.well-known/openid-configuration');

/** OpenID Connect Discovery 3. */
export function assertList(metadata: Metadata, name: string, members: readonly string[]): void {
  const list = metadata[name];
  assert.ok(Array.isArray(list) && list.length > 0, `${name} is no list`);
  for (const member of members) assert.ok(list.includes(member), `${name} lacks ${member}`);
}

export function assertEndpoint(metadata: Metadata, name: string): void {
  const url = URL.parse(String(metadata[name]));
  assert.equal(url?.protocol, 'https:', `${name} is no https address`);
  assert.equal(url?.hash, '', `${name} has a fragment`);
}

const PRIVATE_PARTS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** RFC 7517 §4, §9.3; OpenID Connect Core 10.1. */
function assertKeys(keys: readonly Readonly<Record<string, unknown>>[]): void {
  assert.ok(keys.length > 0, 'no keys');
  const names = keys.map(({ kid }) => kid);
  assert.equal(new Set(names).size, keys.length, 'two keys of one name');
  for (const key of keys) {
    for (const part of PRIVATE_PARTS)
      assert.ok(!(part in key), `the private part ${part} of a key is published`);
    assert.ok(['RSA', 'EC', 'OKP'].includes(String(key.kty)), `kty ${key.kty}`);
    const modulus = Buffer.from(String(key.n ?? ''), 'base64url');
    assert.ok(key.kty !== 'RSA' || modulus.length >= 256, 'an RSA key of less than 2048 bits');
  }
  assert.ok(
    keys.some(({ kty, use }) => kty === 'RSA' && use === 'sig'),
    'no key for RS256',
  );
}

export const config: readonly Module[] = [
  {
    name: 'oidcc-discovery-endpoint-verification',
    async check(server) {
      const metadata = await metadataOf(server);
      assert.equal(metadata.issuer, server.issuer, 'issuer is not where its metadata lie');
      for (const name of Object.keys(metadata).filter((key) => key.endsWith('_endpoint'))) {
        assertEndpoint(metadata, name);
      }
      for (const name of ['authorization_endpoint', 'token_endpoint', 'userinfo_endpoint', 'jwks_uri']) {
        assertEndpoint(metadata, name);
      }
      assertList(metadata, 'scopes_supported', ['openid']);
      assertList(metadata, 'response_types_supported', ['code']);
      assertList(metadata, 'grant_types_supported', ['authorization_code']);
      assertList(metadata, 'claims_supported', ['sub', 'iss', 'auth_time', 'acr']);
      assertList(metadata, 'id_token_signing_alg_values_supported', ['RS256']);
      const subjects = metadata.subject_types_supported as string[];
      assert.ok(
        subjects.some((type) => ['public', 'pairwise'].includes(type)),
        'no known subject type',
      );
      const methods = metadata.token_endpoint_auth_methods_supported as string[];
      assert.ok(methods.includes('client_secret_basic'), 'client_secret_basic is not offered');
      assert.equal(metadata.claims_parameter_supported, true, 'claims_parameter_supported is not true');
      // Left out it would mean true (OpenID Connect Discovery 3).
      assert.equal(typeof metadata.request_uri_parameter_supported, 'boolean', 'request_uri by silence');
      const { keys } = await json(server, '/jwks');
      assertKeys(keys as Readonly<Record<string, unknown>>[]);
    },
    brokenBy: [
      [
        breaks.metadata('discovery names another issuer', (body) => {
          body.issuer = 'https://other.example.test';
        }),
        /issuer is not where/,
      ],
      [
        breaks.metadata('an endpoint is not under TLS', (body) => {
          body.introspection_endpoint = 'http://localhost/introspection';
        }),
        /introspection_endpoint is no https/,
      ],
      [breaks.metadata('there is no jwks_uri', (body) => delete body.jwks_uri), /jwks_uri is no https/],
      [
        breaks.metadata('RS256 is not offered', (body) => {
          body.id_token_signing_alg_values_supported = ['ES256'];
        }),
        /lacks RS256/,
      ],
      [
        breaks.metadata('openid is no scope', (body) => {
          body.scopes_supported = ['profile'];
        }),
        /lacks openid/,
      ],
      [breaks.privateKeysInSet, /private part d/],
      [breaks.noKeys, /no keys/],
    ],
  },
];
