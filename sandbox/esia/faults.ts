/** What is broken on purpose, per endpoint, and how. Set by the developer's page or its API, felt by the next request. */
import { z } from 'zod';

export const CALL_FAULTS = [
  '503',
  '502-html',
  'hang',
  'slow',
  'reset',
  'empty',
  'truncated',
  'garbage',
  'huge',
  'ESIA-007007',
  'ESIA-007008',
] as const;

export const TOKEN_FAULTS = [
  'flipped-bit',
  'reversed-signature',
  'foreign-key',
  'alg-none',
  'alg-hs256',
  'other-alg',
  'wrong-iss',
  'wrong-aud',
  'wrong-sbt',
  'expired',
  'not-yet-valid',
  'other-subject',
  'other-client',
  'no-id-token',
  'wrong-state',
] as const;

/** Not broken, but as some real answers are. */
export const QUIRKS = [
  'string-sub',
  'auth-time-ms',
  'string-expires-in',
  'unknown-amr',
  'no-is-tru',
  'record-without-trusted',
  'record-not-trusted',
] as const;

export type CallFault = (typeof CALL_FAULTS)[number];

const call = z.enum(CALL_FAULTS).nullable();
const schema = z.strictObject({
  ac: call.optional(),
  login: call.optional(),
  te: call.optional(),
  rs: call.optional(),
  tokens: z.enum(TOKEN_FAULTS).nullable().optional(),
  quirk: z.enum(QUIRKS).nullable().optional(),
  /** How far ESIA's clock is ahead, in seconds. */
  clock: z.int().min(-86_400).max(86_400).optional(),
  /** Links to another host among the contacts. */
  foreignLinks: z.boolean().optional(),
  /** Collections stay addresses even where `embed` asks for more. */
  ignoreEmbed: z.boolean().optional(),
  /** REST errors as a list with one element. */
  listErrors: z.boolean().optional(),
});

export type Faults = z.output<typeof schema>;

export type FaultBox = {
  now(): Faults;
  /** Only what is named changes; null mends it. Throws z.ZodError. */
  set(change: unknown): Faults;
  mend(): void;
};

export function faultBox(): FaultBox {
  let faults: Faults = {};
  return {
    now: () => faults,
    set(change) {
      faults = { ...faults, ...schema.parse(change) };
      return faults;
    },
    mend() {
      faults = {};
    },
  };
}
