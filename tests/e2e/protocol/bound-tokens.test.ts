import { createPublicKey } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localhostCertificate } from '../../support/certificate.ts';
import type { OpenHouse } from '../../support/house.ts';
import { type RelyingParty, relyingParty } from '../../support/relying-party.ts';
import {
  type Answer,
  arrive,
  basic,
  CALLBACK,
  type Keys,
  makeKeys,
  openScene,
  post,
  proofOf,
  SECRET,
  saveClient,
} from './scene.ts';

let open: OpenHouse;
let bound: RelyingParty;
let keys: Keys;
const certificate = localhostCertificate();
const foreign = localhostCertificate();
const endpoint = (path: string) => `${open.issuer}${path}`;

beforeAll(async () => {
  open = await openScene({
    HOST: '127.0.0.1',
    TRUSTED_PROXIES: '127.0.0.1',
    CLIENT_CERTIFICATE_HEADER: 'X-Client-Certificate',
    CLIENT_VERIFIED_HEADER: 'X-Client-Verified',
    MTLS_ORIGIN: 'https://mtls.id.test',
  });
  keys = await makeKeys('ES256');
  await saveClient(open, {
    client_id: 'bound',
    dpop_bound_access_tokens: true,
    require_dpop_nonce: true,
  });
  await saveClient(open, { client_id: 'free' });
  const machine = {
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
    scope: 'openid',
    tls_client_certificate_bound_access_tokens: true,
  };
  const jwk = createPublicKey(certificate.cert).export({ format: 'jwk' });
  const x5c = [certificate.cert.replace(/-----[A-Z ]+-----|\s/g, '')];
  await saveClient(open, {
    ...machine,
    client_id: 'self-signed',
    token_endpoint_auth_method: 'self_signed_tls_client_auth',
    jwks: { keys: [{ ...jwk, x5c }] },
  });
  await saveClient(open, {
    ...machine,
    client_id: 'authority',
    token_endpoint_auth_method: 'tls_client_auth',
    tls_client_auth_san_dns: 'localhost',
  });
  await saveClient(open, {
    ...machine,
    client_id: 'elsewhere',
    token_endpoint_auth_method: 'tls_client_auth',
    tls_client_auth_subject_dn: 'CN=other.test',
  });
  bound = await relyingParty({
    issuer: open.issuer,
    clientId: 'bound',
    secret: SECRET,
    redirectUri: CALLBACK,
  });
});
afterAll(() => open?.close());

describe('tokens bound by DPoP', () => {
  const codeForm = async (identifier: string) => {
    const { started, arrived } = await arrive(bound, identifier);
    return {
      grant_type: 'authorization_code',
      code: arrived.url.searchParams.get('code') ?? '',
      redirect_uri: CALLBACK,
      code_verifier: String(started.checks.pkceCodeVerifier),
    };
  };
  const redeem = async (form: Record<string, string>, proof?: string): Promise<Answer> =>
    post(endpoint('/token'), form, { ...basic('bound'), ...(proof && { DPoP: proof }) });
  const nonce = async (): Promise<string> => {
    const asked = await redeem(
      { grant_type: 'authorization_code', code: 'x', redirect_uri: CALLBACK },
      await proofOf(keys, { url: endpoint('/token') }),
    );
    return asked.headers.get('dpop-nonce') ?? '';
  };
  const userinfo = async (token: string, proof: string | undefined, scheme = 'DPoP') =>
    fetch(endpoint('/me'), {
      headers: { authorization: `${scheme} ${token}`, ...(proof && { DPoP: proof }) },
    });

  it('need a proof with a nonce of ours, and are worth nothing without the key', async () => {
    const form = await codeForm('ivanova@example.test');
    const url = endpoint('/token');
    expect((await redeem(form)).body.error).toBe('invalid_grant');

    const asked = await redeem(form, await proofOf(keys, { url }));
    expect(asked).toMatchObject({ status: 400, body: { error: 'use_dpop_nonce' } });
    const given = asked.headers.get('dpop-nonce') ?? '';
    const made = await redeem(form, await proofOf(keys, { url, nonce: 'of our own making' }));
    expect(made.body.error).toBe('use_dpop_nonce');

    const answer = await redeem(form, await proofOf(keys, { url, nonce: given }));
    expect(answer).toMatchObject({ status: 200, body: { token_type: 'DPoP' } });
    const token = answer.body.access_token ?? '';

    const me = { url: endpoint('/me'), method: 'GET', token };
    const proof = await proofOf(keys, me);
    expect((await userinfo(token, proof)).status).toBe(200);
    const refused = [
      ['replayed', proof],
      ['of another key', await proofOf(await makeKeys('ES256'), me)],
      ['of another method', await proofOf(keys, { ...me, method: 'POST' })],
      ['of another address', await proofOf(keys, { ...me, url: endpoint('/token') })],
      ['of another token', await proofOf(keys, { ...me, token: 'another' })],
      ['of yesterday', await proofOf(keys, { ...me, iat: 1 })],
      ['absent', undefined],
    ] as const;
    for (const [what, wrong] of refused) {
      expect((await userinfo(token, wrong, wrong ? 'DPoP' : 'Bearer')).status, what).toBe(401);
    }
    expect((await userinfo(token, undefined, 'Bearer')).status).toBe(401);
  });

  it('of one proof shown twice at once, one counts', async () => {
    const form = await codeForm('fedorov@example.test');
    const proof = await proofOf(keys, { url: endpoint('/token'), nonce: await nonce() });
    const answers = await Promise.all([redeem(form, proof), redeem(form, proof), redeem(form, proof)]);
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
    const later = await redeem(await codeForm('fedorov@example.test'), proof);
    expect(later.body.error).toBe('invalid_grant');
  });

  it('a code that was asked for with a key is redeemed with that key', async () => {
    const thumbprint = 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs';
    const { started, arrived } = await arrive(bound, 'sofia@example.test', { dpop_jkt: thumbprint });
    const proof = await proofOf(keys, { url: endpoint('/token'), nonce: await nonce() });
    const answer = await redeem(
      {
        grant_type: 'authorization_code',
        code: arrived.url.searchParams.get('code') ?? '',
        redirect_uri: CALLBACK,
        code_verifier: String(started.checks.pkceCodeVerifier),
      },
      proof,
    );
    expect(answer.body.error).toBe('invalid_grant');
  });
});

