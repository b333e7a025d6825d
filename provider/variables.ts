/**
 * The variables of the environment: names, forms, defaults, the sentence of each for `.env.example`, and what must not
 * be said together. Knows neither where they come from nor who uses them.
 */
import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { isLoopback } from './loopback.ts';
import { openedHost } from './opened-host.ts';
import { upstreamFaults, upstreamsVariable } from './upstream-settings.ts';
import {
  count,
  headerName,
  list,
  namedSecrets,
  port,
  redisUrls,
  SECRET_HINT,
  secret,
  text,
  url,
} from './variable-forms.ts';

/** Each variable with the sentence that goes into `.env.example`. */
export const variables = z
  .object({
    ISSUER: url(['https:', 'http:'])
      .refine((value) => !value.endsWith('/') && new URL(value).origin === value, {
        message: 'must be an origin without a path and without a slash at the end',
      })
      .describe('Public address of the gateway; https except on a loopback host. Never changes afterwards.'),
    HOST: text.default('0.0.0.0').describe('Address to listen on.'),
    PORT: port.default(3000).describe('Port to listen on.'),
    METRICS_HOST: text.default('127.0.0.1').describe('Address of the metrics listener; never a public one.'),
    METRICS_PORT: port.default(9464).describe('Port of the Prometheus metrics; 0 switches them off.'),
    TRUSTED_PROXIES: list
      .optional()
      .describe('Addresses or CIDR ranges of your own proxies; X-Forwarded-* is honoured from them alone.'),
    CLIENT_CERTIFICATE_HEADER: headerName
      .optional()
      .describe(
        'Header in which your proxy hands on the certificate of a client: PEM, URL-encoded, as nginx «$ssl_client_escaped_cert». Switches mutual TLS on (RFC 8705); needs TRUSTED_PROXIES, and a proxy that drops the header from outside.',
      ),
    CLIENT_VERIFIED_HEADER: headerName
      .optional()
      .describe(
        'Header that says SUCCESS when the proxy trusts the chain of that certificate, as nginx «$ssl_client_verify»; switches tls_client_auth on.',
      ),
    MTLS_ORIGIN: url(['https:'])
      .refine((value) => URL.parse(value)?.origin === value, { message: 'must be an origin without a path' })
      .optional()
      .describe('Where the proxy asks clients for certificates, when that is another host than ISSUER.'),
    NOTICE_SECONDS: z.coerce
      .number()
      .min(0)
      .default(3)
      .describe(
        'After SIGTERM requests are still answered for so long, while /readyz says no: the time of a health check or two.',
      ),
    LOG_LEVEL: z
      .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
      .default('info')
      .describe('Least level logged.'),

    DATABASE_URL: url(['postgres:', 'postgresql:'])
      .optional()
      .describe(
        'PostgreSQL 15 or later. Without it an embedded database is kept in DATA_DIR (one process only).',
      ),
    DATABASE_POOL: count.default(10).describe('Connections this process may hold.'),
    DATA_DIR: text.default('./data').describe('Folder of the embedded database.'),

    REDIS_URL: url(['redis:', 'rediss:'])
      .optional()
      .describe('A single Redis. Without Redis everything lives in the database.'),
    REDIS_SENTINELS: redisUrls
      .optional()
      .describe('redis:// addresses of the Sentinels, comma separated, instead of REDIS_URL.'),
    REDIS_MASTER: url(['redis:', 'rediss:'])
      .default('redis://mymaster')
      .describe('What the Sentinels watch: redis://user:password@name-of-the-master/0.'),
    REDIS_CLUSTER: redisUrls
      .optional()
      .describe('redis:// addresses of some cluster nodes, comma separated, instead of REDIS_URL.'),
    REDIS_TIMEOUT_MILLISECONDS: count
      .default(250)
      .describe('How long Redis may take for an answer; then the request is refused with «try again».'),
    SESSION_STORE: z
      .enum(['redis', 'database'])
      .optional()
      .describe('Where sessions, grants and refresh tokens live. Default: Redis when there is one.'),

    COOKIE_KEYS: list
      .pipe(z.array(secret).min(1))
      .describe(`Keys that sign cookies and forms, the newest first, comma separated: ${SECRET_HINT}.`),
    ENCRYPTION_KEYS: namedSecrets.describe(
      `Keys that seal secrets in the database as «id:secret», the newest first: ${SECRET_HINT}.`,
    ),
    PASSWORD_PEPPERS: namedSecrets.describe(
      'Peppers of the password hashes as «id:secret», the newest first. Losing one locks out whoever was hashed with it.',
    ),
    PAIRWISE_SALT: secret.describe(
      'Salt of the pairwise subjects. A changed salt makes everybody a stranger everywhere.',
    ),

    HASHES_AT_ONCE: count
      .default(Math.max(1, availableParallelism() - 1))
      .describe(
        'Password hashes computed at the same time: the cores this process owns, less one for everything else.',
      ),
    HASH_QUEUE_SECONDS: count.default(5).describe('A sign-in that would wait longer is asked to come back.'),
    LEGACY_LOGIN_URL: url(['https:', 'http:'])
      .optional()
      .describe(
        'Where an old portal says whether a password is right, for accounts marked «portal» (docs/operators/README.md). A private address needs OUTWARD_PRIVATE_HOSTS, http: the sandbox.',
      ),
    LEGACY_LOGIN_TOKEN: text
      .min(16)
      .optional()
      .describe('Bearer token for LEGACY_LOGIN_URL, at least 16 characters.'),
    THROTTLE: z
      .enum(['on', 'off'])
      .default('on')
      .describe('Limits on password guesses. «off» only in a sandbox, for load and conformance runs.'),

    DELETION_DAYS: z.coerce
      .number()
      .int()
      .min(0)
      .default(7)
      .describe('Days between asking for the deletion of an account and its being carried out.'),
    QUARANTINE_DAYS: count
      .default(30)
      .describe('Days in which the address and the ticket of a deleted account open no other one.'),

    REVEAL_EXISTING_EMAIL: z
      .enum(['on', 'off'])
      .default('on')
      .describe(
        'Whether the page of registration says that an address is taken. «off»: the owner learns it by letter alone.',
      ),
    FOREIGN_EMAIL: z
      .enum(['allow', 'warn', 'deny_new'])
      .default('warn')
      .describe('What becomes of registrations with the best known mail services outside Russia.'),

    SMTP_URL: url(['smtp:', 'smtps:'])
      .optional()
      .describe('Mail server; «?tls=off» where it speaks plain SMTP. Without it letters wait in the queue.'),
    MAIL_FROM: z.email().default('confirmation@eseur.ru').describe('Sender of every letter.'),

    UPSTREAMS: upstreamsVariable
      .optional()
      .describe(
        'Identity providers (ЕСИА, РСАА) as a JSON list, best in UPSTREAMS_FILE; docs/operators/esia.md. «union-id esia doctor» checks them.',
      ),
    REGISTRY_URL: url(['https:', 'http:'])
      .optional()
      .describe(
        'Member register kept by another system, by the port of docs/operators/registry.yaml. Without it we keep it.',
      ),
    REGISTRY_TOKEN: text
      .min(16)
      .optional()
      .describe('Bearer token for the register at REGISTRY_URL, at least 16 characters.'),
    REGISTRY_POLL_SECONDS: z.coerce
      .number()
      .min(0.1)
      .default(5)
      .describe('How often the register is asked what has happened there.'),

    MAIL_CONNECTIONS: count
      .default(10)
      .describe('Letters this process hands over at the same time: connections to the mail server.'),
    MAIL_DOMAIN_AT_ONCE: count
      .default(4)
      .describe(
        'Letters to one receiving domain (mail.ru, yandex.ru …) handed over at the same time, by all processes.',
      ),
    MAIL_DOMAIN_PER_MINUTE: count
      .default(600)
      .describe('Letters a minute to one receiving domain, by all processes; rounded up to tens.'),
    MAIL_PROBE_SECONDS: count
      .default(15)
      .describe('While the mail server takes nothing, one letter is tried so often.'),

    RECIPIENT_FINFORT_URL: url(['https:', 'http:'])
      .optional()
      .describe(
        'Where ООО «ФИНФОРТ» takes events about consents (POST, JSON). Without it they wait in the database.',
      ),
    RECIPIENT_FINFORT_TOKEN: text.optional().describe('Bearer token for RECIPIENT_FINFORT_URL.'),
    RECIPIENT_FINFORT_SECTOR: text
      .default('profcards')
      .describe('Sector of its clients: events name a person by the subject of this sector. Never changes.'),
    MESSENGER_URL: url(['https:', 'http:'])
      .optional()
      .describe(
        'HTTP gateway that delivers SMS and PUSH (POST, JSON). Without it such news wait in the queue.',
      ),
    MESSENGER_TOKEN: text.optional().describe('Bearer token for MESSENGER_URL.'),

    DEVELOPERS_URL: url(['https:', 'http:'])
      .refine((value) => new URL(value).origin === value, {
        message: 'must be an origin without a path and without a slash at the end',
      })
      .optional()
      .describe(
        'Address of «Для разработчиков» (clients/developers): the front page leads there, and its page «Попробовать» may be a redirect address of applications in test.',
      ),

    OUTWARD_PRIVATE_HOSTS: list
      .pipe(z.array(openedHost))
      .optional()
      .describe(
        'Hosts of clients that may be called although they are not public or not on port 443, comma separated: host, host:port or CIDR ranges.',
      ),

    SANDBOX: z
      .enum(['on', 'off'])
      .default('off')
      .describe('Allows http clients on loopback. Refused with an https issuer.'),
    INITIAL_ACCESS_TOKEN: z
      .string()
      .regex(/^[A-Za-z0-9._~+/-]{32,}$/, 'must be at least 32 characters of A–Z, a–z, 0–9, . _ ~ + / -')
      .optional()
      .describe(
        'Bearer token that may register clients dynamically (RFC 7591). Without it registration is off.',
      ),
  })
  .superRefine(
    (env, context) => {
      const fault = (path: string, message: string) =>
        context.addIssue({ code: 'custom', path: [path], message });
      const issuer = URL.parse(env.ISSUER ?? '');
      if (issuer?.protocol === 'http:' && !isLoopback(issuer.hostname))
        fault('ISSUER', 'must begin with https://');
      const redis = [env.REDIS_URL, env.REDIS_SENTINELS, env.REDIS_CLUSTER].filter(Boolean).length;
      if (redis > 1) fault('REDIS_URL', 'set only one of REDIS_URL, REDIS_SENTINELS and REDIS_CLUSTER');
      if (env.SESSION_STORE === 'redis' && redis === 0)
        fault('SESSION_STORE', 'is «redis», but no Redis is configured');
      if (redis > 0 && !env.DATABASE_URL)
        fault('DATABASE_URL', 'is needed beside Redis: the embedded database is for one process');
      if (env.REGISTRY_URL && !env.REGISTRY_TOKEN) fault('REGISTRY_TOKEN', 'is needed for REGISTRY_URL');
      if (env.REGISTRY_TOKEN && !env.REGISTRY_URL) fault('REGISTRY_URL', 'is needed for REGISTRY_TOKEN');
      const register = URL.parse(env.REGISTRY_URL ?? '');
      if (register?.protocol === 'http:' && !isLoopback(register.hostname))
        fault('REGISTRY_URL', 'must begin with https:// unless it is a loopback host');
      if (env.SANDBOX === 'on' && issuer && !isLoopback(issuer.hostname))
        fault('SANDBOX', 'must be off unless the issuer is a loopback host');
      // What could not be read is no list.
      const upstreams = Array.isArray(env.UPSTREAMS) ? env.UPSTREAMS : [];
      for (const message of upstreamFaults(upstreams, env.SANDBOX === 'on')) fault('UPSTREAMS', message);
      for (const name of ['RECIPIENT_FINFORT', 'MESSENGER', 'LEGACY_LOGIN'] as const) {
        const address = URL.parse(env[`${name}_URL`] ?? '');
        if (address && !env[`${name}_TOKEN`]) fault(`${name}_TOKEN`, `is needed with ${name}_URL`);
        if (address?.protocol === 'http:' && !isLoopback(address.hostname))
          fault(`${name}_URL`, 'must begin with https://: personal data and tokens go there');
      }
      if (env.SANDBOX !== 'on' && env.THROTTLE === 'off') fault('THROTTLE', 'may be off only in the sandbox');
      if (env.CLIENT_CERTIFICATE_HEADER && !env.TRUSTED_PROXIES)
        fault('CLIENT_CERTIFICATE_HEADER', 'counts from TRUSTED_PROXIES alone, and there are none');
      for (const name of ['CLIENT_VERIFIED_HEADER', 'MTLS_ORIGIN'] as const) {
        if (env[name] && !env.CLIENT_CERTIFICATE_HEADER)
          fault(name, 'is of use with CLIENT_CERTIFICATE_HEADER');
      }
      if (env.TRUSTED_PROXIES?.some((range) => /^(0\.0\.0\.0|::)\/0$|\*/.test(range))) {
        fault('TRUSTED_PROXIES', 'must not trust the whole world');
      }
    },
    // Cross-field faults are told together with the others, not after them.
    { when: () => true },
  );

/** Names, defaults and descriptions of every variable, for `.env.example` and the documentation. */
export function describeVariables(): readonly {
  name: string;
  description: string;
  example: string | undefined;
}[] {
  return Object.entries(variables.shape).map(([name, type]) => {
    const fallback = (type as { def?: { defaultValue?: unknown } }).def?.defaultValue;
    return {
      name,
      description: type.description ?? '',
      example: fallback === undefined ? undefined : String(fallback),
    };
  });
}
