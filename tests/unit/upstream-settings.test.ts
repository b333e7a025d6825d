/** Upstreams as an operator writes them. */
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../provider/config.ts';

const secret = Buffer.alloc(32, 7).toString('base64url');
const good = {
  ISSUER: 'https://id.example.test',
  COOKIE_KEYS: secret,
  ENCRYPTION_KEYS: `k1:${secret}`,
  PASSWORD_PEPPERS: `p1:${secret}`,
  PAIRWISE_SALT: secret,
};
const esia = {
  kind: 'esia',
  id: 'esia',
  url: 'https://esia.gosuslugi.ru',
  issuer: 'http://esia.gosuslugi.ru/',
  clientId: 'UNIONID',
  authorityKeys: '/etc/esia/authority',
  signer: { kind: 'command', folder: '/etc/esia/keys', command: ['/opt/sign', '{name}'] },
};
const rsaa = {
  kind: 'oidc',
  id: 'rsaa',
  name: { ru: 'РСАА', en: 'RSAA' },
  issuer: 'https://rsaa.example.test',
  clientId: 'union-id',
  clientSecret: 's',
};
const read = (upstreams: unknown, more: object = {}) =>
  readConfig({ ...good, UPSTREAMS: JSON.stringify(upstreams), ...more }).upstreams;

test('none, unless they are named', () => {
  expect(readConfig(good).upstreams).toEqual([]);
});

test('the least of each kind, and what it means', () => {
  expect(read([esia, rsaa])).toEqual([
    {
      ...esia,
      name: { ru: 'Госуслуги', en: 'Gosuslugi' },
      scope: ['openid', 'fullname', 'birthdate', 'email', 'mobile'],
      protocol: 'v2',
      signedAttributes: false,
      confirmedOnly: false,
      tokenAlgorithms: ['GOST3410_2012_256'],
      timeoutMilliseconds: 4_000,
      signer: { ...esia.signer, reverse: false },
    },
    { ...rsaa, scope: ['openid', 'profile', 'email'], claims: {}, timeoutMilliseconds: 4_000 },
  ]);
});

describe('faults name the place', () => {
  test.each<[unknown, RegExp]>([
    [[{ ...esia, url: 'https://esia.gosuslugi.ru/' }], /0\.url must be an origin/],
    [[{ ...esia, signer: { kind: 'pencil', folder: '/' } }], /0\.signer\.kind/],
    [[{ ...esia, protocol: 'v3' }], /0\.protocol/],
    [[{ ...esia, surprise: 1 }], /surprise/],
    [[esia, { ...rsaa, id: 'esia' }], /two upstreams have the same id/],
    [[{ ...rsaa, id: 'РСАА' }], /0\.id is lower-case letters/],
    [[{ ...rsaa, kind: 'oauth2' }], /0\.authorizationEndpoint/],
    [[{ ...rsaa, name: undefined }], /0\.name is how people know it.*both languages/],
    [[{ ...rsaa, name: { ru: 'РСАА' } }], /0\.name\.en is how people know it/],
    [[{ ...rsaa, registrationUrl: 'rsaa' }], /0\.registrationUrl must be an http\(s\) address/],
    [[{ ...rsaa, issuer: 'http://rsaa.example.test' }], /rsaa: addresses must begin with https/],
    [[{ ...esia, url: 'http://esia.example.test' }], /esia: addresses must begin with https/],
    [{}, /UPSTREAMS/],
  ])('%j', (upstreams, fault) => {
    expect(() => read(upstreams)).toThrow(fault);
  });
  test('what is no JSON', () => {
    expect(() => readConfig({ ...good, UPSTREAMS: '{' })).toThrow(/UPSTREAMS: is not JSON/);
  });
});

test('no. 42: no sandbox beside the real ESIA', () => {
  const sandbox = { SANDBOX: 'on', ISSUER: 'http://localhost:3000' };
  for (const url of ['https://esia.gosuslugi.ru', 'https://esia-portal1.test.gosuslugi.ru']) {
    expect(() => read([{ ...esia, url }], sandbox)).toThrow(
      /UPSTREAMS: must not name the real ESIA in a sandbox/,
    );
  }
  const simulator = { ...esia, url: 'http://localhost:8443', issuer: 'http://localhost:8443/' };
  expect(read([simulator], sandbox)).toHaveLength(1);
  expect(() => read([simulator])).toThrow(/UPSTREAMS: must not name a simulator of ESIA/);
});

test('no other ESIA beside the real one, even where a proxy of ours hides its address', () => {
  const other = {
    ...esia,
    id: 'other',
    url: 'https://esia.example.test',
    issuer: 'https://esia.example.test/',
  };
  const behindProxy = { ...esia, url: 'http://localhost:8443' };
  for (const real of [esia, behindProxy]) {
    expect(() => read([real, other])).toThrow(/must not name the real ESIA beside another one/);
    expect(read([real])).toHaveLength(1);
  }
});
