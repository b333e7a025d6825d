/**
 * How a relying party proves who it is: assertions, and certificates that our own proxy has looked at. Also which of
 * them may look at whose tokens, because that too is a question of who asks.
 */
import { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type Client, type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { Proxies } from '../http/front-door.ts';
import { subjectMatches } from './client/certificate-subject.ts';
import { isFapi, STRICT_ALGS } from './client/profile.ts';
import { serves } from './client/resources.ts';

const ASSERTION_SECONDS = 5 * 60;
/** How much a client's clock may be ahead. */
const SKEW_SECONDS = 60;

/** RFC 7523bis: the audience is the issuer and nothing else, and an assertion is for now. */
export const assertJwtClientAuthClaimsAndHeader: NonNullable<
  Configuration['assertJwtClientAuthClaimsAndHeader']
> = async (ctx, claims, header, client) => {
  const { aud, exp, iat } = claims as { aud?: unknown; exp?: number; iat?: number };
  if (aud !== ctx.oidc.issuer) {
    throw new errors.InvalidClientAuth('audience (aud) must be the issuer identifier');
  }
  const now = Math.floor(Date.now() / 1_000);
  // One that says it was issued in the future lives no longer for it.
  const isLong =
    exp === undefined ||
    exp - (iat ?? now) > ASSERTION_SECONDS ||
    exp - now > ASSERTION_SECONDS + SKEW_SECONDS;
  if (isLong) {
    throw new errors.InvalidClientAuth('assertion lives longer than five minutes');
  }
  if (isFapi(client) && !STRICT_ALGS.includes(String(header.alg))) {
    throw new errors.InvalidClientAuth('alg mismatch');
  }
};

/** Its own tokens, and those for the API that it is; only when it has proved who it is (RFC 7662 §2.1). */
export function mayIntrospect(
  _ctx: KoaContextWithOIDC,
  client: Client,
  token: { clientId?: string | undefined; aud?: string | string[] | undefined },
): boolean {
  if (client.clientAuthMethod === 'none') return false;
  return token.clientId === client.clientId || serves(client, token.aud);
}

export type CertificateSettings = {
  /** Name of the header with the client's certificate: PEM, URL-encoded, as nginx `$ssl_client_escaped_cert`. */
  readonly header: string;
  /** Name of the header that says SUCCESS when the certificate has a chain the proxy trusts, as `$ssl_client_verify`. */
  readonly verifiedHeader: string | undefined;
  /** Where the proxy asks for certificates, when that is another host than the issuer's. */
  readonly origin: string | undefined;
};

export type Certificates = { readonly settings: CertificateSettings; readonly proxies: Proxies };

/** The library's feature; a header counts from our own proxies alone (RFC 8705 §6.5). */
export function mutualTls(certificates: Certificates | undefined) {
  if (!certificates) return { enabled: false } as const;
  const { settings, proxies } = certificates;
  const from = (req: IncomingMessage, name: string): string | undefined => {
    if (!proxies.isTrusted(req)) return undefined;
    // Two of them: one is not the proxy's.
    const values = req.headersDistinct[name.toLowerCase()] ?? [];
    return values.length === 1 ? values[0] : undefined;
  };
  const certificateOf = ({ req }: KoaContextWithOIDC): X509Certificate | undefined => {
    const escaped = from(req, settings.header);
    return escaped ? parse(escaped) : undefined;
  };
  const { verifiedHeader } = settings;
  return {
    enabled: true,
    certificateBoundAccessTokens: true,
    selfSignedTlsClientAuth: true,
    tlsClientAuth: verifiedHeader !== undefined,
    getCertificate: certificateOf,
    certificateAuthorized: ({ req }: KoaContextWithOIDC) =>
      verifiedHeader !== undefined && from(req, verifiedHeader) === 'SUCCESS',
    certificateSubjectMatches(ctx: KoaContextWithOIDC, property: string, expected: string) {
      const certificate = certificateOf(ctx);
      return certificate !== undefined && subjectMatches(certificate, property, expected);
    },
  } as const;
}

/** Undefined when it is no certificate, or not for now: a self-signed one has nobody else to end it. */
function parse(escaped: string): X509Certificate | undefined {
  try {
    const certificate = new X509Certificate(decodeURIComponent(escaped));
    const now = Date.now();
    const isForNow = Date.parse(certificate.validFrom) <= now && now < Date.parse(certificate.validTo);
    return isForNow ? certificate : undefined;
  } catch {
    return undefined;
  }
}

/** Ways to authenticate; those of mutual TLS only where a proxy sees to it. */
export function authenticationMethods(settings: CertificateSettings | undefined) {
  return [
    ...(['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'] as const),
    ...(settings ? (['self_signed_tls_client_auth'] as const) : []),
    ...(settings?.verifiedHeader ? (['tls_client_auth'] as const) : []),
  ];
}
