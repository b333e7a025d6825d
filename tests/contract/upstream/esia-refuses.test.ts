/** The simulator refuses what ESIA refuses: no. 24–32 of the checklist, asked by requests made by hand. */
import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { cmsSignature } from '../../../adapters/signer/cms.ts';
import { streebog256 } from '../../../adapters/signer/gost/streebog.ts';
import type { Signer } from '../../../adapters/signer/signer.ts';
import { formatTimestamp, LAYOUTS } from '../../../adapters/upstream/esia/layouts.ts';
import { ENDPOINTS } from '../../../adapters/upstream/esia/requests.ts';
import { issueCertificate } from '../../../sandbox/esia/issue-certificate.ts';
import { type EsiaScene, esiaScene, esiaVisitor, MNEMONIC } from '../../support/esia/esia-scene.ts';
import {
  accepted,
  type Change,
  claimsOf,
  type HandMade,
  handMade,
  headerOf,
  signerOf,
} from '../../support/esia/hand-made.ts';

let scene: EsiaScene;
let url: string;
let signer: Signer;
let by: HandMade;
beforeAll(async () => {
  scene = await esiaScene();
  url = scene.simulator.url;
  signer = signerOf(scene);
  by = handMade(scene);
});
afterAll(() => scene.close());
beforeEach(() => scene.simulator.scene.faults.mend());

describe('no. 24: refuses in v2 what is not signed as v2 wants it, and tells the developer why', () => {
  const pem = () => scene.issued.certificatePem;
  const hashed = (digest: Buffer) => ({
    params: { client_certificate_hash: digest.toString('hex').toUpperCase() },
  });
  test.each<[string, () => Change, RegExp]>([
    ['v1 order', () => ({ signed: LAYOUTS.v1 }), /порядок v1/],
    [
      'CMS instead of raw',
      () => ({ secret: async (_, message) => (await cmsSignature(signer, message)).toString('base64url') }),
      /CMS, а v2/,
    ],
    [
      'v1 order in a CMS (as one published client does)',
      () => ({
        signed: LAYOUTS.v1,
        secret: async (_, message) => (await cmsSignature(signer, message)).toString('base64url'),
      }),
      /CMS, а v2.*порядок v1/,
    ],
    [
      'reversed bytes',
      () => ({ secret: (signature) => signature.reverse().toString('base64url') }),
      /в обратном порядке/,
    ],
    [
      'r before s',
      () => ({
        secret: (signature) =>
          Buffer.concat([signature.subarray(32), signature.subarray(0, 32)]).toString('base64url'),
      }),
      /r перед s/,
    ],
    ['a SHA-1 hash', () => hashed(createHash('sha1').update(scene.issued.certificate.der).digest()), /SHA-1/],
    [
      'a SHA-256 hash',
      () => hashed(createHash('sha256').update(scene.issued.certificate.der).digest()),
      /SHA-256/,
    ],
    ['a hash of the PEM', () => hashed(streebog256(Buffer.from(pem()))), /от текста PEM/],
    [
      'URL-encoded values',
      () => ({
        signed: (fields) =>
          LAYOUTS.v2({
            ...fields,
            scope: encodeURIComponent(fields.scope),
            timestamp: encodeURIComponent(fields.timestamp),
            redirectUri: encodeURIComponent(fields.redirectUri),
          }),
      }),
      /после URL-кодирования/,
    ],
    [
      'no redirect_uri',
      () => ({ signed: (fields) => LAYOUTS.v2({ ...fields, redirectUri: '' }) }),
      /без redirect_uri/,
    ],
    [
      'another’s key',
      () => ({
        secret: (_, message) =>
          issueCertificate({ commonName: 'x', kind: 'gost' }).sign(message).toString('base64url'),
      }),
      /другой ключ/,
    ],
    [
      'an unregistered certificate',
      () => ({
        params: {
          client_certificate_hash: issueCertificate({ commonName: 'x', kind: 'gost' }).certificate.hash,
        },
      }),
      /ни одного сертификата/,
    ],
    ['no base64', () => ({ secret: () => '!!!' }), /не base64url/],
  ])('%s', async (_what, change, why) => {
    const answer = await by.authorize(change());
    expect(answer).toMatchObject({ status: 302, code: 'ESIA-007053', why: expect.stringMatching(why) });
    expect(answer.location?.searchParams.get('error')).toBe('access_denied');
  });
});

