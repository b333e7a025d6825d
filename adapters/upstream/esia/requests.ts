/** Requests as ESIA wants them on the wire, signed. Knows no answers. */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import { cmsSignature } from '../../signer/cms.ts';
import { type Signer, SignerMisconfigured, SignerUnavailable } from '../../signer/signer.ts';
import { type EsiaSettings, UpstreamFault } from '../upstream.ts';
import { formatTimestamp, LAYOUTS, type SignedFields } from './layouts.ts';

export const ENDPOINTS = {
  v1: { authorize: '/aas/oauth2/ac', token: '/aas/oauth2/te' },
  v2: { authorize: '/aas/oauth2/v2/ac', token: '/aas/oauth2/v3/te' },
} as const;

export type RequestSettings = Pick<
  EsiaSettings,
  'url' | 'clientId' | 'scope' | 'scopeOrg' | 'protocol' | 'signedAttributes' | 'confirmedOnly'
>;

export type EsiaRequests = {
  authorization(at: { redirectUri: string; state: string }): Promise<URL>;
  /** `state` is fresh; ESIA answers with it. */
  token(at: {
    redirectUri: string;
    code: string;
  }): Promise<{ url: URL; form: URLSearchParams; state: string }>;
};

/** The person_filter that lets confirmed accounts pass (base64, as ESIA has it). */
const CONFIRMED_ONLY = Buffer.from('conf_acc').toString('base64');

/** Both throw UpstreamFault when nothing can be signed. */
export function esiaRequests(settings: RequestSettings, signer: Signer, clock: Clock): EsiaRequests {
  const { url, clientId, protocol, scopeOrg } = settings;
  const scope = settings.scope.join(' ');
  const endpoints = ENDPOINTS[protocol];

  return {
    async authorization({ redirectUri, state }) {
      const timestamp = formatTimestamp(clock.now());
      const signed = await sign({ clientId, scope, scopeOrg, timestamp, state, redirectUri });
      const address = new URL(endpoints.authorize, url);
      address.search = new URLSearchParams({
        client_id: clientId,
        ...signed,
        redirect_uri: redirectUri,
        scope,
        ...organisationScope(),
        response_type: 'code',
        state,
        timestamp,
        // No refresh token: what it is signed with is disputed, and nobody here needs one.
        access_type: 'online',
        ...(settings.confirmedOnly && { person_filter: CONFIRMED_ONLY }),
      }).toString();
      return address;
    },
    async token({ redirectUri, code }) {
      const timestamp = formatTimestamp(clock.now());
      const state = randomUUID();
      const signed = await sign({ clientId, scope, scopeOrg, timestamp, state, redirectUri, code });
      const form = new URLSearchParams({
        client_id: clientId,
        ...signed,
        code,
        grant_type: 'authorization_code',
        redirect_uri: redirectUri,
        scope,
        ...organisationScope(),
        state,
        timestamp,
        token_type: 'Bearer',
      });
      return { url: new URL(endpoints.token, url), form, state };
    },
  };

  function organisationScope() {
    return protocol === 'v2' && scopeOrg !== undefined ? { scope_org: scopeOrg } : {};
  }

  /** The signature and, where the protocol has it, which certificate made it. */
  async function sign(fields: SignedFields): Promise<Record<string, string>> {
    const message = Buffer.from(LAYOUTS[protocol](fields));
    try {
      if (protocol === 'v1') {
        const cms = await cmsSignature(signer, message, settings.signedAttributes ? clock.now() : undefined);
        return { client_secret: cms.toString('base64url') };
      }
      const { signature, certificate } = await signer.sign(message);
      return {
        client_secret: signature.toString('base64url'),
        client_certificate_hash: certificate.hash,
      };
    } catch (error) {
      if (error instanceof SignerUnavailable) {
        throw new UpstreamFault('outage', 'signer_unavailable', { advice: error.message });
      }
      if (error instanceof SignerMisconfigured) {
        throw new UpstreamFault('ours', 'signer_misconfigured', { advice: error.message });
      }
      throw error;
    }
  }
}
