import { describe, expect, it } from 'vitest';
import { profileFault, withProfile } from '../../../provider/oidc/client/profile.ts';
import { fieldFault } from '../../../provider/oidc/own-metadata.ts';

const strict = { profile: 'fapi2', token_endpoint_auth_method: 'private_key_jwt' };

describe('the strict profile', () => {
  it('fills in what it needs and is content with that', () => {
    expect(profileFault(withProfile(strict))).toBeUndefined();
    const byCertificate = { ...strict, tls_client_certificate_bound_access_tokens: true };
    expect(withProfile(byCertificate)).toMatchObject({ dpop_bound_access_tokens: false });
    expect(profileFault(withProfile(byCertificate))).toBeUndefined();
  });

  it.each([
    { token_endpoint_auth_method: 'client_secret_basic' },
    { token_endpoint_auth_method: 'none' },
    { require_pushed_authorization_requests: false },
    { require_pkce: false },
    { dpop_bound_access_tokens: false },
    { id_token_signed_response_alg: 'RS256' },
    { token_endpoint_auth_signing_alg: 'RS256' },
    { request_object_signing_alg: 'RS256' },
  ])('refuses %j', (change) => {
    expect(profileFault(withProfile({ ...strict, ...change }))).toEqual(expect.any(String));
    expect(profileFault(withProfile({ ...strict, ...change, profile: undefined }))).toBeUndefined();
  });
});

describe('own fields', () => {
  it.each([
    ['access_token_seconds', 600],
    ['refresh_token_seconds', 30 * 24 * 3_600],
    ['id_token_seconds', 60],
    ['resources', [{ uri: 'https://api.test/', scopes: ['books:read'], format: 'opaque' }]],
    ['serves', ['https://api.test/']],
    ['exchangeable_by', ['books']],
    ['first_party', true],
    ['profile', 'fapi2'],
  ])('take %s %j', (name, value) => {
    expect(fieldFault(name, value)).toBeUndefined();
  });

  it.each([
    ['access_token_seconds', 59],
    ['access_token_seconds', 3_601],
    ['access_token_seconds', '600'],
    ['refresh_token_seconds', 31 * 24 * 3_600],
    ['id_token_seconds', 0.5],
    ['resources', [{ uri: 'https://api.test/#a', scopes: ['a'] }]],
    ['resources', [{ uri: 'https://api.test/', scopes: ['email'] }]],
    ['resources', [{ uri: 'https://api.test/', scopes: ['a'], alg: 'HS256' }]],
    ['resources', [{ uri: 'https://api.test/', scopes: [] }]],
    [
      'resources',
      [
        { uri: 'https://api.test/', scopes: ['a'] },
        { uri: 'https://api.test/', scopes: ['b'] },
      ],
    ],
    ['serves', ['api']],
    ['profile', 'fapi1'],
    ['first_party', 'yes'],
    ['required_membership', ['friend']],
    ['released_claims', ['e-mail']],
  ])('refuse %s %j', (name, value) => {
    expect(fieldFault(name, value)).toContain(name);
  });
});
