/** Requests to an ESIA simulator made by hand, right or wrong in one point: what a client of somebody else's might send. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { cmsSignature } from '../../../adapters/signer/cms.ts';
import type { Signer } from '../../../adapters/signer/signer.ts';
import {
  formatTimestamp,
  LAYOUTS,
  type Protocol,
  type SignedFields,
} from '../../../adapters/upstream/esia/layouts.ts';
import { ENDPOINTS } from '../../../adapters/upstream/esia/requests.ts';
import { type EsiaScene, esiaVisitor, MNEMONIC, REDIRECT_URI, SCOPE } from './esia-scene.ts';

export type Change = {
  protocol?: Protocol;
  fields?: Partial<SignedFields>;
  /** Instead of the right order. */
  signed?: (fields: SignedFields) => string;
  secret?: (signature: Buffer, message: Buffer) => string | Promise<string>;
  params?: Readonly<Record<string, string | null>>;
};

/** The request was right: the person is asked who they are. */
export const accepted = {
  location: expect.objectContaining({ pathname: expect.stringMatching(/^\/login\//) }),
};

/** A signer that is nothing but the key of the scene. */
export function signerOf({ issued }: EsiaScene): Signer {
  const { certificate, sign } = issued;
  return {
    algorithm: certificate.algorithm,
    sign: async (message) => ({ signature: sign(message), certificate }),
  };
}

export type HandMade = ReturnType<typeof handMade>;

export function handMade(scene: EsiaScene) {
  const { url } = scene.simulator;
  const signer = signerOf(scene);
  return { parametersOf, authorize, ask, codeFor, redeem };

  async function parametersOf(
    { protocol = 'v2', fields: changed = {}, signed, secret, params = {} }: Change,
    code?: string,
  ) {
    const fields: SignedFields = {
      clientId: MNEMONIC,
      scope: SCOPE.join(' '),
      timestamp: formatTimestamp(new Date()),
      state: randomUUID(),
      redirectUri: REDIRECT_URI.href,
      code,
      ...changed,
    };
    const message = Buffer.from((signed ?? LAYOUTS[protocol])(fields));
    const made = secret
      ? await secret(scene.issued.sign(message), message)
      : protocol === 'v1'
        ? (await cmsSignature(signer, message)).toString('base64url')
        : scene.issued.sign(message).toString('base64url');
    const values: Record<string, string | null> = {
      client_id: fields.clientId,
      client_secret: made,
      client_certificate_hash: protocol === 'v2' ? scene.issued.certificate.hash : null,
      redirect_uri: fields.redirectUri,
      scope: fields.scope,
      scope_org: fields.scopeOrg ?? null,
      state: fields.state,
      timestamp: fields.timestamp,
      ...(code === undefined
        ? { response_type: 'code', access_type: 'online' }
        : { grant_type: 'authorization_code', token_type: 'Bearer', code }),
      ...params,
    };
    return new URLSearchParams(
      Object.entries(values).flatMap(([name, value]) =>
        value === null ? [] : [[name, value] as [string, string]],
      ),
    );
  }

  async function authorize(change: Change = {}) {
    const address = new URL(ENDPOINTS[change.protocol ?? 'v2'].authorize, url);
    address.search = (await parametersOf(change)).toString();
    return ask(address);
  }

  async function ask(address: URL) {
    const response = await fetch(address, { redirect: 'manual' });
    const target = response.headers.get('location');
    const location = target === null ? undefined : new URL(target, url);
    return {
      status: response.status,
      location,
      code: location?.searchParams.get('error_description')?.slice(0, 11),
      body: await response.text(),
      why: scene.simulator.scene.log.all()[0]?.why.join(' ') ?? '',
    };
  }

  async function codeFor(login: string, change: Change = {}): Promise<string> {
    const address = new URL(ENDPOINTS[change.protocol ?? 'v2'].authorize, url);
    address.search = (await parametersOf(change)).toString();
    return (await esiaVisitor(url).signIn(address, login)).searchParams.get('code') ?? '';
  }

  async function redeem(code: string, change: Change = {}, init: RequestInit = {}) {
    const response = await fetch(new URL(ENDPOINTS[change.protocol ?? 'v2'].token, url), {
      method: 'POST',
      body: await parametersOf(change, code),
      ...init,
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }
}

export const claimsOf = (token: unknown): Record<string, unknown> => part(token, 1);
export const headerOf = (token: unknown): Record<string, unknown> => part(token, 0);
const part = (token: unknown, at: number) =>
  JSON.parse(Buffer.from(String(token).split('.')[at] ?? '', 'base64url').toString('utf8'));
