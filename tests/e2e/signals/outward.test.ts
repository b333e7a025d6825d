/** A gateway that is no sandbox: what a client names is fetched, and what lives on this machine is never touched. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenHouse, openHouse } from '../../support/house.ts';
import { testStores } from '../../support/stores.ts';

const INITIAL_ACCESS_TOKEN = 'an-initial-access-token-for-the-tests';
let open: OpenHouse;
let canary: Server;
let canaryPort: number;
let reached = 0;

beforeAll(async () => {
  open = await openHouse({ ...(await testStores()), SANDBOX: 'off', INITIAL_ACCESS_TOKEN }, false);
  canary = createServer((_request, response) => {
    reached += 1;
    response.end('[]');
  });
  canary.on('connection', () => {
    reached += 1;
  });
  await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve));
  canaryPort = (canary.address() as AddressInfo).port;
});
afterAll(async () => {
  await open.close();
  canary.close();
});

const register = async (metadata: object) => {
  const answer = await fetch(`${open.issuer}/reg`, {
    method: 'POST',
    headers: { authorization: `Bearer ${INITIAL_ACCESS_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ redirect_uris: ['https://a.test/cb'], ...metadata }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, string> };
};

const HOSTS = [
  ...['127.0.0.1', '127.1', '2130706433', '0177.0.0.1', '0x7f000001', '0.0.0.0', 'localhost', 'localhost.'],
  ...['[::1]', '[::ffff:127.0.0.1]', '[64:ff9b::7f00:1]', '169.254.169.254', '10.0.0.1'],
];
const FIELDS = [
  'jwks_uri',
  'sector_identifier_uri',
  'backchannel_logout_uri',
  'logo_uri',
  'initiate_login_uri',
];

describe('an address of this network in a registration', () => {
  it.each(FIELDS)('as %s makes nobody ask there, however it is spelt', async (field) => {
    for (const host of HOSTS) {
      for (const scheme of ['http', 'https']) {
        const { status } = await register({ [field]: `${scheme}://${host}:${canaryPort}/x` });
        expect([201, 400], `${scheme}://${host}`).toContain(status);
      }
    }
    expect(reached).toBe(0);
  });
});

describe('keys that cannot be fetched', () => {
  it('are invalid_client, at once the second time, and never a fault of ours', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    // Registered by an operator, who may name hosts without a domain; still it leads nowhere.
    await open.house.clients.save(
      {
        client_id: 'keyless',
        redirect_uris: ['https://a.test/cb'],
        token_endpoint_auth_method: 'private_key_jwt',
        grant_types: ['client_credentials', 'authorization_code'],
        jwks_uri: 'https://localhost/jwks',
      },
      'test',
    );
    const ask = async () => {
      const assertion = await new SignJWT({})
        .setProtectedHeader({ alg: 'ES256' })
        .setIssuer('keyless')
        .setSubject('keyless')
        .setAudience(open.issuer)
        .setJti(crypto.randomUUID())
        .setIssuedAt()
        .setExpirationTime('1m')
        .sign(privateKey);
      return fetch(`${open.issuer}/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: assertion,
        }),
      });
    };
    for (let time = 0; time < 2; time += 1) {
      const answer = await ask();
      expect([answer.status, await answer.json()]).toEqual([
        401,
        expect.objectContaining({ error: 'invalid_client' }),
      ]);
    }
    const began = performance.now();
    await ask();
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});
