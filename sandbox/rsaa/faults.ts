/** What is broken on purpose at the РСАА simulator, per endpoint, and how. */
import { z } from 'zod';
import { CALL_FAULTS } from '../esia/faults.ts';

const TOKEN_FAULTS = [
  'foreign-key',
  'wrong-iss',
  'wrong-aud',
  'wrong-nonce',
  'expired',
  'alg-none',
  /** Its clock is ten minutes ahead. */
  'clock-ahead',
] as const;

const call = z.enum(CALL_FAULTS).nullable().optional();
const schema = z.strictObject({
  discovery: z
    .enum([...CALL_FAULTS, 'wrong-iss'])
    .nullable()
    .optional(),
  auth: call,
  token: call,
  jwks: z
    .enum([...CALL_FAULTS, 'foreign-key'])
    .nullable()
    .optional(),
  userinfo: call,
  idToken: z.enum(TOKEN_FAULTS).nullable().optional(),
});

export type RsaaFaults = z.output<typeof schema>;

export type RsaaFaultBox = {
  now(): RsaaFaults;
  /** Only what is named changes; null mends it. Throws z.ZodError. */
  set(change: unknown): RsaaFaults;
};

export function rsaaFaults(): RsaaFaultBox {
  let faults: RsaaFaults = {};
  return {
    now: () => faults,
    set(change) {
      faults = { ...faults, ...schema.parse(change) };
      return faults;
    },
  };
}
