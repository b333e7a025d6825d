/**
 * Pairwise subjects for devices. The library takes a device's sector from the host of its `jwks_uri` and so refuses
 * pairwise subjects to a device without keys; ours has a sector of its own (subject.ts), and no key is needed for it.
 */
import type Provider from 'oidc-provider';
import type { ClientMetadata } from '../../../adapters/client-store/client-store.ts';

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

const isDevice = (grantTypes: unknown): boolean =>
  Array.isArray(grantTypes) && grantTypes.includes(DEVICE_GRANT);

/** `public` is for the library's judgement alone: `namePairwise` takes it back. */
export function withDeviceSubject(metadata: ClientMetadata): ClientMetadata {
  return isDevice(metadata.grant_types) ? { ...metadata, subject_type: 'public' } : metadata;
}

/** From now on no device of this provider learns an account's own id. */
export function namePairwise(provider: Provider): void {
  Object.defineProperty(provider.Client.prototype, 'subjectType', {
    configurable: true,
    set(this: { grantTypes?: unknown }, declared: unknown) {
      const value = isDevice(this.grantTypes) ? 'pairwise' : declared;
      Object.defineProperty(this, 'subjectType', {
        ...{ value, configurable: true, enumerable: true, writable: true },
      });
    },
  });
}
