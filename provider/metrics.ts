/** Prometheus metrics of this process. Labels have few values: routes, methods, outcomes; never ids. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { upstreamMetrics } from './upstreams/upstream-metrics.ts';

export type RequestMetrics = {
  observe(route: string, method: string, status: number, seconds: number): void;
};

export type Metrics = ReturnType<typeof createMetrics>;

export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const requests = new Histogram({
    name: 'unionid_request_seconds',
    help: 'Time to answer, by route, method and status.',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  });
  const signIns = new Counter({
    name: 'unionid_sign_ins_total',
    help: 'Judged sign-ins by method, outcome and reason.',
    labelNames: ['method', 'outcome', 'reason'],
    registers,
  });
  const events = new Counter({
    name: 'unionid_events_total',
    help: 'Everything else that is audited or counted, by event.',
    labelNames: ['event'],
    registers,
  });
  const letters = new Counter({
    name: 'unionid_letters_total',
    help: 'Letters that are done with, by letter and outcome.',
    labelNames: ['letter', 'outcome'],
    registers,
  });

  return {
    observe(route: string, method: string, status: number, seconds: number) {
      requests.observe({ route, method, status }, seconds);
    },
    signIn(method: string, outcome: 'success' | 'failure', reason: string) {
      signIns.inc({ method, outcome, reason });
    },
    event(event: string) {
      events.inc({ event });
    },
    letter(letter: string, outcome: string) {
      letters.inc({ letter, outcome });
    },
    upstreams: upstreamMetrics(registry),
    /** A value per label, asked for at each scrape. */
    gauges(name: string, help: string, label: string, read: () => Promise<ReadonlyMap<string, number>>) {
      new Gauge({
        name,
        help,
        labelNames: [label],
        registers,
        async collect() {
          this.reset();
          for (const [value, count] of await read()) this.set({ [label]: value }, count);
        },
      });
    },
    /** A value asked for at each scrape. */
    gauge(name: string, help: string, read: () => number) {
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(read());
        },
      });
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
