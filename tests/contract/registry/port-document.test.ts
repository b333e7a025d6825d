/** What docs/operators/registry.yaml promises is what the simulated register answers, and what we ask it. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { httpRegistry } from '../../../adapters/registry/http.ts';
import { type SimulatedRegistry, startRegistry } from '../../../sandbox/registry/registry.ts';
import { applicationOf } from './registry-contract.ts';

type Schema = Record<string, unknown>;
type Body = { content: { 'application/json': { schema: Schema } } };
type Operation = {
  operationId: string;
  requestBody?: Body;
  responses: Record<string, Body | { $ref: string }>;
};
type PortDocument = { paths: Record<string, Record<string, Operation>>; components: Record<string, Schema> };

const TOKEN = 'a token of sixteen characters or more';
const document = parse(readFileSync('docs/operators/registry.yaml', 'utf8')) as PortDocument;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
);
const resolve = <T extends object>(part: T | { $ref: string }): T =>
  '$ref' in part
    ? (part.$ref
        .slice(2)
        .split('/')
        .reduce<Schema>((at, key) => at[key] as Schema, document as never) as T)
    : part;

/** JSON Schema with the document's definitions beside it; unknown members of an answer are told apart. */
function schemaOf(body: Body): z.ZodType {
  const text = JSON.stringify({
    ...body.content['application/json'].schema,
    $defs: document.components.schemas,
  });
  return z.fromJSONSchema(JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/')));
}

let simulated: SimulatedRegistry;
beforeAll(async () => {
  simulated = await startRegistry({ port: 0, token: TOKEN });
});
afterAll(() => simulated.close());

async function ask(operationId: string, options: { path?: string; body?: unknown; headers?: object } = {}) {
  const found = operations.find(({ operation }) => operation.operationId === operationId);
  if (!found) throw new Error(`no operation ${operationId}`);
  const { path = found.path, body, headers } = options;
  const answer = await fetch(`${simulated.url}${path}`, {
    method: found.method,
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const promised = found.operation.responses[answer.status];
  if (!promised) throw new Error(`${operationId}: ${answer.status} is not in the document`);
  const content: unknown = await answer.json();
  const judged = schemaOf(resolve<Body>(promised)).safeParse(content);
  return {
    status: answer.status,
    content,
    faults: judged.success ? [] : judged.error.issues,
    operation: found.operation,
  };
}

const application = applicationOf();
const key = { 'idempotency-key': application.id };
const closed = applicationOf({ organisationId: 'P-10' });

it.each<[string, Parameters<typeof ask>[1], number]>([
  ['memberByTicket', { body: { ticket: '9900000000000193' } }, 200],
  ['memberByTicket', { body: { ticket: '9900000000009999' } }, 200],
  ['memberByTicket', { body: { ticket: '99' } }, 400],
  ['memberByTicket', { body: { ticket: '99' }, headers: { authorization: '' } }, 401],
  ['searchOrganisations', { body: { words: [{ text: 'сош', whole: false }], limit: 20 } }, 200],
  ['searchOrganisations', { body: { words: [], inn: '0059000057', limit: 20 } }, 200],
  ['searchOrganisations', { body: { words: [], limit: 0 } }, 400],
  ['organisation', { path: '/v1/organisations/P-06' }, 200],
  ['organisation', { path: '/v1/organisations/P-99' }, 404],
  ['submit', { body: application, headers: key }, 201],
  ['submit', { body: application, headers: key }, 200],
  ['submit', { body: { ...application, family: 'Другая' }, headers: key }, 409],
  ['submit', { body: { ...application, phone: undefined }, headers: key }, 400],
  ['submit', { body: closed, headers: { 'idempotency-key': closed.id } }, 422],
  ['changes', { path: '/v1/changes' }, 200],
  ['changes', { path: '/v1/changes?after=nonsense' }, 400],
])('%s %o answers %d as promised', async (operationId, options, status) => {
  const answer = await ask(operationId, options);
  expect(answer.status).toBe(status);
  expect(answer.faults).toEqual([]);
});

it('tells of decisions and of paper consents as promised', async () => {
  const act = (path: string, body: object) =>
    fetch(`${simulated.url}${path}`, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  await act('/applications/APP-1/accept', {});
  await act('/applications/APP-3/reject', { reason: 'Не учится в организации' });
  await act('/members/M-07b/consents', { consent: ['union_pd'], by: 'Председатель' });
  const { content, faults } = await ask('changes', { path: '/v1/changes' });
  expect(faults).toEqual([]);
  expect(content).toMatchObject({
    changes: expect.arrayContaining([
      expect.objectContaining({ kind: 'application', id: 'APP-1', member: expect.anything() }),
      expect.objectContaining({ kind: 'application', id: 'APP-3', reason: 'Не учится в организации' }),
      expect.objectContaining({ kind: 'member', consents: [expect.objectContaining({ type: 'union_pd' })] }),
    ]),
  });
});

it('the document is strict enough to notice a wrong answer', () => {
  const { responses } =
    operations.find(({ operation }) => operation.operationId === 'changes')?.operation ?? {};
  const changes = schemaOf(resolve<Body>(responses?.[200] ?? { $ref: '' }));
  expect(changes.safeParse({ changes: [], cursor: '1' }).success).toBe(true);
  expect(
    changes.safeParse({ changes: [{ kind: 'application', id: 'x', state: 'lost' }], cursor: '1' }).success,
  ).toBe(false);
  expect(changes.safeParse({ changes: [] }).success).toBe(false);
});

it('what we send is what the document asks for, and every operation is used', async () => {
  const sent: { path: string; method: string; body: unknown }[] = [];
  const original = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const url = new URL(String(input));
    sent.push({
      path: url.pathname,
      method: init?.method ?? 'GET',
      body: typeof init?.body === 'string' ? JSON.parse(init.body) : undefined,
    });
    return original(input, init);
  };
  try {
    const registry = httpRegistry({ url: simulated.url, token: TOKEN });
    await registry.memberByTicket('9900000000000011');
    await registry.searchOrganisations({ words: [{ text: 'сош', whole: false }], limit: 20 });
    await registry.searchOrganisations({ words: [], inn: '0059000057', limit: 20 });
    await registry.organisation('P-06');
    await registry.submit(applicationOf({ unit: 'школа' }));
    await registry.changes(undefined);
  } finally {
    globalThis.fetch = original;
  }
  const used = new Set<string>();
  for (const { path, method, body } of sent) {
    const found = operations.find(
      (each) => each.method === method && new RegExp(`^${each.path.replace('{id}', '[^/]+')}$`).test(path),
    );
    expect(found, `${method} ${path}`).toBeDefined();
    used.add(found?.operation.operationId ?? '');
    const promised = found?.operation.requestBody;
    if (promised) expect(schemaOf(promised).safeParse(body)).toMatchObject({ success: true });
    else expect(body).toBeUndefined();
  }
  expect([...used].sort()).toEqual(operations.map(({ operation }) => operation.operationId).sort());
});
