/** Our own register as others see it: through the port that we serve, by the very client that we use ourselves. */
import SwaggerParser from '@apidevtools/swagger-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { postgresDesk } from '../../../adapters/application-desk/postgres.ts';
import { aesGcm } from '../../../adapters/cipher/aes-gcm.ts';
import { postgresRegisterClients } from '../../../adapters/register-clients/postgres.ts';
import { httpRegistry } from '../../../adapters/registry/http.ts';
import { type Registry, RegistryUnavailable } from '../../../adapters/registry/registry.ts';
import { postgresTicketRanges } from '../../../adapters/ticket-ranges/postgres.ts';
import { readConfig } from '../../../provider/config.ts';
import { type OpenHouse, openHouse, sharedSecrets } from '../../support/house.ts';
import { testStores } from '../../support/stores.ts';
import { applicationOf, registryContract, type TestedRegistry } from './registry-contract.ts';

const SECRET = 'a secret of a machine, long enough to be one';

type Machine = { readonly organisation?: string; readonly scope?: string; readonly mayWrite?: boolean };

async function tokenOf(open: OpenHouse, clientId: string, machine: Machine): Promise<string> {
  const { organisation, scope = 'registry:read registry:write', mayWrite = true } = machine;
  const { database } = open.house.stores;
  await open.house.clients.save(
    {
      ...{ client_id: clientId, client_name: '1С', client_secret: SECRET, redirect_uris: [] },
      ...{ response_types: [], grant_types: ['client_credentials'] },
    },
    'test',
  );
  await database.transaction((tx) =>
    postgresRegisterClients(database).allow(
      { clientId, mayWrite, ...(organisation !== undefined && { organisationId: organisation }) },
      tx,
    ),
  );
  const answer = await fetch(`${open.issuer}/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${btoa(`${clientId}:${SECRET.replaceAll(' ', '+').replaceAll(',', '%2C')}`)}`,
    },
    body: new URLSearchParams({
      ...{ grant_type: 'client_credentials', scope, resource: `${open.issuer}/registry` },
    }),
  });
  const body = (await answer.json()) as { access_token?: string };
  expect(answer.status, JSON.stringify(body)).toBe(200);
  return body.access_token ?? '';
}

const registryAt = (open: OpenHouse, token: string): Registry =>
  httpRegistry({ url: `${open.issuer}/registry`, token });

registryContract('served by us', async (): Promise<TestedRegistry> => {
  const open = await openHouse(await testStores());
  const { database } = open.house.stores;
  const desk = postgresDesk(database, {
    cipher: aesGcm(
      readConfig({ ...sharedSecrets, ISSUER: open.issuer, SMTP_URL: 'smtp://localhost', SANDBOX: 'on' })
        .secrets.encryptionKeys,
    ),
    ranges: postgresTicketRanges(database),
    employmentOf: () => undefined,
  });
  let numbers = 5_000;
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closed ??= open.close();
    return closed;
  };
  return {
    registry: registryAt(open, await tokenOf(open, 'machine-of-all', {})),
    async accept(id) {
      numbers += 1;
      const ticket = { kind: 'typed', number: `99${String(numbers).padStart(14, '0')}` } as const;
      await desk.accept(id, 'all', { ticket, by: 'operator' });
    },
    async decline(id, state, reason) {
      await desk.decline(id, 'all', { state, reason, by: 'operator' });
    },
    goAway: close,
    close,
  };
});

