import { pino } from 'pino';
import { expect, it } from 'vitest';
import type { AuditEntry } from '../../../adapters/audit-log/audit-log.ts';
import { systemClock } from '../../../adapters/clock.ts';
import { createEvents } from '../../../provider/events/events.ts';
import { createMetrics } from '../../../provider/metrics.ts';
import { tally } from '../../../provider/statistics/tally.ts';

const origin = {
  requestId: 'r1',
  network: '203.0.113.0/24',
  source: '203.0.113.77',
  userAgent: 'Firefox/130 (secret toolbar)',
};

function recorded() {
  const lines: string[] = [];
  const rows: AuditEntry[] = [];
  const audit = {
    async append(entry: AuditEntry) {
      rows.push(entry);
    },
  };
  const log = pino({}, { write: (line: string) => void lines.push(line) });
  return { events: createEvents(audit, createMetrics(), tally(systemClock), log), lines, rows };
}

it('tells the log who and why, but neither address nor browser', async () => {
  const { events, lines, rows } = recorded();
  await events.passwordChangeRefused(origin, 'account-1', 'current_password_wrong');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    event: 'password_change',
    outcome: 'failure',
    accountId: 'account-1',
    requestId: 'r1',
    reason: 'current_password_wrong',
  });
  expect(lines.join()).not.toMatch(/203\.0\.113|toolbar/);
  expect(rows[0]).toMatchObject({ network: '203.0.113.0/24', actor: 'account-1' });
});

it('tells the log each seal in the form that verification takes', () => {
  const { events, lines } = recorded();
  const digest = '0a'.repeat(32);
  events.auditSealed({
    number: 7,
    firstId: 1,
    lastId: 9,
    rows: 9,
    previous: '',
    digest,
    sealedAt: new Date(),
  });
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ event: 'audit_sealed', seal: `7:${digest}`, rows: 9 });
});
