/**
 * Environment → Config: all faults at once. The only reader of the environment; everybody else is handed the part that
 * concerns them.
 */
import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { variables } from './variables.ts';

export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** EX_CONFIG of sysexits.h. */
export const EXIT_CONFIG = 78;

type Environment = Readonly<Record<string, string | undefined>>;

export type Config = ReturnType<typeof toConfig>;

/** Throws ConfigError whose message lists every fault with what to do. */
export function readConfig(environment: Environment): Config {
  const faults: string[] = [];
  const parsed = variables.safeParse(withFiles(environment, faults));
  for (const issue of parsed.error?.issues ?? []) {
    const name = String(issue.path[0]);
    const missing = environment[name] === undefined && issue.code === 'invalid_type';
    faults.push(
      `${name}: ${missing ? `is missing. ${variables.shape[name as keyof typeof variables.shape]?.description}` : issue.message}`,
    );
  }
  if (!parsed.success || faults.length > 0) throw new ConfigError([...new Set(faults)].join('\n'));
  return Object.freeze(toConfig(parsed.data));
}

/** `NAME_FILE` stands for the content of that file: secrets of orchestrators come as files. */
function withFiles(environment: Environment, faults: string[]): Record<string, string | undefined> {
  const result: Record<string, string | undefined> = {};
  for (const name of Object.keys(variables.shape)) {
    const file = environment[`${name}_FILE`];
    if (file === undefined || file === '') {
      // An empty variable is how shells and compose files say «not set».
      result[name] = environment[name] === '' ? undefined : environment[name];
      continue;
    }
    if (environment[name]) faults.push(`${name}: set either ${name} or ${name}_FILE, not both`);
    try {
      result[name] = readFileSync(file, 'utf8').trim();
    } catch (error) {
      faults.push(`${name}_FILE: cannot be read (${(error as NodeJS.ErrnoException).code}): ${file}`);
    }
  }
  return result;
}

function toConfig(env: z.output<typeof variables>) {
  const issuer = new URL(env.ISSUER);
  const redis = redisOf(env);
  return {
    issuer: env.ISSUER,
    secure: issuer.protocol === 'https:',
    sandbox: env.SANDBOX === 'on',
    developersUrl: env.DEVELOPERS_URL,
    listen: {
      host: env.HOST,
      port: env.PORT,
      trustedProxies: env.TRUSTED_PROXIES ?? [],
      noticeMilliseconds: env.NOTICE_SECONDS * 1_000,
    },
    certificates: env.CLIENT_CERTIFICATE_HEADER
      ? {
          header: env.CLIENT_CERTIFICATE_HEADER,
          verifiedHeader: env.CLIENT_VERIFIED_HEADER,
          origin: env.MTLS_ORIGIN,
        }
      : undefined,
    metrics: { host: env.METRICS_HOST, port: env.METRICS_PORT },
    logLevel: env.LOG_LEVEL,
    database: env.DATABASE_URL
      ? ({ kind: 'server', url: env.DATABASE_URL, poolSize: env.DATABASE_POOL } as const)
      : ({ kind: 'embedded', directory: env.DATA_DIR } as const),
    redis,
    redisTimeoutMilliseconds: env.REDIS_TIMEOUT_MILLISECONDS,
    sessionStore: env.SESSION_STORE ?? (redis ? ('redis' as const) : ('database' as const)),
    secrets: {
      cookieKeys: env.COOKIE_KEYS.map((key) => key.toString('base64url')),
      encryptionKeys: env.ENCRYPTION_KEYS,
      peppers: env.PASSWORD_PEPPERS,
      pairwiseSalt: env.PAIRWISE_SALT,
    },
    passwords: {
      hashesAtOnce: env.HASHES_AT_ONCE,
      queueSeconds: env.HASH_QUEUE_SECONDS,
      throttled: env.THROTTLE === 'on',
      oldPortal: endpoint(env.LEGACY_LOGIN_URL, env.LEGACY_LOGIN_TOKEN).endpoint,
    },
    upstreams: env.UPSTREAMS ?? [],
    registry: {
      pollSeconds: env.REGISTRY_POLL_SECONDS,
      ...(env.REGISTRY_URL &&
        env.REGISTRY_TOKEN && { external: { url: env.REGISTRY_URL, token: env.REGISTRY_TOKEN } }),
    },
    finfort: {
      sector: env.RECIPIENT_FINFORT_SECTOR,
      ...endpoint(env.RECIPIENT_FINFORT_URL, env.RECIPIENT_FINFORT_TOKEN),
    },
    messenger: endpoint(env.MESSENGER_URL, env.MESSENGER_TOKEN).endpoint,
    joining: { revealExistingEmail: env.REVEAL_EXISTING_EMAIL === 'on', foreignEmail: env.FOREIGN_EMAIL },
    accounts: { deletionDays: env.DELETION_DAYS, quarantineDays: env.QUARANTINE_DAYS },
    mail: {
      smtpUrl: env.SMTP_URL,
      from: env.MAIL_FROM,
      connections: env.MAIL_CONNECTIONS,
      domainAtOnce: env.MAIL_DOMAIN_AT_ONCE,
      domainPerMinute: env.MAIL_DOMAIN_PER_MINUTE,
      probeSeconds: env.MAIL_PROBE_SECONDS,
    },
    outward: { opened: env.OUTWARD_PRIVATE_HOSTS ?? [], loopback: env.SANDBOX === 'on' },
    initialAccessToken: env.INITIAL_ACCESS_TOKEN,
  };
}

/** Where something outside takes what we send it. */
function endpoint(address: string | undefined, token = '') {
  return address === undefined ? {} : { endpoint: { url: address, token } };
}

export type RedisConfig =
  | { readonly kind: 'single'; readonly url: string }
  | { readonly kind: 'sentinel'; readonly master: string; readonly sentinels: readonly string[] }
  | { readonly kind: 'cluster'; readonly nodes: readonly string[] };

function redisOf(env: z.output<typeof variables>): RedisConfig | undefined {
  if (env.REDIS_URL) return { kind: 'single', url: env.REDIS_URL };
  if (env.REDIS_SENTINELS)
    return { kind: 'sentinel', master: env.REDIS_MASTER, sentinels: env.REDIS_SENTINELS };
  if (env.REDIS_CLUSTER) return { kind: 'cluster', nodes: env.REDIS_CLUSTER };
  return undefined;
}
