/** The simulator answers as ESIA does: no. 33–37 of the checklist, asked by requests made by hand. */
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readCertificate } from '../../../adapters/signer/certificate.ts';
import { cmsSignature } from '../../../adapters/signer/cms.ts';
import type { Signer } from '../../../adapters/signer/signer.ts';
import { ENDPOINTS } from '../../../adapters/upstream/esia/requests.ts';
import { type EsiaScene, esiaScene, MNEMONIC, SCOPE } from '../../support/esia/esia-scene.ts';
import {
  accepted,
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

type Body = Record<string, unknown> & { contacts: { elements: unknown[] }; elements: string[] };

describe('the person’s data', () => {
  const get = async (path: string, token: unknown) => {
    const response = await fetch(new URL(path, url), { headers: { authorization: `Bearer ${token}` } });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Body };
  };
  const tokenFor = async (login: string, scope: string = SCOPE.join(' ')) => {
    const change = { fields: { scope } };
    return (await by.redeem(await by.codeFor(login, change), change)).body.access_token;
  };

  test('no. 33: an invented bearer: 005011; an expired one: 005013; one without the scope: 005029', async () => {
    expect(await get('/rs/prns/1000000101', 'invented')).toMatchObject({
      status: 401,
      body: { code: 'ESIA-005011' },
    });
    const token = await tokenFor('ivanova@example.test', 'openid fullname');
    expect(await get('/rs/prns/1000000102', token)).toMatchObject({
      status: 401,
      body: { code: 'ESIA-005011' },
    });
    expect(await get('/rs/prns/1000000101/ctts', token)).toMatchObject({
      status: 403,
      body: { code: 'ESIA-005029' },
    });
    scene.simulator.scene.faults.set({ clock: 3_700 });
    expect(await get('/rs/prns/1000000101', token)).toMatchObject({
      status: 401,
      body: { code: 'ESIA-005013' },
    });
    scene.simulator.scene.faults.set({ listErrors: true });
    expect(await get('/rs/prns/1000000101', token)).toMatchObject({ body: [{ code: 'ESIA-005013' }] });
  });

  test('no. 37: a person with schema, ETag and no-store; nothing that no scope covers', async () => {
    const token = await tokenFor('ivanova@example.test', 'openid fullname birthdate snils');
    const { headers, body } = await get('/rs/prns/1000000101', token);
    expect(headers.get('content-type')).toBe(`application/json; schema="${url}/rs/model/prn/Person-3"`);
    expect(headers.get('etag')).toBe(`"${body.eTag}"`);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toMatchObject({
      stateFacts: ['EntityRoot'],
      firstName: 'Мария',
      lastName: 'Иванова',
      middleName: 'Петровна',
      birthDate: '14.03.1984',
      snils: '900-100-101 91',
      trusted: true,
      status: 'REGISTERED',
      eTag: expect.stringMatching(/^[0-9A-F]{40}$/),
    });
    expect(body).not.toHaveProperty('gender');
    expect(body).not.toHaveProperty('inn');
  });

  test('no. 37: collections are addresses, or whole where embed asks', async () => {
    const token = await tokenFor('ivanova@example.test');
    const { body: addresses } = await get('/rs/prns/1000000101/ctts', token);
    expect(addresses).toMatchObject({ stateFacts: ['hasSize'], size: 2 });
    expect(addresses.elements[0]).toMatch(new RegExp(`^${url}/rs/prns/1000000101/ctts/\\d+$`));
    expect((await get(addresses.elements[0] ?? '', token)).body).toMatchObject({
      type: 'MBT',
      value: '+7(900)0000001',
      vrfStu: 'VERIFIED',
    });
    const { body } = await get('/rs/prns/1000000101?embed=(contacts.elements-1,documents.elements)', token);
    expect(body.contacts.elements[1]).toMatchObject({
      type: 'EML',
      value: 'ivanova@example.test',
      vrfStu: 'VERIFIED',
    });
    expect(body).not.toHaveProperty('documents');
  });
});

