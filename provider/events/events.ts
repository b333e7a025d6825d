/**
 * One function per business event: the audit row, the counter and the log line of it come from the same call. Ids,
 * never names, addresses, codes or tokens. None of them throws: what has happened has happened. Only one that is told
 * within a transaction does, and ends it: then there is no event without its row.
 */
import type { Logger } from 'pino';
import type { AuditLog } from '../../adapters/audit-log/audit-log.ts';
import type { Metrics } from '../metrics.ts';
import type { Tally } from '../statistics/tally.ts';
import { accountEvents } from './account.ts';
import { applicationEvents } from './applications.ts';
import { caseEvents } from './cases.ts';
import { documentEvents } from './documents.ts';
import { educationEvents } from './education.ts';
import { integrationEvents } from './integrations.ts';
import { joiningEvents } from './joining.ts';
import { letterEvents } from './letters.ts';
import { linkingEvents } from './linking.ts';
import { onboardingEvents } from './onboarding.ts';
import { operationEvents } from './operations.ts';
import { operatorEvents } from './operators.ts';
import { protectionEvents } from './protection.ts';
import { recorder } from './recorder.ts';
import { recordEvents } from './records.ts';
import { registerEvents } from './register.ts';
import { signInEvents } from './sign-in.ts';
import { staffEvents } from './staff.ts';
import { ticketEvents } from './tickets.ts';
import { upstreamEvents } from './upstreams.ts';

export type Events = ReturnType<typeof createEvents>;

export function createEvents(audit: AuditLog, metrics: Metrics, tally: Tally, log: Logger) {
  const keeper = recorder(audit, metrics, tally, log);
  return {
    ...signInEvents(keeper),
    ...joiningEvents(keeper),
    ...registerEvents(keeper),
    ...applicationEvents(keeper),
    ...documentEvents(keeper),
    ...accountEvents(keeper),
    ...protectionEvents(keeper),
    ...caseEvents(keeper),
    ...letterEvents(keeper),
    ...linkingEvents(keeper),
    ...upstreamEvents(keeper),
    ...educationEvents(keeper),
    ...integrationEvents(keeper),
    ...operationEvents(keeper),
    ...recordEvents(keeper),
    ...staffEvents(keeper),
    ...operatorEvents(keeper),
    ...onboardingEvents(keeper),
    ...ticketEvents(keeper),
  };
}
