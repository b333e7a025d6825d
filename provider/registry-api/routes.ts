/**
 * The port of docs/operators/registry.yaml, served where the register is ours: 1С or another gateway asks us what we
 * would ask of another register. Knows neither tables nor whose answer goes where.
 */
import { bodyParser } from '@koa/bodyparser';
import Router from '@koa/router';
import type Provider from 'oidc-provider';
import type { z } from 'zod';
import type { Limiter } from '../../adapters/limiter/limiter.ts';
import type { RegisterClients } from '../../adapters/register-clients/register-clients.ts';
import { ApplicationRefused, type Registry, RegistryUnavailable } from '../../adapters/registry/registry.ts';
import type { Events } from '../events/events.ts';
import type { GatewayContext, GatewayState } from '../http/context.ts';
import { MachineRefused, machineOf, type RegistryScope } from './caller.ts';
import { portDocument } from './port-document.ts';
import { applicationShape, changesQuery, memberSearch, organisationSearch } from './shapes.ts';
import { OutsideReach, withinReach } from './within-reach.ts';

/** An application holds its documents. */
const LARGEST_BODY = '1mb';
export const PORT_CALLS = { points: 1_200, seconds: 60 } as const;

export type RegistryApiNeeds = {
  readonly issuer: string;
  readonly provider: Provider;
  readonly registry: Registry;
  readonly registerClients: RegisterClients;
  /** By client, and by source for whoever shows no token that counts. */
  readonly portCalls: Limiter;
  readonly events: Pick<Events, 'registerRead'>;
};

type Answered = { readonly status?: number; readonly body: unknown; readonly members?: number };

class Misunderstood extends Error {
  override name = 'Misunderstood';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export function registryApiRoutes(needs: RegistryApiNeeds): Router<GatewayState> {
  const { issuer, provider, registry, registerClients, portCalls, events } = needs;
  const router = new Router<GatewayState>({ exclusive: true, prefix: '/registry' });
  const body = bodyParser({ enableTypes: ['json'], jsonLimit: LARGEST_BODY });
  const document = portDocument(issuer);

  const answer =
    (
      operation: string,
      scope: RegistryScope,
      serve: (seen: Registry, ctx: GatewayContext) => Promise<Answered>,
    ) =>
    async (raw: unknown): Promise<void> => {
      const ctx = raw as GatewayContext;
      ctx.set('Cache-Control', 'no-store');
      try {
        const { clientId, reach } = await machine(ctx, scope);
        await spend(ctx, portCalls, clientId);
        await body(ctx as never, async () => {});
        const told = await serve(withinReach(registry, registerClients, reach), ctx);
        // Members' data leaves the house: that it did is kept, and how many they were.
        if (told.members) {
          await events.registerRead(ctx.state.origin, { clientId, operation, count: told.members });
        }
        ctx.status = told.status ?? 200;
        ctx.body = told.body;
      } catch (error) {
        tellRefusal(ctx, error);
      }
    };

  const machine = async (ctx: GatewayContext, scope: RegistryScope) => {
    try {
      return await machineOf(provider, registerClients, ctx.get('Authorization'), scope);
    } catch (error) {
      if (error instanceof MachineRefused) await spend(ctx, portCalls, `source ${ctx.state.origin.source}`);
      throw error;
    }
  };

  router.get('/openapi.yaml', (raw) => {
    raw.body = document;
    raw.type = 'application/yaml';
  });
  router.post(
    '/v1/members/search',
    answer('member_by_ticket', 'registry:read', async (seen, ctx) => {
      const { ticket } = read(memberSearch, bodyOf(ctx));
      const member = await seen.memberByTicket(ticket);
      return { body: { member: member ?? null }, members: member ? 1 : 0 };
    }),
  );
  router.post(
    '/v1/organisations/search',
    answer('search_organisations', 'registry:read', async (seen, ctx) => ({
      body: { organisations: await seen.searchOrganisations(read(organisationSearch, bodyOf(ctx))) },
    })),
  );
  router.get(
    '/v1/organisations/:organisation',
    answer('organisation', 'registry:read', async (seen, ctx) => {
      const { organisation: id = '' } = (ctx as unknown as { params: Record<string, string> }).params;
      const organisation = /^\P{Cc}{1,200}$/u.test(id) ? await seen.organisation(id) : undefined;
      if (!organisation) throw new Misunderstood(404, 'no such organisation');
      return { body: organisation };
    }),
  );
  router.post(
    '/v1/applications',
    answer('submit', 'registry:write', async (seen, ctx) => {
      const application = read(applicationShape, bodyOf(ctx));
      if (ctx.get('Idempotency-Key') !== application.id) {
        throw new Misunderstood(400, 'Idempotency-Key must be the id of the application');
      }
      await seen.submit(application);
      return { status: 201, body: { id: application.id, state: 'received' } };
    }),
  );
  router.get(
    '/v1/changes',
    answer('changes', 'registry:read', async (seen, ctx) => {
      const { after } = read(changesQuery, { ...ctx.query });
      const { changes, cursor } = await seen.changes(after);
      const members = new Set(changes.flatMap(({ member }) => member?.id ?? [])).size;
      return { body: { changes, cursor: cursor ?? null }, members };
    }),
  );
  return router;
}

const bodyOf = (ctx: GatewayContext): unknown => (ctx.request as unknown as { body?: unknown }).body;

function read<Shape extends z.ZodType>(shape: Shape, value: unknown): z.output<Shape> {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  // Where, and not what: what was sent may be anybody's data.
  const [issue] = parsed.error.issues;
  throw new Misunderstood(400, `not understood at /${issue?.path.join('/') ?? ''} (${issue?.code ?? ''})`);
}

async function spend(ctx: GatewayContext, limiter: Limiter, key: string): Promise<void> {
  const { allowed, retryAfter } = await limiter.take(key);
  if (allowed) return;
  ctx.set('Retry-After', String(Math.max(1, retryAfter)));
  throw new Misunderstood(429, 'too many requests');
}

function tellRefusal(ctx: GatewayContext, error: unknown): void {
  const refusal = refusalOf(error);
  if (!refusal) throw error;
  if (error instanceof MachineRefused) {
    ctx.set('WWW-Authenticate', `Bearer realm="registry", error="${error.message}"`);
  }
  if (refusal.status >= 500) ctx.state.log.error({ err: error }, 'register port');
  ctx.status = refusal.status;
  ctx.body = refusal.body;
}

/** Undefined for what is a bug. */
function refusalOf(error: unknown): { readonly status: number; readonly body: object } | undefined {
  if (error instanceof MachineRefused || error instanceof Misunderstood) {
    return { status: error.status, body: { message: error.message } };
  }
  if (error instanceof OutsideReach) return { status: 403, body: { message: 'outside the organisation' } };
  if (error instanceof ApplicationRefused) return { status: 422, body: { reason: error.reason } };
  if (error instanceof RegistryUnavailable) {
    return { status: 503, body: { message: 'the register is away' } };
  }
  const { status } = error as { status?: unknown };
  // The body parser's own: too large, or no JSON.
  const isUnreadable = status === 400 || status === 413 || status === 415;
  return isUnreadable ? { status, body: { message: 'unreadable' } } : undefined;
}
