import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenHouse, openHouse } from '../support/house.ts';
import { testStores } from '../support/stores.ts';

let open: OpenHouse;
beforeAll(async () => {
  open = await openHouse(await testStores(), false);
});
afterAll(() => open.close());

const gateway = () => supertest(open.issuer);

describe('for balancers', () => {
  it('is alive and ready, whatever host they ask by', async () => {
    await gateway().get('/healthz').set('Host', '10.0.0.7:3000').expect(200, 'ok\n');
    await gateway().get('/readyz').set('Host', '10.0.0.7:3000').expect(200, 'ok\n');
  });

  it('is not ready while a store is away, and answers 503 with Retry-After instead of hanging', async () => {
    const away = await openHouse({ ...(await testStores()), REDIS_URL: 'redis://127.0.0.1:1' }, false);
    await supertest(away.issuer).get('/readyz').expect(503);
    const startedAt = Date.now();
    const page = await supertest(away.issuer)
      .get('/cabinet')
      .set('Accept', 'text/html')
      .set('Cookie', 'session=x');
    const request = await supertest(away.issuer)
      .get('/auth?client_id=cabinet&response_type=code&scope=openid&code_challenge_method=S256')
      .query({ redirect_uri: `${away.issuer}/cabinet/enter`, code_challenge: 'x'.repeat(43) })
      .set('Accept', 'text/html');
    const token = await supertest(away.issuer)
      .post('/token')
      .type('form')
      .send({
        grant_type: 'authorization_code',
        client_id: 'cabinet',
        code: 'x',
        redirect_uri: 'x',
        code_verifier: 'x'.repeat(43),
      });
    expect(Date.now() - startedAt).toBeLessThan(5_000);
    expect([303, 503]).toContain(page.status);
    for (const answer of [request, token]) {
      expect(answer.status).toBe(503);
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    }
    await gateway().get('/.well-known/openid-configuration').expect(200);
    await away.close();
  });
});

describe('behind a proxy', () => {
  it('with an https issuer: Secure __Host- cookies, HSTS, and the forwarded headers of strangers ignored', async () => {
    const secure = await openHouse(
      {
        ...(await testStores()),
        ISSUER: 'https://id.example.test',
        SANDBOX: 'off',
        TRUSTED_PROXIES: '203.0.113.9',
      },
      false,
    );
    const { port } = new URL(secure.local);
    const front = supertest(`http://localhost:${port}`);
    const page = await front.get('/').set('Host', 'id.example.test').expect(200);
    expect(page.headers['strict-transport-security']).toMatch(/max-age=31536000; includeSubDomains/);
    for (const cookie of page.headers['set-cookie'] ?? []) {
      expect(cookie).toMatch(/^__Host-/);
      expect(cookie).toMatch(/; secure/i);
      expect(cookie).toMatch(/; httponly/i);
    }
    const discovery = await front
      .get('/.well-known/openid-configuration')
      .set({ Host: 'id.example.test', 'X-Forwarded-Host': 'evil.test', 'X-Forwarded-Proto': 'http' })
      .expect(200);
    expect(discovery.body.issuer).toBe('https://id.example.test');
    expect(discovery.text).not.toContain('evil');
    await front.get('/').set('Host', 'evil.test').expect(421);
    const authorization = await front
      .get('/cabinet')
      .set({ Host: 'id.example.test', Accept: 'text/html' })
      .expect(303);
    const request = await front
      .get(authorization.headers.location as string)
      .set('Host', 'id.example.test')
      .expect(303);
    expect(String(request.headers['set-cookie'])).toMatch(/__Secure-interaction=.*secure/i);
    expect(request.headers.location).toMatch(/^\/interaction\//);
    await secure.close();
  });

  it('whom we trust, the address and the request id come from it', async () => {
    const trusting = await openHouse({ ...(await testStores()), TRUSTED_PROXIES: '127.0.0.0/8,::1' }, false);
    const answer = await supertest(trusting.issuer)
      .get('/')
      .set({ 'X-Forwarded-For': '198.51.100.7', 'X-Request-Id': 'from-the-proxy' })
      .expect(200);
    expect(answer.headers['x-request-id']).toBe('from-the-proxy');
    await trusting.close();
    const own = await gateway().get('/').set('X-Request-Id', 'from-a-stranger');
    expect(own.headers['x-request-id']).not.toBe('from-a-stranger');
  });
});

describe('metrics', () => {
  it('count requests by route and never by id', async () => {
    await gateway().get('/interaction/some-secret-id').expect(410);
    const text = await open.house.metrics.text();
    expect(text).toContain('unionid_request_seconds_count');
    expect(text).toContain('unionid_hashes_queued 0');
    expect(text).not.toContain('some-secret-id');
  });
});

describe('every answer', () => {
  it.each(['/', '/about/ways', '/nothing-here', '/auth', '/interaction/x', '/session/end', '/cabinet'])(
    '%s carries the headers',
    async (path) => {
      const { headers } = await gateway().get(path).set('Accept', 'text/html');
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['content-security-policy']).not.toMatch(/unsafe/);
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['x-frame-options']).toBe('DENY');
      expect(headers['cache-control']).toContain('no-store');
      expect(headers['x-powered-by']).toBeUndefined();
    },
  );

  it('is JSON for machines', async () => {
    const answer = await gateway().get('/nothing-here').set('Accept', 'application/json').expect(404);
    expect(answer.body).toEqual({ error: 'not_found', request_id: answer.headers['x-request-id'] });
  });
});
