/** What the sandbox is told by its environment and arguments (design.md §8). */
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';

const schema = z.object({
  SANDBOX_PORT: z.coerce.number().int().min(1).max(65_000).default(3_000),
  SANDBOX_PASSWORD: z.string().min(12).max(128).optional(),
  SANDBOX_DATA: z.string().min(1).optional(),
  SANDBOX_CLIENTS: z.string().min(1).optional(),
  SANDBOX_DATABASE_URL: z.string().startsWith('postgres').optional(),
  SANDBOX_REDIS_URL: z.string().startsWith('redis').optional(),
  SANDBOX_REGISTER: z.enum(['ais', 'own']).default('ais'),
  SANDBOX_PORTALS: z.enum(['on', 'off']).default('on'),
  SANDBOX_LIMITS: z.enum(['on', 'off']).default('on'),
  SANDBOX_LOG: z.enum(['info', 'warn', 'error', 'silent']).default('error'),
});

export type SandboxSettings = ReturnType<typeof readSettings>;

/** Throws z.ZodError with every fault. */
export function readSettings(environment: Record<string, string | undefined>, args: readonly string[]) {
  const env = schema.parse(environment);
  const at = (offset: number) => `http://localhost:${env.SANDBOX_PORT + offset}`;
  return {
    json: args.includes('--json'),
    password: env.SANDBOX_PASSWORD,
    /** A fresh folder unless one is named, so that every start begins from the same people. */
    data: env.SANDBOX_DATA ? resolve(env.SANDBOX_DATA) : join(tmpdir(), `union-id-sandbox-${randomUUID()}`),
    keepsData: env.SANDBOX_DATA !== undefined,
    clientsFile: env.SANDBOX_CLIENTS,
    /** The gateway's stores, instead of the embedded database. */
    servers: {
      ...(env.SANDBOX_DATABASE_URL !== undefined && { DATABASE_URL: env.SANDBOX_DATABASE_URL }),
      ...(env.SANDBOX_REDIS_URL !== undefined && {
        REDIS_URL: env.SANDBOX_REDIS_URL,
        // A machine that runs the whole federation is a busy one.
        REDIS_TIMEOUT_MILLISECONDS: '2000',
      }),
    },
    /** Where the register of members is kept: in the АИС, which the sandbox plays, or by the gateway itself. */
    register: args.includes('--own-register') ? ('own' as const) : env.SANDBOX_REGISTER,
    /** Without them it starts in half the time: for who brings an application, or looks at the gateway alone. */
    portals: env.SANDBOX_PORTALS === 'on',
    throttled: env.SANDBOX_LIMITS === 'on',
    logLevel: env.SANDBOX_LOG,
    ports: {
      gateway: env.SANDBOX_PORT,
      dictation: env.SANDBOX_PORT + 1,
      compass: env.SANDBOX_PORT + 2,
      profcards: env.SANDBOX_PORT + 3,
      mailWeb: env.SANDBOX_PORT + 5,
      smtp: env.SANDBOX_PORT + 6,
      registry: env.SANDBOX_PORT + 7,
      recipient: env.SANDBOX_PORT + 8,
      messages: env.SANDBOX_PORT + 9,
      epos: env.SANDBOX_PORT + 4,
      esia: env.SANDBOX_PORT + 10,
      rsaa: env.SANDBOX_PORT + 11,
      'epos-school': env.SANDBOX_PORT + 12,
      'epos-kontingent': env.SANDBOX_PORT + 13,
      'epos-diary': env.SANDBOX_PORT + 14,
      'profcards-app': env.SANDBOX_PORT + 15,
      developers: env.SANDBOX_PORT + 16,
      kiosk: env.SANDBOX_PORT + 17,
    },
    issuer: at(0),
    urls: {
      ...{ dictation: at(1), compass: at(2), profcards: at(3), epos: at(4), developers: at(16) },
      kiosk: at(17),
      // As a native application hears: at the loopback address, whatever «localhost» means there (RFC 8252 §8.3).
      profcards_app: `http://127.0.0.1:${env.SANDBOX_PORT + 15}`,
    },
    region: {
      portal: at(4),
      subsystems: { 'epos-school': at(12), 'epos-kontingent': at(13), 'epos-diary': at(14) },
    },
  } as const;
}