describe('mutual TLS behind a proxy', () => {
  const headersOf = (pem: string, verified?: string) => ({
    'X-Client-Certificate': encodeURIComponent(pem),
    ...(verified && { 'X-Client-Verified': verified }),
  });
  const ask = (clientId: string, headers: Record<string, string>) =>
    post(endpoint('/token'), { grant_type: 'client_credentials', client_id: clientId }, headers);

  it('publishes where certificates are asked for', async () => {
    const metadata = await (await fetch(endpoint('/.well-known/openid-configuration'))).json();
    expect(metadata).toMatchObject({
      tls_client_certificate_bound_access_tokens: true,
      mtls_endpoint_aliases: { token_endpoint: 'https://mtls.id.test/token' },
      token_endpoint_auth_methods_supported: expect.arrayContaining([
        'tls_client_auth',
        'self_signed_tls_client_auth',
      ]),
    });
    const { mtls_endpoint_aliases: aliases, ...own } = metadata as Record<string, never>;
    for (const [name, url] of Object.entries(aliases ?? {})) {
      expect(new URL(String(url)).pathname, name).toBe(new URL(String(own[name])).pathname);
    }
  });

  it('takes a registered self-signed certificate, binds the token to it, and takes no other', async () => {
    const answer = await ask('self-signed', headersOf(certificate.cert));
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    expect((await ask('self-signed', headersOf(foreign.cert))).status).toBe(401);
    expect((await ask('self-signed', { 'X-Client-Certificate': 'nonsense%' })).status).toBe(401);
    expect((await ask('self-signed', {})).status).toBe(401);
    const stored = await open.house.gateway.provider().ClientCredentials.find(answer.body.access_token ?? '');
    expect(stored).toMatchObject({ 'x5t#S256': expect.any(String) });
  });

  it('takes a certificate of an authority when the proxy says so and the name is right', async () => {
    expect((await ask('authority', headersOf(certificate.cert, 'SUCCESS'))).status).toBe(200);
    expect((await ask('authority', headersOf(certificate.cert, 'FAILED:self signed'))).status).toBe(401);
    expect((await ask('authority', headersOf(certificate.cert))).status).toBe(401);
    expect((await ask('elsewhere', headersOf(certificate.cert, 'SUCCESS'))).status).toBe(401);
  });

  it('believes no certificate from anybody but the proxy', async () => {
    const { hostname, port } = { hostname: '127.0.0.1', port: new URL(open.local).port };
    const status = (localAddress: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const asking = request(
          {
            ...{ hostname, port, localAddress, method: 'POST', path: '/token' },
            headers: {
              ...headersOf(certificate.cert, 'SUCCESS'),
              host: new URL(open.issuer).host,
              'content-type': 'application/x-www-form-urlencoded',
            },
          },
          (answer) => resolve(answer.resume().statusCode),
        );
        asking.once('error', reject);
        asking.end('grant_type=client_credentials&client_id=self-signed');
      });
    expect(await status('127.0.0.1')).toBe(200);
    expect(await status('127.0.0.2')).toBe(401);
  });
});
