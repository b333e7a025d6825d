/** The upstreams as an operator writes them: a JSON list, told apart by `kind`. Part of the configuration's schema. */
import { z } from 'zod';
import type { EsiaSettings, UpstreamSettings } from '../adapters/upstream/upstream.ts';
import { isLoopback } from './loopback.ts';

/** How to reach it, and how people know it. */
export type ConfiguredUpstream = UpstreamSettings & {
  readonly name: { readonly ru: string; readonly en: string };
  readonly registrationUrl?: string | undefined;
};

const text = z.string().trim().min(1);
const origin = text.refine((value) => URL.parse(value)?.origin === value, {
  message: 'must be an origin without a path and without a slash at the end',
});
const address = text.refine((value) => /^https?:$/.test(URL.parse(value)?.protocol ?? ''), {
  message: 'must be an http(s) address',
});
const folder = text;

const common = {
  /** Part of its callback address and of messages. */
  id: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'is lower-case letters, digits and «-»'),
  timeoutMilliseconds: z.int().min(100).max(10_000).default(4_000),
  ca: text.optional(),
  /** Where somebody without an account there gets one. */
  registrationUrl: address.optional(),
};

const NAME_HINT =
  'is how people know it, on the button «Войти через …»: {"ru": "РСАА", "en": "RSAA"}, both languages';
const name = z.strictObject(
  { ru: z.string(NAME_HINT).trim().min(1, NAME_HINT), en: z.string(NAME_HINT).trim().min(1, NAME_HINT) },
  NAME_HINT,
);

const signer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('js'), folder }),
  z.strictObject({
    kind: z.literal('engine'),
    folder,
    openssl: text.default('openssl'),
    engine: text.default('gost'),
  }),
  z.strictObject({
    kind: z.literal('command'),
    folder,
    command: z.tuple([text], z.string()),
    reverse: z.boolean().default(false),
  }),
  z.strictObject({
    kind: z.literal('http'),
    folder,
    url: address,
    reverse: z.boolean().default(false),
    tls: z.strictObject({ certificate: text, key: text, ca: text.optional() }).optional(),
  }),
  z.strictObject({ kind: z.literal('rsa'), folder }),
]);

const esia = z.strictObject({
  kind: z.literal('esia'),
  ...common,
  name: name.default({ ru: 'Госуслуги', en: 'Gosuslugi' }),
  url: origin,
  issuer: address,
  clientId: text,
  /** the least. */
  scope: z.array(text).min(1).default(['openid', 'fullname', 'birthdate', 'email', 'mobile']),
  scopeOrg: text.optional(),
  protocol: z.enum(['v1', 'v2']).default('v2'),
  signedAttributes: z.boolean().default(false),
  confirmedOnly: z.boolean().default(false),
  tokenAlgorithms: z
    .array(z.enum(['RS256', 'GOST3410_2012_256']))
    .min(1)
    .default(['GOST3410_2012_256']),
  authorityKeys: folder,
  signer,
});

const claim = z.enum([
  'subject',
  'family_name',
  'given_name',
  'middle_name',
  'birthdate',
  'gender',
  'email',
  'email_verified',
  'phone_number',
  'snils',
  'groups',
]);

const standard = {
  ...common,
  name,
  issuer: address,
  clientId: text,
  clientSecret: text,
  scope: z.array(text).min(1).default(['openid', 'profile', 'email']),
  claims: z.partialRecord(claim, text).default({}),
};

const oidc = z.strictObject({ kind: z.literal('oidc'), ...standard });
const oauth2 = z.strictObject({
  kind: z.literal('oauth2'),
  ...standard,
  authorizationEndpoint: address,
  tokenEndpoint: address,
  userinfoEndpoint: address,
});

const list = z
  .array(z.discriminatedUnion('kind', [esia, oidc, oauth2]))
  .refine((upstreams) => new Set(upstreams.map(({ id }) => id)).size === upstreams.length, {
    message: 'two upstreams have the same id',
  });

/** Of an environment variable: JSON text. */
export const upstreamsVariable = z.string().transform((value, context): readonly ConfiguredUpstream[] => {
  try {
    const parsed = list.safeParse(JSON.parse(value));
    if (parsed.success) return parsed.data;
    for (const { path, message } of parsed.error.issues) {
      context.issues.push({ code: 'custom', message: `${path.join('.')} ${message}`, input: undefined });
    }
  } catch {
    context.issues.push({ code: 'custom', message: 'is not JSON', input: undefined });
  }
  return z.NEVER;
});

/** What must not be said of upstreams together, or beside a sandbox: a sentence each. */
export function upstreamFaults(upstreams: readonly UpstreamSettings[], sandbox: boolean): readonly string[] {
  const authorities = upstreams.filter(({ kind }) => kind === 'esia') as readonly EsiaSettings[];
  const real = authorities.filter(isRealEsia);
  const plain = upstreams.filter((settings) => addressesOf(settings).some(isPlain)).map(({ id }) => id);
  return [
    ...(sandbox && real.length > 0 ? ['must not name the real ESIA in a sandbox'] : []),
    ...(real.length > 0 && real.length < authorities.length
      ? ['must not name the real ESIA beside another one: whoever signs in at a simulator can be anybody']
      : []),
    ...(!sandbox && authorities.some(isSimulator)
      ? ['must not name a simulator of ESIA (an issuer on a loopback host) outside the sandbox']
      : []),
    ...plain.map((id) => `${id}: addresses must begin with https:// unless they are on a loopback host`),
  ];
}

/** The real one, and its sister for tests; also behind a proxy of ours, which leaves the tokens as they are. */
function isRealEsia({ url, issuer }: EsiaSettings): boolean {
  return [url, issuer].some((value) => /(^|\.)gosuslugi\.ru$/.test(new URL(value).hostname));
}

function isSimulator({ issuer }: EsiaSettings): boolean {
  return isLoopback(new URL(issuer).hostname);
}

function addressesOf(settings: UpstreamSettings): readonly string[] {
  // ESIA's issuer is a name, and begins with http.
  if (settings.kind === 'esia') return [settings.url];
  if (settings.kind === 'oidc') return [settings.issuer];
  return [settings.authorizationEndpoint, settings.tokenEndpoint, settings.userinfoEndpoint];
}

function isPlain(value: string): boolean {
  const { protocol, hostname } = new URL(value);
  return protocol === 'http:' && !isLoopback(hostname);
}
