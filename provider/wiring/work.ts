/** What goes on beside requests: letters, applications, news, deletions, sweeping, sealing. */
import type Provider from 'oidc-provider';
import type { Logger } from 'pino';
import { postgresMerges } from '../../adapters/account-merges/postgres.ts';
import { returnedNames } from '../../adapters/application-desk/postgres-names.ts';
import { postgresAuditSeals } from '../../adapters/audit-log/seals.ts';
import { systemClock } from '../../adapters/clock.ts';
import { postgresIncidents } from '../../adapters/incident-store/postgres.ts';
import { smtpMailer } from '../../adapters/mailer/smtp.ts';
import { httpMessenger } from '../../adapters/messenger/http.ts';
import { httpRecipient } from '../../adapters/recipient/http.ts';
import { postgresSchoolRegister } from '../../adapters/school-register/postgres.ts';
import { carryOutDeletions } from '../cabinet/carry-out-deletion.ts';
import type { Config } from '../config.ts';
import { RECIPIENT } from '../consents/consent-effects.ts';
import { endConsents } from '../consents/consent-ended.ts';
import { deliverConsentEvents } from '../consents/deliver-consent-events.ts';
import { sealAudit } from '../documents/seal-audit.ts';
import { letOut } from '../education/take-role-away.ts';
import { deliverLetters } from '../letters/deliver.ts';
import { openGate, rateOf } from '../letters/gate.ts';
import { letterRenderer } from '../letters/render-letter.ts';
import { lettersByUrgency } from '../letters/urgency.ts';
import type { Metrics } from '../metrics.ts';
import { deliverMessages, deliverNews } from '../news/deliver-news.ts';
import { deliverBackchannelLogout } from '../oidc/backchannel-logout.ts';
import { endSessions } from '../oidc/sign-out-everywhere.ts';
import { clearEndedOffices } from '../onboarding/end-office.ts';
import { issueCredentials } from '../onboarding/issue.ts';
import { carryOutIncidents } from '../operators/carry-out-incident.ts';
import { deliverResets } from '../recovery/deliver-reset.ts';
import { deliverApplications } from '../register/deliver-applications.ts';
import { followChanges } from '../register/follow-changes.ts';
import { runRehearsals } from '../rehearsals/run.ts';
import { pushEvents } from '../signals/push.ts';
import { workOnApplications } from './applications.ts';
import { workOnLists } from './members.ts';
import type { Records } from './records.ts';
import type { Stores } from './stores.ts';

export type Work = {
  /** Takes nothing new up. */
  stop(): Promise<void>;
  /** After the last running job: the queue belongs to the stores. */
  close(): void;
};

/** `provider`: the one of this moment; it is made anew when the signing keys change. */
export async function startWork(
  config: Config,
  stores: Stores,
  records: Records,
  provider: () => Provider,
  metrics: Metrics,
  log: Logger,
): Promise<Work> {
  const { database, jobs } = stores;
  const { accounts, applications, cipher, documents, events, news, post, sessions } = records;
  const { consentEvents, deletions, oneTimeSecrets, quarantine, unsubscribeToken } = records;
  const { registry, rememberMember, position } = records;
  const { logoutDeliveries, tellReceivers } = records;
  await deliverBackchannelLogout(jobs, provider, {
    ...{ database, deliveries: logoutDeliveries, jobs, clock: systemClock },
  });
  await pushEvents(jobs, {
    ...{ database, jobs, streams: records.eventStreams, log: records.eventLog, outward: records.outward },
    ...{ writeToken: records.writeToken, integrations: records.integrations, post },
    ...{ clock: systemClock, logger: log },
  });
  await endSessions(jobs, provider, sessions);
  await carryOutIncidents(jobs, provider, {
    ...{ database, accounts, sessions, jobs, post, events, clock: systemClock },
    ...{ incidents: postgresIncidents(database), secrets: oneTimeSecrets },
  });
  await carryOutDeletions(jobs, provider, {
    database,
    deletions,
    documents,
    tellReceivers,
    quarantine,
    quarantineDays: config.accounts.quarantineDays,
    sessions,
    post,
    events,
    log,
  });
  const schools = postgresSchoolRegister(database);
  await letOut(jobs, provider, { schools, clients: records.clientStore, sessions });
  await issueCredentials(jobs, {
    ...{ database, officeCredentials: records.officeCredentials, post, events },
    keepsRegister: !config.registry.external,
  });
  await clearEndedOffices(jobs, provider, { clients: records.clientStore, sessions });
  await endConsents(jobs, provider, { clients: records.clientStore, sessions });
  if (config.finfort.endpoint) {
    const recipient = httpRecipient(config.finfort.endpoint);
    await deliverConsentEvents(jobs, { consentEvents, name: RECIPIENT, recipient, log });
  }
  await deliverNews(jobs, { news, jobs, post, unsubscribeToken, log });
  if (config.messenger) {
    await deliverMessages(jobs, { news, messenger: httpMessenger(config.messenger), log });
  }
  await deliverResets(jobs, { database, accounts, cipher, secrets: oneTimeSecrets, post, events });
  await workOnLists(jobs, config, stores, records);
  const mailer = await openMail(config, stores, records, metrics, log);
  const register = {
    database,
    registry,
    applications,
    drafts: records.drafts,
    post,
    clock: systemClock,
    events,
  };
  await deliverApplications(jobs, register);
  await workOnApplications(config, stores, records);
  const changes = followChanges(
    {
      ...{ ...register, accounts, documents, rememberMember, position, log },
      ...{ tellReceivers, memberships: records.eventStreams },
    },
    config.registry.pollSeconds,
  );
  await runRehearsals(jobs, records);
  await jobs.work('sweep', async () => {
    for (const sweeper of [
      ...stores.sweepers,
      ...records.sweepers,
      postgresMerges(database),
      returnedNames(database),
    ])
      await sweeper.sweep();
  });
  await jobs.repeat('sweep', '*/5 * * * *', {});
  await sealAudit(jobs, postgresAuditSeals(database), events);

  return {
    stop: () => changes.stop(),
    close: () => mailer?.close(),
  };
}

async function openMail(config: Config, stores: Stores, records: Records, metrics: Metrics, log: Logger) {
  const { jobs } = stores;
  const { accounts, cipher, events, letterRecord } = records;
  const { issuer } = config;
  metrics.gauges(
    ...(['unionid_letters_waiting', 'Letters that have not left yet, by urgency.', 'urgency'] as const),
    async () =>
      new Map(
        [...lettersByUrgency(await jobs.waiting('letter'))].map(([urgency, { jobs: count }]) => [
          urgency,
          count,
        ]),
      ),
  );
  const { smtpUrl, from } = config.mail;
  if (!smtpUrl) {
    log.warn('no SMTP_URL: letters wait in the queue');
    return undefined;
  }
  const { connections, domainAtOnce, domainPerMinute, probeSeconds } = config.mail;
  const mailer = smtpMailer({ url: smtpUrl, from, host: new URL(issuer).hostname, connections });
  const rate = stores.limiters('mail-domain', rateOf(domainPerMinute));
  const gate = openGate({ rate, clock: systemClock, probeSeconds });
  metrics.gauge('unionid_mail_server_up', 'Whether the mail server takes letters.', () => +gate.isOpen());
  await deliverLetters(
    jobs,
    {
      ...{ accounts, mailer, cipher, gate, events, log },
      ...{ record: letterRecord, renderLetter: letterRenderer(issuer), clock: systemClock },
    },
    { atOnce: connections, perDomain: domainAtOnce },
  );
  return mailer;
}
