import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { describe, expect, it } from 'vitest';
import { metadataJudge, OWN_METADATA } from '../../../provider/oidc/client-rules.ts';

const registering = { oidc: { route: 'registration' } } as unknown as KoaContextWithOIDC;
const judge = (
  metadata: object,
  { sandbox = false, ctx = undefined as KoaContextWithOIDC | undefined } = {},
) => {
  for (const key of OWN_METADATA) {
    metadataJudge(sandbox)(ctx, key, (metadata as Record<string, unknown>)[key], metadata);
  }
};

describe('redirect addresses', () => {
  it.each(['https://portal.example.test/callback', 'https://portal.example.test:8443/callback?tenant=1'])(
    'take %s',
    (uri) => {
      expect(() => judge({ redirect_uris: [uri] })).not.toThrow();
    },
  );

  it.each([
    'http://portal.example.test/callback',
    'http://localhost:8080/callback',
    'https://portal.example.test/callback#fragment',
    'https://portal.example.test/*',
    'https://*.example.test/callback',
    'https://user:secret@portal.example.test/callback',
    'javascript:alert(1)',
    'ru.example.app:/callback',
    'nonsense',
  ])('refuse %s', (uri) => {
    expect(() => judge({ redirect_uris: [uri] })).toThrow(errors.InvalidClientMetadata);
  });

  it('of native applications may be loopback or a scheme with a dot (RFC 8252)', () => {
    const native = { application_type: 'native' };
    expect(() =>
      judge({ ...native, redirect_uris: ['http://127.0.0.1/cb', 'ru.example.app:/cb'] }),
    ).not.toThrow();
    expect(() => judge({ ...native, redirect_uris: ['app:/cb'] })).toThrow(errors.InvalidClientMetadata);
    expect(() => judge({ ...native, redirect_uris: ['http://example.test/cb'] })).toThrow(
      errors.InvalidClientMetadata,
    );
  });

  it('may be http on loopback in the sandbox, and nowhere else', () => {
    const metadata = {
      redirect_uris: ['http://localhost:1/cb'],
      backchannel_logout_uri: 'http://127.0.0.1:1/out',
    };
    expect(() => judge(metadata, { sandbox: true })).not.toThrow();
    expect(() => judge({ ...metadata, redirect_uris: ['https://a.test/cb'] })).toThrow(
      errors.InvalidClientMetadata,
    );
    expect(() => judge({ redirect_uris: ['http://192.168.0.1/cb'] }, { sandbox: true })).toThrow();
  });
});

describe('a client that registers itself', () => {
  const metadata = { redirect_uris: ['https://a.test/cb'] };

  it.each(OWN_METADATA)('may not set %s', (name) => {
    expect(() => judge({ ...metadata, [name]: true }, { ctx: registering })).toThrow(
      errors.InvalidClientMetadata,
    );
  });

  it('may name its keys, but no request objects, for us to fetch', () => {
    const judged = (more: object) => () => judge({ ...metadata, ...more }, { ctx: registering });
    expect(judged({ jwks_uri: 'https://a.test/jwks' })).not.toThrow();
    expect(judged({ jwks_uri: 'http://a.test/jwks' })).toThrow(errors.InvalidClientMetadata);
    expect(judged({ request_uris: ['https://a.test/request'] })).toThrow(errors.InvalidClientMetadata);
  });

  it('may ask for the open scopes alone', () => {
    expect(() => judge({ ...metadata, scope: 'openid profile' }, { ctx: registering })).not.toThrow();
    expect(() => judge({ ...metadata, scope: 'openid ticket' }, { ctx: registering })).toThrow(
      errors.InvalidClientMetadata,
    );
  });
});
