/** What the log and the metrics learn of upstreams: a code and a kind, and nothing that came over the wire. */
import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { AuditEntry } from '../../../adapters/audit-log/audit-log.ts';
import { systemClock } from '../../../adapters/clock.ts';
import { UpstreamFault } from '../../../adapters/upstream/upstream.ts';
import { createEvents } from '../../../provider/events/events.ts';
import { signerEvents } from '../../../provider/events/upstreams.ts';
import { createMetrics } from '../../../provider/metrics.ts';
import { tally } from '../../../provider/statistics/tally.ts';

function recorded() {
  const lines: Record<string, unknown>[] = [];
  const rows: AuditEntry[] = [];
  const metrics = createMetrics();
  const log = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const audit = { append: async (entry: AuditEntry) => void rows.push(entry) };
  return {
    events: createEvents(audit, metrics, tally(systemClock), log),
    signer: signerEvents({ metrics, log }),
    lines,
    rows,
    metrics,
  };
}

const WARN = 40;
const ERROR = 50;

test.each([
  ['an outage passes by itself', 'outage', false, WARN],
  ['what is ours waits for somebody', 'ours', false, ERROR],
  ['so does what proves nothing', 'untrusted', false, ERROR],
  ['what a browser tells alarms nobody', 'ours', true, WARN],
] as const)('%s', async (_what, kind, isHearsay, level) => {
  const { events, lines, metrics } = recorded();
  const cause = new Error('https://id.example.test/callback/esia?code=SECRET&state=SECRET');
  events.upstreamFailed('esia', new UpstreamFault(kind, 'ESIA-007053', { cause, isHearsay }));
  expect(lines).toEqual([expect.objectContaining({ level, upstream: 'esia', kind, code: 'ESIA-007053' })]);
  expect(JSON.stringify(lines)).not.toContain('SECRET');
  const toldBy = isHearsay ? 'browser' : 'call';
  expect(await metrics.text()).toContain(
    `unionid_upstream_faults_total{upstream="esia",kind="${kind}",told_by="${toldBy}"} 1`,
  );
});

test('a change of state is written down, and shown as the one state it is', async () => {
  const { events, rows, metrics } = recorded();
  await events.upstreamStateChanged('esia', 'degraded');
  expect(rows).toEqual([
    expect.objectContaining({
      event: 'upstream_state',
      outcome: 'failure',
      detail: { upstream: 'esia', state: 'degraded' },
    }),
  ]);
  metrics.upstreams.states(() => [{ id: 'esia', state: 'degraded' }]);
  const text = await metrics.text();
  expect(text).toContain('unionid_upstream_state{upstream="esia",state="degraded"} 1');
  expect(text).toContain('unionid_upstream_state{upstream="esia",state="up"} 0');
});

test('leaving, coming back and signing are counted', async () => {
  const { events, signer, metrics } = recorded();
  events.upstreamDeparted('esia', 'away');
  events.upstreamArrived('esia', 'cancelled', 0.2);
  signer.signed('js', 'success', 0.002);
  const text = await metrics.text();
  expect(text).toContain('unionid_upstream_departures_total{upstream="esia",outcome="away"} 1');
  expect(text).toContain('unionid_upstream_arrival_seconds_count{upstream="esia",outcome="cancelled"} 1');
  expect(text).toContain('unionid_signature_seconds_count{signer="js",outcome="success"} 1');
});
