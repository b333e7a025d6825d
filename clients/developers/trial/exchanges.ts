/**
 * The requests of «Попробовать» as a developer's own program would send them, and what came back, kept for the page. Of
 * a secret the page sees stars.
 */
import { z } from 'zod';
import { PortalError } from '../../relying-party/errors.ts';
import type { Exchange } from './trials.ts';

const metadataShape = z.object({
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  userinfo_endpoint: z.url(),
  end_session_endpoint: z.url(),
});
export type IssuerMetadata = z.output<typeof metadataShape>;

const TIMEOUT_MS = 15_000;
/** Longer than any answer of the endpoints. */
const SHOWN_CHARACTERS = 20_000;
const STARS = '••••••••';

/** How the application proves who it is, as the developer has just typed it. */
export type Proof =
  | { readonly kind: 'secret'; readonly clientId: string; readonly secret: string }
  | { readonly kind: 'assertion'; readonly clientId: string; readonly assertion: string }
  | { readonly kind: 'none'; readonly clientId: string };

/** Throws PortalError gateway_unavailable. */
export async function metadataOf(issuer: string): Promise<IssuerMetadata> {
  const response = await ask(`${issuer}/.well-known/openid-configuration`, {});
  const parsed = metadataShape.safeParse(await response.json().catch(() => undefined));
  if (!parsed.success) throw new PortalError('gateway_unavailable', { cause: parsed.error });
  return parsed.data;
}

/** Throws PortalError gateway_unavailable. */
export async function askForTokens(
  url: string,
  grant: Readonly<Record<string, string>>,
  proof: Proof,
): Promise<Exchange> {
  const { body, headers, shown } = proven(proof);
  const fields = { ...grant, ...body };
  const response = await ask(url, { method: 'POST', headers, body: new URLSearchParams(fields) });
  const maskedFields = Object.entries(fields).map(([name, value]): [string, string] => [
    name,
    name === 'client_assertion' ? STARS : value,
  ]);
  return exchangeOf('POST', url, [...shown, ...maskedFields], response);
}

export async function askForUserinfo(url: string, accessToken: string): Promise<Exchange> {
  const response = await ask(url, { headers: { Authorization: `Bearer ${accessToken}` } });
  return exchangeOf('GET', url, [['Authorization', `Bearer ${accessToken}`]], response);
}

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** RFC 6749 §2.3.1, RFC 7523 §2.2. */
function proven(proof: Proof): {
  readonly body: Record<string, string>;
  readonly headers: Record<string, string>;
  readonly shown: [string, string][];
} {
  const { clientId } = proof;
  if (proof.kind === 'none') return { body: { client_id: clientId }, headers: {}, shown: [] };
  if (proof.kind === 'assertion') {
    const body = {
      client_id: clientId,
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: proof.assertion,
    };
    return { body, headers: {}, shown: [] };
  }
  const encode = (text: string) => new URLSearchParams({ text }).toString().slice('text='.length);
  const credentials = `${encode(clientId)}:${encode(proof.secret)}`;
  return {
    body: {},
    headers: { Authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
    shown: [['Authorization', `Basic base64(${clientId}:${STARS})`]],
  };
}

async function ask(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (error) {
    throw new PortalError('gateway_unavailable', { cause: error });
  }
}

async function exchangeOf(
  method: string,
  url: string,
  sent: [string, string][],
  response: Response,
): Promise<Exchange> {
  const answer = (await response.text()).slice(0, SHOWN_CHARACTERS);
  return { method, url, sent, status: response.status, answer };
}
