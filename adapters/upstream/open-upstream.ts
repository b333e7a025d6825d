/** An upstream from its settings. */
import type { Clock } from '../clock.ts';
import { openSigner } from '../signer/open-signer.ts';
import type { Certificate, SignerEvents } from '../signer/signer.ts';
import { esia } from './esia/esia.ts';
import { oidc } from './oidc.ts';
import type { Probe, RemoteSignOut, Upstream, UpstreamSettings } from './upstream.ts';

export type OpenUpstream = Upstream &
  Probe &
  RemoteSignOut & {
    /** The start-up self-test of its signer, where it has one. Throws SignerMisconfigured or SignerUnavailable. */
    check(): Promise<Certificate | undefined>;
  };

/** Throws SignerMisconfigured for files the settings name and nobody can read. */
export function openUpstream(
  settings: UpstreamSettings,
  { clock, signerEvents }: { clock: Clock; signerEvents: SignerEvents },
): OpenUpstream {
  if (settings.kind !== 'esia') return { ...oidc(settings), check: async () => undefined };
  const signer = openSigner(settings.signer, { clock, events: signerEvents });
  return { ...esia(settings, signer, clock), check: signer.check };
}
