/**
 * Environment → settings of a portal: one schema, all faults at once. What a portal needs beyond this it adds as fields
 * of its own. Knows the gateway by its address only.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

export class SettingsError extends Error {
  override name = 'SettingsError';
}

/** EX_CONFIG of sysexits.h. */
export const EXIT_CONFIG = 78;

export type Environment = Readonly<Record<string, string | undefined>>;

const SESSION_KEY_BYTES = 32;
const SECRETS = ['CLIENT_SECRET', 'CLIENT_PRIVATE_KEY', 'SESSION_KEY'];

const text = z.string().trim().min(1);

/** Without a path, so that every address of the portal or the gateway is this plus a path. */
export const origin = text.refine(isSafeOrigin, {
  message: 'must be an origin without a path, https except on a loopback host: https://quiz.example.org',
});

/** A P-256 key pair; `kid` names it to the gateway. */
const privateKey = z.looseObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: text,
  y: text,
  d: text,
  kid: text.optional(),
});
export type PrivateJwk = z.output<typeof privateKey>;

const fields = {
  ISSUER: origin.describe('Address of the gateway, byte for byte its issuer identifier.'),
  PUBLIC_URL: origin.describe('Address under which browsers and the gateway reach this portal.'),
  HOST: text.default('0.0.0.0').describe('Address to listen on.'),
  PORT: z.coerce.number().int().min(0).max(65_535).describe('Port to listen on.'),
  CLIENT_ID: text.describe('client_id the portal is registered with.'),
  CLIENT_SECRET: text.optional().describe('For client_secret_basic. Or CLIENT_SECRET_FILE.'),
  CLIENT_PRIVATE_KEY: json(privateKey)
    .optional()
    .describe('For private_key_jwt: a private P-256 key as JWK. Or CLIENT_PRIVATE_KEY_FILE.'),
  CLIENT_PUBLIC: z
    .literal('yes')
    .optional()
    .describe('«yes» for a public client, such as a native application: PKCE alone proves it.'),
  DATABASE_FILE: text.describe('SQLite file; it is made at the first start.'),
  SESSION_KEY: text
    .transform((value) => Buffer.from(value, 'base64url'))
    .refine((bytes) => bytes.length >= SESSION_KEY_BYTES, {
      message: `must be at least ${SESSION_KEY_BYTES} random bytes in base64url`,
    })
    .describe('Secret that session ids and form tokens are keyed with. Or SESSION_KEY_FILE.'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('Least level logged.'),
};

/** How the portal proves to the token endpoint that it is itself. */
export type ClientAuthentication =
  | { readonly kind: 'client_secret_basic'; readonly secret: string }
  | { readonly kind: 'private_key_jwt'; readonly jwk: PrivateJwk }
  | { readonly kind: 'none' };

export type PortalSettings = {
  readonly issuer: string;
  readonly publicUrl: string;
  readonly listen: { readonly host: string; readonly port: number };
  readonly clientId: string;
  readonly authentication: ClientAuthentication;
  readonly databaseFile: string;
  readonly sessionKey: Buffer;
  readonly logLevel: string;
};

/** Settings every portal has, and `own` with the portal's further fields. Throws SettingsError that names every fault. */
export function readSettings<Own extends z.ZodRawShape>(
  environment: Environment,
  own: Own,
): PortalSettings & { readonly own: z.output<z.ZodObject<Own>> } {
  const faults: string[] = [];
  const values = withFiles(environment, faults);
  const common = z
    .object(fields)
    .refine(
      ({ CLIENT_SECRET, CLIENT_PRIVATE_KEY, CLIENT_PUBLIC }) =>
        [CLIENT_SECRET, CLIENT_PRIVATE_KEY, CLIENT_PUBLIC].filter((value) => value !== undefined).length ===
        1,
      {
        message: 'exactly one of CLIENT_SECRET, CLIENT_PRIVATE_KEY and CLIENT_PUBLIC must be set',
        path: ['CLIENT_SECRET'],
        // Otherwise zod would show this fault only after all the others are mended.
        when: () => true,
      },
    )
    .safeParse(values);
  const further = z.object(own).safeParse(values);
  for (const result of [common, further]) if (result.error) faults.push(z.prettifyError(result.error));
  if (faults.length > 0 || !common.success || !further.success) throw new SettingsError(faults.join('\n'));

  const { CLIENT_SECRET: secret, CLIENT_PRIVATE_KEY: jwk, ...rest } = common.data;
  return Object.freeze({
    issuer: rest.ISSUER,
    publicUrl: rest.PUBLIC_URL,
    listen: { host: rest.HOST, port: rest.PORT },
    clientId: rest.CLIENT_ID,
    authentication: authenticationBy(jwk, secret),
    databaseFile: rest.DATABASE_FILE,
    sessionKey: rest.SESSION_KEY,
    logLevel: rest.LOG_LEVEL,
    own: further.data,
  });
}

function authenticationBy(jwk: PrivateJwk | undefined, secret: string | undefined): ClientAuthentication {
  if (jwk) return { kind: 'private_key_jwt', jwk };
  return secret === undefined ? { kind: 'none' } : { kind: 'client_secret_basic', secret };
}

/** A secret may stand in a file that `NAME_FILE` names. An empty variable counts as absent, as compose files write it. */
function withFiles(environment: Environment, faults: string[]): Environment {
  const values: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(environment)) if (value) values[name] = value;
  for (const name of SECRETS) {
    const file = values[`${name}_FILE`];
    if (file === undefined || values[name] !== undefined) continue;
    try {
      values[name] = readFileSync(file, 'utf8').trim();
    } catch (error) {
      faults.push(`✖ cannot be read: ${(error as Error).message}\n  → at ${name}_FILE`);
    }
  }
  return values;
}

function json<Schema extends z.ZodType>(schema: Schema) {
  return text
    .transform((value, context) => {
      try {
        return JSON.parse(value) as unknown;
      } catch {
        context.issues.push({ code: 'custom', message: 'must be JSON', input: value });
        return z.NEVER;
      }
    })
    .pipe(schema);
}

function isSafeOrigin(value: string): boolean {
  const url = URL.parse(value);
  if (url?.origin !== value) return false;
  const loopback = /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopback);
}
