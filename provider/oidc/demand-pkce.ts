/**
 * Who must bring a code_challenge (RFC 7636), and what whoever brings none is told. A public client is what its address
 * says and no more: without PKCE nothing ties the answer to it, so none is sent there, not even an error (SYS-08).
 */
import { type Client, type Configuration, errors } from 'oidc-provider';
import { requiresPkce } from './client-rules.ts';

/** Asked by the library where there is no code_challenge. */
export const demandPkce: NonNullable<NonNullable<Configuration['pkce']>['required']> = (_ctx, client) => {
  if (!isPublic(client)) return requiresPkce(client);
  const fault = new errors.InvalidRequest('PKCE is required of a public client');
  throw Object.assign(fault, { allow_redirect: false });
};

const isPublic = ({ clientAuthMethod }: Client): boolean => clientAuthMethod === 'none';
