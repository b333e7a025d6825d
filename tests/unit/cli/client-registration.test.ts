import { expect, test } from 'vitest';
import { complete, parseMetadata } from '../../../provider/cli/client-registration.ts';
import { OPEN_SCOPES } from '../../../provider/oidc/claims.ts';

test('a confidential client gets an id, 256 random bits and the open scopes', () => {
  const one = complete({ redirect_uris: ['https://a.test/cb'] });
  const two = complete({ redirect_uris: ['https://a.test/cb'] });
  expect(one.client_id).not.toBe(two.client_id);
  expect(one.client_secret).not.toBe(two.client_secret);
  expect(Buffer.from(one.client_secret ?? '', 'base64url')).toHaveLength(32);
  expect(one.scope).toBe(OPEN_SCOPES.join(' '));
});

test.each(['none', 'private_key_jwt'])('a client that authenticates by %s has no secret', (method) => {
  expect(complete({ token_endpoint_auth_method: method })).not.toHaveProperty('client_secret');
});

test('what the operator has written stays', () => {
  const metadata = { client_id: 'quiz', client_secret: 'x'.repeat(43), scope: 'openid membership' };
  expect(complete(metadata)).toEqual(metadata);
});

test('a file holds one client or several', () => {
  expect(parseMetadata('{"client_id":"a"}')).toEqual([{ client_id: 'a' }]);
  expect(parseMetadata('[{"client_id":"a"},{}]')).toEqual([{ client_id: 'a' }, {}]);
  for (const json of ['[]', '"a"', '[1]', 'null']) expect(() => parseMetadata(json)).toThrow();
});