test('no. 25: v1 with a wrong signature: 007019, or 007005 where it is so configured', async () => {
  expect(await by.authorize({ protocol: 'v1', signed: LAYOUTS.v2 })).toMatchObject({ code: 'ESIA-007019' });
  const other = await esiaScene({ issued: scene.issued, system: { v1_bad_signature: 'ESIA-007005' } });
  const address = new URL(ENDPOINTS.v1.authorize, other.simulator.url);
  address.search = (await by.parametersOf({ protocol: 'v1', signed: LAYOUTS.v2 })).toString();
  expect(await by.ask(address)).toMatchObject({ code: 'ESIA-007005' });
  await other.close();
});

describe('no. 26: parameters', () => {
  test.each(['client_secret', 'client_certificate_hash', 'timestamp', 'state', 'response_type'])(
    '%s missing: 007014 names it',
    async (name) => {
      const { location, code } = await by.authorize({ params: { [name]: null } });
      expect(code).toBe('ESIA-007014');
      expect(location?.searchParams.get('error_description')).toContain(`[${name}]`);
    },
  );
  test('no scope: 007013; another response type: 007009', async () => {
    expect(await by.authorize({ params: { scope: null } })).toMatchObject({ code: 'ESIA-007013' });
    expect(await by.authorize({ params: { response_type: 'token' } })).toMatchObject({ code: 'ESIA-007009' });
  });
  test('repeated: 007003', async () => {
    const address = new URL(ENDPOINTS.v2.authorize, url);
    const params = await by.parametersOf({});
    params.append('scope', 'openid');
    address.search = params.toString();
    expect(await by.ask(address)).toMatchObject({ code: 'ESIA-007003' });
  });
  test('JSON at the token endpoint: 007014', async () => {
    const body = JSON.stringify(Object.fromEntries(await by.parametersOf({}, 'x')));
    const answer = await by.redeem('x', {}, { body, headers: { 'content-type': 'application/json' } });
    expect(answer).toMatchObject({
      status: 400,
      body: { error_description: expect.stringMatching(/^ESIA-007014/) },
    });
  });
  test('an unknown mnemonic stays on ESIA’s own page', async () => {
    expect(await by.authorize({ fields: { clientId: 'NOBODY' } })).toMatchObject({
      status: 400,
      location: undefined,
    });
  });
});

test.each([
  ['10 minutes old', formatTimestamp(new Date(Date.now() - 600_000)), 'ESIA-007015'],
  ['10 minutes ahead', formatTimestamp(new Date(Date.now() + 600_000)), 'ESIA-007015'],
  ['with a space for the plus', formatTimestamp(new Date()).replace('+', ' '), 'ESIA-007015'],
  ['ISO 8601', new Date().toISOString(), 'ESIA-007015'],
  ['of another zone', zoned(new Date(), 3), undefined],
  ['of a zone in the west', zoned(new Date(), -9), undefined],
])('no. 27: a timestamp %s', async (_what, timestamp, code) => {
  expect(await by.authorize({ fields: { timestamp } })).toMatchObject(
    code === undefined ? accepted : { code },
  );
});

function zoned(at: Date, hours: number): string {
  const offset = `${hours < 0 ? '-' : '+'}${String(Math.abs(hours)).padStart(2, '0')}00`;
  return formatTimestamp(new Date(at.getTime() + hours * 3_600_000)).replace('+0000', offset);
}

test.each([
  ['https://evil.test/cb', false],
  ['https://example.test.evil.test/', false],
  ['https://notexample.test/', false],
  ['http://id.example.test/cb', false],
  ['https://example.test/', true],
  ['https://deep.down.example.test/any/path?with=query', true],
])('no. 28: the redirect address %s passes: %s', async (redirectUri, passes) => {
  const answer = await by.authorize({ fields: { redirectUri } });
  if (passes) expect(answer).toMatchObject(accepted);
  else
    expect(answer).toMatchObject({
      status: 400,
      location: undefined,
      body: expect.stringContaining('ESIA-007023'),
    });
});

