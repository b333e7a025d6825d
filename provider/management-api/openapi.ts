/** The OpenAPI 3.1 document of the management API, made of the very shapes its requests are judged by. */
import { z } from 'zod';
import { apiOf } from '../oidc/resources.ts';
import type { ApiScope } from './caller.ts';
import type { Operation } from './operation.ts';
import { PROBLEM_TYPE, PROBLEMS, type ProblemCode } from './problem.ts';

export const API_ROOT = '/api/v1';

const SCOPES: Readonly<Record<ApiScope, string>> = {
  'integrations:read': 'See your own applications',
  'integrations:write': 'Create and change your own applications',
  'integrations:review': 'Review requests of developers, see and block any application',
};

/** What can happen to every call. */
const ALWAYS = [
  ...['invalid_request', 'unauthorized', 'insufficient_scope', 'too_many_requests'],
  ...['server_error', 'store_unavailable'],
] as const satisfies readonly ProblemCode[];

const problemShape = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  instance: z.string().optional(),
  errors: z.array(z.object({ pointer: z.string(), code: z.string(), detail: z.string() })).optional(),
});

export function openApiDocument(operations: readonly Operation[], issuer: string) {
  const paths: Record<string, Record<string, object>> = {};
  for (const one of operations) {
    paths[one.path] = { ...paths[one.path], [one.method.toLowerCase()]: describe(one) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Union ID: management API',
      version: '1',
      description:
        'What a developer does with her applications and an administrator with those of all. Errors are RFC 9457 problem details; lists are read page by page with the cursor of the page before.',
    },
    servers: [{ url: `${issuer}${API_ROOT}` }],
    security: [{ oauth: [] }],
    paths,
    components: {
      schemas: { Problem: schema(problemShape, 'output') },
      securitySchemes: {
        oauth: {
          type: 'oauth2',
          description: `Access tokens with resource=${apiOf(issuer)}, as bearer tokens or bound by DPoP.`,
          flows: {
            authorizationCode: {
              authorizationUrl: `${issuer}/auth`,
              tokenUrl: `${issuer}/token`,
              refreshUrl: `${issuer}/token`,
              scopes: SCOPES,
            },
          },
        },
      },
    },
  };
}

function describe(one: Operation): object {
  const { id, tag, summary, scope, params, query, body, told } = one;
  return {
    operationId: id,
    tags: [tag],
    summary,
    security: [{ oauth: [scope] }],
    parameters: [...parameters(params, 'path'), ...parameters(query, 'query'), ...headersOf(one)],
    ...(body && {
      requestBody: { required: true, content: { 'application/json': { schema: schema(body, 'input') } } },
    }),
    responses: {
      [told.status]: {
        description: told.shape ? 'Done; as it is now.' : 'Done.',
        ...(told.shape && { content: { 'application/json': { schema: schema(told.shape, 'output') } } }),
      },
      ...refusals(one),
    },
  };
}

/** Codes of one status share an answer. */
function refusals({ effect, params, query, body, problems = [] }: Operation): object {
  const codes: ProblemCode[] = [
    ...ALWAYS,
    ...problems,
    ...(params ? (['not_found'] as const) : []),
    ...(body ? (['too_large', 'unsupported_media_type', 'invalid_input'] as const) : []),
    ...(query ? (['invalid_input'] as const) : []),
    ...(effect === 'creates' ? (['idempotency_key_missing', 'idempotency_key_reused'] as const) : []),
    ...(effect === 'changes' ? (['precondition_required', 'precondition_failed'] as const) : []),
  ];
  const byStatus = Map.groupBy(new Set(codes), (code) => PROBLEMS[code]);
  return Object.fromEntries(
    [...byStatus].map(([status, found]) => [
      status,
      {
        description: found.join(', '),
        content: { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}

type Described = { properties?: Record<string, object>; required?: readonly string[] };

function parameters(shape: z.ZodType | undefined, place: 'path' | 'query'): object[] {
  if (!shape) return [];
  const { properties = {}, required = [] } = schema(shape, 'input') as Described;
  return Object.entries(properties).map(([name, described]) => ({
    name,
    in: place,
    required: required.includes(name),
    schema: described,
  }));
}

function headersOf({ effect }: Operation): object[] {
  const header = (name: string, description: string) => ({
    ...{ name, in: 'header', required: true, description },
    schema: { type: 'string' },
  });
  if (effect === 'creates') {
    return [header('Idempotency-Key', 'Of your choice; the same call with the same key happens once.')];
  }
  return effect === 'changes' ? [header('If-Match', 'The ETag of what you have seen.')] : [];
}

function schema(shape: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _, ...described } = z.toJSONSchema(shape, { io, unrepresentable: 'any' });
  return described;
}
