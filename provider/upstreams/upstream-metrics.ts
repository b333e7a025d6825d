/** What Prometheus learns of upstreams. Labels: ids of the configuration, states, outcomes; never persons. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { UpstreamState } from './upstreams.ts';

const STATES: readonly UpstreamState[] = ['up', 'degraded', 'off'];

export function upstreamMetrics(registry: Registry) {
  const registers = [registry];
  const departures = new Counter({
    name: 'unionid_upstream_departures_total',
    help: 'Sign-ins begun at an upstream, by outcome: away, or unavailable.',
    labelNames: ['upstream', 'outcome'],
    registers,
  });
  const arrivals = new Histogram({
    name: 'unionid_upstream_arrival_seconds',
    help: 'Time to read the answer of an upstream, by outcome: identity, unavailable, or why the person was refused.',
    labelNames: ['upstream', 'outcome'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 3, 4, 5],
    registers,
  });
  const faults = new Counter({
    name: 'unionid_upstream_faults_total',
    help: 'Faults of an upstream by kind (outage, ours, untrusted), and who told of it: a call of ours, or a browser.',
    labelNames: ['upstream', 'kind', 'told_by'],
    registers,
  });
  const signatures = new Histogram({
    name: 'unionid_signature_seconds',
    help: 'Time of a signature for ESIA, by way of signing and outcome.',
    labelNames: ['signer', 'outcome'],
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 3],
    registers,
  });

  return {
    departed: (upstream: string, outcome: string) => departures.inc({ upstream, outcome }),
    arrived: (upstream: string, outcome: string, seconds: number) =>
      arrivals.observe({ upstream, outcome }, seconds),
    failed: (upstream: string, kind: string, toldBy: 'call' | 'browser') =>
      faults.inc({ upstream, kind, told_by: toldBy }),
    signed: (signer: string, outcome: string, seconds: number) =>
      signatures.observe({ signer, outcome }, seconds),
    /** One of each upstream's states is 1, asked for at each scrape. */
    states(read: () => readonly { readonly id: string; readonly state: UpstreamState }[]) {
      new Gauge({
        name: 'unionid_upstream_state',
        help: 'State of an upstream as this process sees it.',
        labelNames: ['upstream', 'state'],
        registers,
        collect() {
          for (const { id, state } of read()) {
            for (const each of STATES) this.set({ upstream: id, state: each }, each === state ? 1 : 0);
          }
        },
      });
    },
  };
}
