/** What becomes of sign-ins at other identity providers, of the providers themselves, and of signatures for them. */
import type { SignerEvents } from '../../adapters/signer/signer.ts';
import type { UpstreamFault } from '../../adapters/upstream/upstream.ts';
import type { Arrival, Departure, UpstreamId, UpstreamState } from '../upstreams/upstreams.ts';
import type { Recorder } from './recorder.ts';

type ArrivalOutcome =
  | Exclude<Arrival['kind'], 'refused'>
  | Extract<Arrival, { readonly kind: 'refused' }>['reason'];

export function upstreamEvents({ record, metrics, log }: Recorder) {
  return {
    upstreamDeparted(upstream: UpstreamId, outcome: Departure['kind']) {
      metrics.upstreams.departed(upstream, outcome);
    },
    upstreamArrived(upstream: UpstreamId, outcome: ArrivalOutcome, seconds: number) {
      metrics.upstreams.arrived(upstream, outcome, seconds);
    },
    /** A code and its kind alone: the rest may hold what came over the wire. */
    upstreamFailed(upstream: UpstreamId, { kind, code, isHearsay }: UpstreamFault) {
      metrics.upstreams.failed(upstream, kind, isHearsay ? 'browser' : 'call');
      const line = { event: 'upstream_fault', upstream, kind, code, ...(isHearsay && { isHearsay }) };
      // An outage passes by itself; the others wait for somebody here.
      if (kind === 'outage' || isHearsay) log.warn(line, 'upstream_fault');
      else log.error(line, 'upstream_fault');
    },
    async upstreamStateChanged(upstream: UpstreamId, state: UpstreamState) {
      await record({
        event: 'upstream_state',
        outcome: state === 'degraded' ? 'failure' : 'success',
        actor: 'gateway',
        detail: { upstream, state },
      });
    },
  };
}

/** Before there is anything to record in: signers are tried at the start. */
export function signerEvents({ metrics, log }: Pick<Recorder, 'metrics' | 'log'>): SignerEvents {
  return {
    signed: (kind, outcome, seconds) => metrics.upstreams.signed(kind, outcome, seconds),
    pairRefused: (reason) => log.error({ event: 'signing_pair_refused', reason }, 'signing_pair_refused'),
    pairExpiring: (notAfter) =>
      log.warn({ event: 'signing_pair_expiring', notAfter }, 'signing_pair_expiring'),
  };
}
