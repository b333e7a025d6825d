/** How long a relying party's tokens live when it wants them shorter, or longer within bounds, than everybody's. */
import type { Client } from 'oidc-provider';
import { z } from 'zod';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
/** Revoked grants are remembered for so long (adapters/storage), so no token of theirs may outlive it. */
const REFRESH_AT_MOST_SECONDS = 30 * 24 * HOUR;

export const LIFETIME_SHAPES = {
  access_token_seconds: z.int().min(MINUTE).max(HOUR),
  refresh_token_seconds: z.int().min(MINUTE).max(REFRESH_AT_MOST_SECONDS),
  id_token_seconds: z.int().min(MINUTE).max(HOUR),
} as const;

export const LIFETIME_EXPECTED: Record<keyof typeof LIFETIME_SHAPES, string> = {
  access_token_seconds: `must be ${MINUTE}…${HOUR} whole seconds`,
  refresh_token_seconds: `must be ${MINUTE}…${REFRESH_AT_MOST_SECONDS} whole seconds`,
  id_token_seconds: `must be ${MINUTE}…${HOUR} whole seconds`,
};

type Lifetimes = { readonly [name in keyof typeof LIFETIME_SHAPES]?: number };

/** Undefined: as everybody's. */
export function secondsOf(client: Client | undefined, name: keyof Lifetimes): number | undefined {
  return (client as Lifetimes | undefined)?.[name];
}