test.each([
  ['openid inn', 'ESIA-007019'],
  ['openid nonsense', 'ESIA-007006'],
  ['openid  fullname', 'ESIA-007006'],
])('no. 29: scope «%s»: %s', async (scope, code) => {
  expect(await by.authorize({ fields: { scope } })).toMatchObject({ code });
});

describe('no. 30: the code', () => {
  test('is a JWT of 240 seconds with the claims ESIA puts there', async () => {
    const code = await by.codeFor('ivanova@example.test');
    expect(headerOf(code)).toEqual({
      ver: 1,
      typ: 'JWT',
      sbt: 'authorization_code',
      alg: 'GOST3410_2012_256',
    });
    const claims = claimsOf(code);
    expect(Number(claims.exp) - Number(claims.iat)).toBe(240);
    expect(claims).toMatchObject({ client_id: MNEMONIC, auth_mthd: 'PWD', iss: `${url}/` });
    expect(claims['urn:esia:sbj']).toMatchObject({
      'urn:esia:sbj:oid': 1000000101,
      'urn:esia:sbj:nam': 'OID.1000000101',
    });
    expect(code.length).toBeGreaterThan(1_000);
  });

  test.each<[string, Change]>([
    ['another redirect address', { fields: { redirectUri: 'https://example.test/other' } }],
    ['another scope', { fields: { scope: 'openid' } }],
  ])('is worth nothing with %s', async (_what, change) => {
    const answer = await by.redeem(await by.codeFor('ivanova@example.test'), change);
    expect(answer).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant', error_description: expect.stringMatching(/^ESIA-007011/) },
    });
  });

  test('is worth something once, also among parallel requests', async () => {
    const code = await by.codeFor('ivanova@example.test');
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => by.redeem(code)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test('expires by ESIA’s clock', async () => {
    const code = await by.codeFor('ivanova@example.test');
    scene.simulator.scene.faults.set({ clock: 250 });
    expect(await by.redeem(code)).toMatchObject({
      status: 400,
      body: { error_description: expect.stringMatching(/^ESIA-007011/) },
    });
  });
});

test('no. 31: PKCE, when it is asked for', async () => {
  const verifier = randomUUID() + randomUUID();
  const code_challenge = createHash('sha256').update(verifier).digest('base64url');
  const asked = { params: { code_challenge, code_challenge_method: 'S256' } };
  const told = async (params: Record<string, string>, change: Change = asked) =>
    String(
      (await by.redeem(await by.codeFor('ivanova@example.test', change), { params })).body
        .error_description ?? 'ok',
    ).slice(0, 11);
  expect(await told({ code_verifier: verifier })).toBe('ok');
  expect(await told({})).toBe('ESIA-007040');
  expect(await told({ code_verifier: 'another' })).toBe('ESIA-007040');
  expect(await told({ code_verifier: verifier }, {})).toBe('ESIA-007039');
});

test('no. 32: only the confirmed, where that is asked; «Отмена» and a refused consent', async () => {
  const person_filter = Buffer.from('conf_acc').toString('base64');
  const upstream = new URL(ENDPOINTS.v2.authorize, url);
  const visitor = () => esiaVisitor(url);
  upstream.search = (await by.parametersOf({ params: { person_filter } })).toString();
  const unconfirmed = await visitor().signIn(upstream, 'kovalev@example.test');
  expect(unconfirmed.searchParams.get('error_description')).toMatch(/^ESIA-007055/);
  upstream.search = (await by.parametersOf({})).toString();
  expect((await visitor().cancel(upstream)).searchParams.get('error_description')).toMatch(/^ESIA-007004/);
  const refused = await visitor().signIn(upstream, 'e01@example.test', { consent: 'refuse' });
  expect(refused.searchParams.get('error_description')).toMatch(/^ESIA-007004/);
});