describe('a machine of one organisation', () => {
  let open: OpenHouse;
  let near: Registry;
  beforeAll(async () => {
    open = await openHouse(await testStores());
    near = registryAt(open, await tokenOf(open, 'machine-of-t-01', { organisation: 'T-01' }));
  });
  afterAll(() => open.close());

  const ask = async (token: string | undefined, path: string, init: RequestInit = {}) => {
    const answer = await fetch(`${open.issuer}/registry${path}`, {
      ...init,
      headers: {
        'content-type': 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(init.headers as Record<string, string> | undefined),
      },
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };

  it('sees its own, and nothing of its neighbours', async () => {
    expect(await near.memberByTicket('9900000000000102')).toMatchObject({ organisation: { id: 'P-01' } });
    expect(await near.organisation('P-01')).toMatchObject({ id: 'P-01' });
    const { rows } = {
      rows: await open.house.stores.database.query<{ number: string }>(
        `select t.number from ticket t join member m on m.id = t.member_id
           join organisation o on o.id = m.organisation_id where o.path not like '%/T-01/%'`,
      ),
    };
    expect(rows.length).toBeGreaterThan(0);
    for (const { number } of rows) expect(await near.memberByTicket(number)).toBeUndefined();
    for (const id of ['P-03', 'T-02', 'R-01']) expect(await near.organisation(id)).toBeUndefined();
    const found = await near.searchOrganisations({ words: [{ text: 'школа', whole: false }], limit: 20 });
    expect(found.map(({ id }) => id)).toContain('P-01');
    expect(found.map(({ id }) => id)).not.toContain('P-07');
  });

  it('is told of what happens to its own, and passes over the rest', async () => {
    const all = registryAt(open, await tokenOf(open, 'another-of-all', {}));
    const hers = applicationOf({ organisationId: 'P-01' });
    await all.submit(applicationOf({ organisationId: 'P-03' }));
    await all.submit(hers);
    await all.submit(applicationOf({ organisationId: 'P-03' }));
    const { changes, cursor } = await near.changes(undefined);
    expect(changes).toEqual([{ kind: 'application', id: hers.id, state: 'received' }]);
    expect((await near.changes(cursor)).changes).toEqual([]);
    await expect(near.submit(applicationOf({ organisationId: 'P-03' }))).rejects.toBeInstanceOf(
      RegistryUnavailable,
    );
  });

  it('gets no further than its token, its scopes and its leave', async () => {
    const search = { method: 'POST', body: JSON.stringify({ ticket: '9900000000000102' }) };
    const reads = await tokenOf(open, 'reads', { organisation: 'T-01', mayWrite: false });
    const narrow = await tokenOf(open, 'narrow', { organisation: 'T-01', scope: 'registry:write' });
    const application = applicationOf();
    const submit = {
      method: 'POST',
      body: JSON.stringify(application),
      headers: { 'idempotency-key': application.id },
    };
    expect((await ask(undefined, '/v1/members/search', search)).status).toBe(401);
    expect((await ask(`${reads.slice(0, -1)}_`, '/v1/members/search', search)).status).toBe(401);
    expect((await ask(reads, '/v1/members/search', search)).status).toBe(200);
    expect((await ask(reads, '/v1/applications', submit)).status).toBe(403);
    expect((await ask(narrow, '/v1/members/search', search)).status).toBe(403);
    const { database } = open.house.stores;
    await database.transaction((tx) => postgresRegisterClients(database).forbid('reads', tx));
    expect((await ask(reads, '/v1/members/search', search)).status).toBe(403);
  });

  it('is answered 400 for what is not of the port, and repeats nothing of it', async () => {
    const token = await tokenOf(open, 'clumsy', { organisation: 'T-01' });
    for (const body of ['{"ticket":"99"}', '{"ticket":"9900000000000102","all":true}', '[]', '{']) {
      const answer = await ask(token, '/v1/members/search', { method: 'POST', body });
      expect(answer.status, body).toBe(400);
      expect(JSON.stringify(answer.body)).not.toContain('99');
    }
    for (const after of ["1'--", '-1', 'abc', '9'.repeat(30)]) {
      expect((await ask(token, `/v1/changes?after=${encodeURIComponent(after)}`)).status, after).toBe(400);
    }
    const application = applicationOf();
    const body = JSON.stringify(application);
    const init = { method: 'POST', body, headers: { 'idempotency-key': 'another' } };
    expect((await ask(token, '/v1/applications', init)).status).toBe(400);
  });

  it('leaves a mark for each answer with members in it', async () => {
    const rows = await open.house.stores.database.query<{ detail: object }>(
      `select detail from audit where event = 'register_read' and client_id = 'reads'`,
    );
    expect(rows).toEqual([{ detail: { operation: 'member_by_ticket', count: 1 } }]);
    expect(open.logged()).not.toContain('9900000000000102');
  });

  it('finds the port described: a valid OpenAPI document with our own door', async () => {
    const text = await (await fetch(`${open.issuer}/registry/openapi.yaml`)).text();
    const document = parse(text);
    expect(document.servers).toEqual([{ url: `${open.issuer}/registry` }]);
    expect(document.components.securitySchemes.token.flows.clientCredentials.tokenUrl).toBe(
      `${open.issuer}/token`,
    );
    await SwaggerParser.validate(document);
    expect(Object.keys(document.paths)).toHaveLength(5);
  });
});
