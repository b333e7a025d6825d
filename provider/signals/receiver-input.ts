/** The shapes of what a receiver sends: Shared Signals 1.0 §8 and RFC 8936 §2.4. Knows neither streams nor who sends. */
import { z } from 'zod';

export const PUSH = 'urn:ietf:rfc:8935';
export const POLL = 'urn:ietf:rfc:8936';

const delivery = z.union([
  z.object({ method: z.literal(POLL) }),
  z.object({
    method: z.literal(PUSH),
    endpoint_url: z.string(),
    authorization_header: z
      .string()
      .regex(/^[\x20-\x7e]{1,1000}$/)
      .optional(),
  }),
]);
export type DeliveryInput = z.output<typeof delivery>;

export const streamInput = z.object({
  stream_id: z.string().optional(),
  delivery: delivery.optional(),
  events_requested: z.array(z.string().max(200)).max(50).optional(),
});

export const statusInput = z.object({
  stream_id: z.string(),
  status: z.enum(['enabled', 'paused', 'disabled']),
  reason: z.string().max(200).optional(),
});

export const verificationInput = z.object({ stream_id: z.string(), state: z.string().max(200).optional() });

const ids = z.array(z.string().max(100)).max(1_000);
export const pollInput = z.object({
  maxEvents: z.number().int().min(0).optional(),
  returnImmediately: z.boolean().optional(),
  ack: ids.optional(),
  setErrs: z.record(z.string().max(100), z.unknown()).optional(),
});
