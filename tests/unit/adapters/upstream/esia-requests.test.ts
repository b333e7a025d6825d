/** What goes over the wire to ESIA: no. 1, 4, 6 and 7 of the checklist. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Signer } from '../../../../adapters/signer/signer.ts';
import { formatTimestamp, LAYOUTS, type SignedFields } from '../../../../adapters/upstream/esia/layouts.ts';
import { esiaRequests } from '../../../../adapters/upstream/esia/requests.ts';
import { issueCertificate } from '../../../../sandbox/esia/issue-certificate.ts';
import { decodeSecret } from '../../../../sandbox/esia/judge-signature.ts';
import { readCms } from '../../../../sandbox/esia/read-cms.ts';

const fields: SignedFields = {
  clientId: 'UNIONID',
  scope: 'openid fullname',
  timestamp: '2026.11.21 12:00:00 +0000',
  state: '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
  redirectUri: 'https://id.example.test/callback/esia',
};

test.each([
  ['v1', {}, 'openid fullname2026.11.21 12:00:00 +0000UNIONID3f2504e0-4f89-41d3-9a0c-0305e82c3301'],
  [
    'v1',
    { scopeOrg: 'org_inn', code: 'CODE' },
    'openid fullname2026.11.21 12:00:00 +0000UNIONID3f2504e0-4f89-41d3-9a0c-0305e82c3301',
  ],
  [
    'v2',
    {},
    'UNIONIDopenid fullname2026.11.21 12:00:00 +00003f2504e0-4f89-41d3-9a0c-0305e82c3301https://id.example.test/callback/esia',
  ],
  [
    'v2',
    { scopeOrg: 'org_inn' },
    'UNIONIDopenid fullnameorg_inn2026.11.21 12:00:00 +00003f2504e0-4f89-41d3-9a0c-0305e82c3301https://id.example.test/callback/esia',
  ],
  [
    'v2',
    { code: 'CODE' },
    'UNIONIDopenid fullname2026.11.21 12:00:00 +00003f2504e0-4f89-41d3-9a0c-0305e82c3301https://id.example.test/callback/esiaCODE',
  ],
  [
    'v2',
    { scopeOrg: 'org_inn', code: 'CODE' },
    'UNIONIDopenid fullnameorg_inn2026.11.21 12:00:00 +00003f2504e0-4f89-41d3-9a0c-0305e82c3301https://id.example.test/callback/esiaCODE',
  ],
] as const)('no. 1: layout %s with %j', (protocol, change, signed) => {
  expect(LAYOUTS[protocol]({ ...fields, ...change })).toBe(signed);
});

test('no. 4: a timestamp has its form at any moment, and means that moment', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
      (at) => {
        const timestamp = formatTimestamp(at);
        expect(timestamp).toMatch(/^\d{4}\.\d\d\.\d\d \d\d:\d\d:\d\d [+-]\d{4}$/);
        const [date = '', time] = timestamp.split(' ');
        const meant = Date.parse(`${date.replaceAll('.', '-')}T${time}Z`);
        expect(meant).toBe(Math.floor(at.getTime() / 1_000) * 1_000);
      },
    ),
  );
});

const issued = issueCertificate({ commonName: 'a', kind: 'gost' });
const signer: Signer = {
  algorithm: 'GOST3410_2012_256',
  sign: async (message) => ({ signature: issued.sign(message), certificate: issued.certificate }),
};
const clock = { now: () => new Date('2026-11-21T12:00:00Z') };
const requestsBy = (protocol: 'v1' | 'v2', scopeOrg?: string) =>
  esiaRequests(
    {
      url: 'https://esia.example.test',
      clientId: 'UNIONID',
      scope: ['openid', 'fullname'],
      scopeOrg,
      protocol,
      signedAttributes: false,
      confirmedOnly: true,
    },
    signer,
    clock,
  );
const at = { redirectUri: fields.redirectUri, state: fields.state };

test('no. 4, no. 6: the address of v2 has «+» as %2B, asks for no refresh, and its signature verifies', async () => {
  const url = await requestsBy('v2').authorization(at);
  expect(url.origin + url.pathname).toBe('https://esia.example.test/aas/oauth2/v2/ac');
  expect(url.search).toContain('timestamp=2026.11.21+12%3A00%3A00+%2B0000');
  const { client_secret = '', ...rest } = Object.fromEntries(url.searchParams);
  expect(rest).toEqual({
    client_id: 'UNIONID',
    client_certificate_hash: issued.certificate.hash,
    redirect_uri: fields.redirectUri,
    scope: 'openid fullname',
    response_type: 'code',
    state: fields.state,
    timestamp: fields.timestamp,
    access_type: 'online',
    person_filter: 'Y29uZl9hY2M=',
  });
  expect(client_secret).toMatch(/^[A-Za-z0-9_-]{86}$/);
  const signature = decodeSecret(client_secret, true)!;
  expect(issued.certificate.verify(Buffer.from(LAYOUTS.v2(fields)), signature)).toBe(true);
});

test('the address of v1 carries a detached CMS and no hash', async () => {
  const url = await requestsBy('v1', 'org_inn').authorization(at);
  expect(url.pathname).toBe('/aas/oauth2/ac');
  expect(url.searchParams.has('client_certificate_hash')).toBe(false);
  expect(url.searchParams.has('scope_org')).toBe(false);
  const cms = readCms(decodeSecret(url.searchParams.get('client_secret') ?? '', true)!);
  expect(cms?.attached).toBeUndefined();
  expect(cms?.verifies(Buffer.from(LAYOUTS.v1(fields)), issued.certificate)).toBe(true);
});

test('no. 7: the token request has a state and a signature of its own, over the code too', async () => {
  const requests = requestsBy('v2', 'org_inn');
  const [one, other] = [
    await requests.token({ ...at, code: 'CODE' }),
    await requests.token({ ...at, code: 'CODE' }),
  ];
  expect(one.url.pathname).toBe('/aas/oauth2/v3/te');
  expect(one.state).not.toBe(other.state);
  const { client_secret = '', ...rest } = Object.fromEntries(one.form);
  expect(rest).toEqual({
    client_id: 'UNIONID',
    client_certificate_hash: issued.certificate.hash,
    code: 'CODE',
    grant_type: 'authorization_code',
    redirect_uri: fields.redirectUri,
    scope: 'openid fullname',
    scope_org: 'org_inn',
    state: one.state,
    timestamp: fields.timestamp,
    token_type: 'Bearer',
  });
  const message = LAYOUTS.v2({ ...fields, scopeOrg: 'org_inn', state: one.state, code: 'CODE' });
  expect(issued.certificate.verify(Buffer.from(message), decodeSecret(client_secret, true)!)).toBe(true);
});