describe('no. 34: both protocols in every encoding', () => {
  const forms: readonly [string, (signature: Buffer) => string][] = [
    ['base64url', (bytes) => bytes.toString('base64url')],
    ['base64url with padding', (bytes) => `${bytes.toString('base64url')}==`],
    ['base64', (bytes) => bytes.toString('base64')],
    ['base64 without padding', (bytes) => bytes.toString('base64').replace(/=+$/, '')],
  ];
  test.each(forms)('%s passes', async (_form, secret) => {
    expect(await by.authorize({ secret })).toMatchObject(accepted);
  });
  test('in strict mode only unpadded base64url does', async () => {
    const strict = await esiaScene({ issued: scene.issued, system: { strict_encoding: true } });
    // one signature in fifteen has neither + nor /, and its base64 is base64url
    const signedWithPlus = (message: Buffer): Buffer => {
      const bytes = scene.issued.sign(message);
      return /[+/]/.test(bytes.toString('base64')) ? bytes : signedWithPlus(message);
    };
    const passed = await Promise.all(
      forms.map(async ([, encode]) => {
        const secret = (_: Buffer, message: Buffer) => encode(signedWithPlus(message));
        const address = new URL(ENDPOINTS.v2.authorize, strict.simulator.url);
        address.search = (await by.parametersOf({ secret })).toString();
        return (await by.ask(address)).location?.pathname.startsWith('/login/');
      }),
    );
    expect(passed).toEqual([true, false, false, false]);
    await strict.close();
  });
  test.each([undefined, new Date()])('CMS with attributes at %s passes in v1', async (at) => {
    const secret = async (_: Buffer, message: Buffer) =>
      (await cmsSignature(signer, message, at)).toString('base64');
    expect(await by.authorize({ protocol: 'v1', secret })).toMatchObject(accepted);
  });
  test('scope_org is signed after scope', async () => {
    expect(await by.authorize({ fields: { scopeOrg: 'org_shortname' } })).toMatchObject(accepted);
    expect(await by.authorize({ params: { scope_org: 'org_shortname' } })).toMatchObject({
      code: 'ESIA-007053',
    });
  });
});

test.each(['GOST3410_2012_256', 'RS256'] as const)(
  'no. 35, no. 36: tokens in %s are as ESIA makes them',
  async (token_alg) => {
    const own = await esiaScene({ issued: scene.issued, system: { token_alg }, autoLogin: 'M-01' });
    const address = new URL(ENDPOINTS.v2.authorize, own.simulator.url);
    address.search = (await by.parametersOf({ params: { nonce: 'a-nonce' } })).toString();
    const code = (await by.ask(address)).location?.searchParams.get('code') ?? '';
    const asked = await by.parametersOf({}, code);
    const response = await fetch(new URL(ENDPOINTS.v2.token, own.simulator.url), {
      method: 'POST',
      body: asked,
    });
    const tokens = (await response.json()) as Record<string, unknown>;
    expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 3_600, state: asked.get('state') });
    expect(tokens).not.toHaveProperty('refresh_token');
    expect(headerOf(tokens.id_token)).toEqual({ ver: 0, typ: 'JWT', sbt: 'id', alg: token_alg });
    expect(headerOf(tokens.access_token)).toEqual({ ver: 1, typ: 'JWT', sbt: 'access', alg: token_alg });
    const id = claimsOf(tokens.id_token);
    expect(id).toMatchObject({
      iss: `${own.simulator.url}/`,
      aud: MNEMONIC,
      sub: 1000000101,
      amr: 'PWD',
      'urn:esia:amd': 'PWD',
      'urn:esia:sbj': {
        'urn:esia:sbj:typ': 'P',
        'urn:esia:sbj:is_tru': true,
        'urn:esia:sbj:oid': 1000000101,
        'urn:esia:sbj:lvl': 'PR',
      },
    });
    expect(Number(id.exp) - Number(id.iat)).toBe(10_800);
    expect(id.nbf).toBe(id.iat);
    for (const absent of ['nonce', 'acr', 'at_hash', 'email']) expect(id).not.toHaveProperty(absent);
    expect(claimsOf(tokens.access_token)).toMatchObject({
      client_id: MNEMONIC,
      'urn:esia:sbj_id': 1000000101,
      scope: SCOPE.map((scope) => (scope === 'openid' ? scope : `${scope}?oid=1000000101`)).join(' '),
    });
    const archive = unzipSync(
      new Uint8Array(await (await fetch(`${own.simulator.url}/public/esia.zip`)).arrayBuffer()),
    );
    const [head, body, mark = ''] = String(tokens.id_token).split('.');
    const verified = Object.values(archive)
      .map(readCertificate)
      .filter((certificate) =>
        certificate.verify(Buffer.from(`${head}.${body}`), Buffer.from(mark, 'base64url')),
      );
    expect(verified.map(({ algorithm }) => algorithm)).toEqual([token_alg]);
    expect((await fetch(`${own.simulator.url}/.well-known/openid-configuration`)).status).toBe(404);
    await own.close();
  },
);
