import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { httpRegistry } from '../../../adapters/registry/http.ts';
import { ApplicationMisunderstood, RegistryUnavailable } from '../../../adapters/registry/registry.ts';
import { type SimulatedRegistry, startRegistry } from '../../../sandbox/registry/registry.ts';
import { applicationOf, registryContract, type TestedRegistry } from './registry-contract.ts';

const TOKEN = 'a token of sixteen characters or more';

async function post(url: string, body: object): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
}

function asked(simulated: SimulatedRegistry, away: 'off' | 'silent'): TestedRegistry {
  const at = (id: string, act: string) => `${simulated.url}/applications/${id}/${act}`;
  return {
    registry: httpRegistry({ url: simulated.url, token: TOKEN }),
    accept: (id) => post(at(id, 'accept'), {}),
    decline: (id, state, reason) => post(at(id, state === 'returned' ? 'return' : 'reject'), { reason }),
    goAway: () => post(`${simulated.url}/power`, { state: away }),
    close: () => simulated.close(),
  };
}

registryContract('behind HTTP, refusing when it is away', async () =>
  asked(await startRegistry({ port: 0, token: TOKEN }), 'off'),
);
registryContract('behind HTTP, silent when it is away', async () =>
  asked(await startRegistry({ port: 0, token: TOKEN }), 'silent'),
);

describe('a register that misbehaves', () => {
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  async function serving(answer: RequestListener) {
    let asked = 0;
    const server = createServer((request, response) => {
      asked += 1;
      answer(request, response);
    }).listen(0, 'localhost');
    await new Promise((resolve) => server.once('listening', resolve));
    closing.push(() => {
      server.closeAllConnections();
      server.close();
    });
    const url = `http://localhost:${(server.address() as AddressInfo).port}`;
    return {
      registry: httpRegistry({ url, token: TOKEN, timeout: 300, rest: 400 }),
      url,
      asked: () => asked,
    };
  }
  const json =
    (content: string, status = 200): RequestListener =>
    (_, response) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(content);

  it.each([
    ['no JSON', '<html>'],
    ['another shape', '{"member":{"id":"M-01"}}'],
    ['a date that is none', '{"member":{"birthdate":"30.02.1990"}}'],
    ['nothing', ''],
  ])('answers %s: nobody believes it', async (_, content) => {
    const { registry } = await serving(json(content));
    await expect(registry.memberByTicket('9900000000000011')).rejects.toBeInstanceOf(RegistryUnavailable);
    await expect(registry.changes(undefined)).rejects.toBeInstanceOf(RegistryUnavailable);
  });

  it('sends the head of an answer and then nothing', async () => {
    const { registry } = await serving((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"member":');
    });
    await expect(registry.memberByTicket('9900000000000011')).rejects.toBeInstanceOf(RegistryUnavailable);
  });

  it('sends us elsewhere: our token does not go there', async () => {
    const elsewhere = await serving(json('{"member":null}'));
    const { registry } = await serving((_, response) => {
      response.writeHead(307, { location: `${elsewhere.url}/v1/members/search` }).end();
    });
    await expect(registry.memberByTicket('9900000000000011')).rejects.toBeInstanceOf(RegistryUnavailable);
    expect(elsewhere.asked()).toBe(0);
  });

  it('is left alone for a while after five failures, and then asked again', async () => {
    let status = 500;
    const { registry, asked } = await serving((request, response) =>
      json(status === 200 ? '{"member":null}' : '{}', status)(request, response),
    );
    const ask = () => registry.memberByTicket('9900000000000011');
    for (let at = 0; at < 5; at += 1) await expect(ask()).rejects.toBeInstanceOf(RegistryUnavailable);
    expect(asked()).toBe(5);
    status = 200;
    await expect(ask()).rejects.toBeInstanceOf(RegistryUnavailable);
    expect(asked()).toBe(5);
    await new Promise((resolve) => setTimeout(resolve, 450));
    expect(await ask()).toBeUndefined();
  });

  it('finds fault with our message: that is no outage', async () => {
    const { registry } = await serving(json('{"message":"unknown field"}', 400));
    for (let at = 0; at < 6; at += 1) {
      await expect(registry.submit(applicationOf())).rejects.toBeInstanceOf(ApplicationMisunderstood);
    }
  });
});

describe('the simulated register refuses what a real one would', () => {
  const [document] = applicationOf().documents;
  it.each<[string, { headers?: Record<string, string>; body?: Record<string, unknown> }, number]>([
    ['no token', { headers: { authorization: '' } }, 401],
    ['a wrong token', { headers: { authorization: 'Bearer wrong' } }, 401],
    ['an unknown field', { body: { snils: '1' } }, 400],
    ['a missing field', { body: { email: undefined } }, 400],
    ['another idempotency key', { headers: { 'idempotency-key': 'x' } }, 400],
    ['a hash that is not that of the body', { body: { documents: [{ ...document, body: 'other' }] } }, 400],
    ['no document', { body: { documents: [] } }, 400],
    ['a closed organisation', { body: { organisationId: 'P-10' } }, 422],
  ])('%s', async (_, spoiled, status) => {
    const simulated = await startRegistry({ port: 0, token: TOKEN });
    const application = applicationOf();
    const headers = {
      authorization: `Bearer ${TOKEN}`,
      'content-type': 'application/json',
      'idempotency-key': application.id,
      ...spoiled.headers,
    };
    const body = { ...application, ...spoiled.body };
    const answer = await fetch(`${simulated.url}/v1/applications`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(status);
    const kept = (await (await fetch(`${simulated.url}/applications`)).json()) as {
      application: { id: string };
    }[];
    expect(kept.map((each) => each.application.id)).not.toContain(application.id);
    await simulated.close();
  });

  it('another application under a known id', async () => {
    const simulated = await startRegistry({ port: 0, token: TOKEN });
    const registry = httpRegistry({ url: simulated.url, token: TOKEN });
    const application = applicationOf();
    await registry.submit(application);
    const other = registry.submit({ ...application, family: 'Другая' });
    await expect(other).rejects.toBeInstanceOf(ApplicationMisunderstood);
    await simulated.close();
  });
});
