/** What the management API tells, as far as the pages use it; whatever else it says is left out. */
import { z } from 'zod';

export const KINDS = ['web', 'spa', 'native', 'device', 'service'] as const;
export type Kind = (typeof KINDS)[number];

export const AUTHENTICATIONS = ['secret', 'keys', 'none'] as const;
export type Authentication = (typeof AUTHENTICATIONS)[number];

const moment = z.coerce.date();
const maybe = <Shape extends z.ZodType>(shape: Shape) =>
  shape.nullish().transform((value) => value ?? undefined);
const addresses = z.array(z.string()).default([]);

/** A page of a list; `next` is the cursor of the one after it. */
export const listOf = <Shape extends z.ZodType>(shape: Shape) =>
  z.object({ items: z.array(shape), next: maybe(z.string()) });

export const meShape = z.object({ is_reviewer: z.boolean() });

const secretShape = z.object({
  id: z.string(),
  created_at: moment,
  expires_at: maybe(moment),
  last_used_at: maybe(moment),
});

export const integrationShape = z.object({
  client_id: z.string(),
  name: z.string(),
  kind: z.enum(KINDS),
  stage: z.enum(['test', 'production']),
  site: maybe(z.string()),
  redirect_uris: addresses,
  post_logout_redirect_uris: addresses,
  backchannel_logout_uri: maybe(z.string()),
  initiate_login_uri: maybe(z.string()),
  optional_claims: z.array(z.string()).default([]),
  authentication: z.enum(AUTHENTICATIONS),
  jwks: maybe(z.looseObject({ keys: z.array(z.looseObject({})) })),
  jwks_uri: maybe(z.string()),
  scopes: z.array(z.string()).default([]),
  secrets: z.array(secretShape).default([]),
  blocked: maybe(z.object({ at: moment, reason: maybe(z.string()) })),
  testers: z.array(z.string()).default([]),
  owner: maybe(z.string()),
  created_at: moment,
  updated_at: moment,
});
export type Integration = z.output<typeof integrationShape>;

/** The secret comes in the answer to its making alone. */
export const createdShape = integrationShape.extend({ client_secret: maybe(z.string()) });
export const newSecretShape = z.object({ id: z.string(), client_secret: z.string() });

export const REQUEST_STATES = ['pending', 'approved', 'refused', 'withdrawn'] as const;

export const requestShape = z.object({
  id: z.string(),
  client_id: z.string(),
  wanted: z.enum(['production', 'scopes']),
  scopes: z.array(z.string()).default([]),
  purpose: z.string(),
  contact: z.string(),
  state: z.enum(REQUEST_STATES),
  /** Of a refusal its reason. */
  note: maybe(z.string()),
  asked_at: moment,
  decided_at: maybe(moment),
});
export const listedRequestShape = requestShape.extend({ name: z.string() });
export const reviewedRequestShape = requestShape.extend({
  asked_by: maybe(z.object({ name: z.string(), email: z.string() })),
  integration: integrationShape,
});
export type AccessRequest = z.output<typeof requestShape>;

export const changeShape = z.object({
  at: moment,
  by: z.enum(['you', 'owner', 'administrator', 'operator']),
  what: z.string(),
  before: maybe(z.record(z.string(), z.unknown())),
  after: maybe(z.record(z.string(), z.unknown())),
});

export const deliveryShape = z.object({
  id: z.string(),
  state: z.string(),
  created_at: moment,
  attempts: z.number().default(0),
  last_status: maybe(z.number()),
  next_try_at: maybe(moment),
});

export const streamShape = z.object({
  method: z.enum(['push', 'poll']),
  endpoint_url: maybe(z.string()),
  events: z.array(z.string()),
});

export const rehearsalShape = z.object({
  id: z.string(),
  state: z.enum(['waiting', 'running', 'done']).default('waiting'),
  issuer: z.string(),
  expires_at: maybe(moment),
  results: z
    .array(
      z.object({
        case: z.string(),
        verdict: z.enum(['refused', 'accepted', 'unclear']),
        evidence: maybe(z.string()),
      }),
    )
    .default([]),
});
