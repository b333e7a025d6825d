/** What is known of people: accounts, documents, applications, letters, and the rules that keep them together. */
import type { Logger } from 'pino';
import { postgresActivity } from '../../adapters/account-activity/postgres.ts';
import { postgresDoors } from '../../adapters/account-doors/postgres.ts';
import { postgresAccounts } from '../../adapters/account-store/postgres.ts';
import { withQuarantine } from '../../adapters/account-store/with-quarantine.ts';
import { postgresApplications } from '../../adapters/application-store/postgres.ts';
import { postgresAuditLog } from '../../adapters/audit-log/postgres.ts';
import { postgresCalendar } from '../../adapters/calendar-store/postgres.ts';
import { postgresCases } from '../../adapters/case-store/postgres.ts';
import { aesGcm } from '../../adapters/cipher/aes-gcm.ts';
import { postgresClients } from '../../adapters/client-store/postgres.ts';
import { systemClock } from '../../adapters/clock.ts';
import { postgresConsentEvents } from '../../adapters/consent-events/postgres.ts';
import { postgresDeletions } from '../../adapters/deletions/postgres.ts';
import { postgresDocuments } from '../../adapters/document-store/postgres.ts';
import { postgresDrafts } from '../../adapters/draft-store/postgres.ts';
import { postgresEmailChanges } from '../../adapters/email-changes/postgres.ts';
import { postgresEventLog } from '../../adapters/event-stream-store/postgres-log.ts';
import { postgresEventStreams } from '../../adapters/event-stream-store/postgres-streams.ts';
import { postgresIdempotencyKeys } from '../../adapters/idempotency-keys/postgres.ts';
import { postgresIntegrations, postgresTesters } from '../../adapters/integration-store/postgres.ts';
import { postgresIntegrationChanges } from '../../adapters/integration-store/postgres-changes.ts';
import { postgresIntegrationRequests } from '../../adapters/integration-store/postgres-requests.ts';
import { postgresIntegrationSecrets } from '../../adapters/integration-store/postgres-secrets.ts';
import { postgresLetterRecord } from '../../adapters/letter-record/postgres.ts';
import { postgresLogoutDeliveries } from '../../adapters/logout-deliveries/postgres.ts';
import { postgresMessageChannels } from '../../adapters/message-channels/postgres.ts';
import { postgresNews } from '../../adapters/news-store/postgres.ts';
import { postgresVisits } from '../../adapters/office-store/postgres.ts';
import { postgresOneTimeSecrets } from '../../adapters/one-time-secrets/postgres.ts';
import { pinnedOutward } from '../../adapters/outward/pinned.ts';
import { postgresQuarantine } from '../../adapters/quarantine/postgres.ts';
import { postgresRegistrations } from '../../adapters/registration-store/postgres.ts';
import { postgresRehearsals } from '../../adapters/rehearsal-store/postgres.ts';
import { postgresSigningKeys } from '../../adapters/signing-keys/postgres.ts';
import { postgresStaff } from '../../adapters/staff-store/postgres.ts';
import { cabinetClient } from '../cabinet/enter.ts';
import { deskClient, unionDeskClient } from '../cases/desk.ts';
import type { Config } from '../config.ts';
import { consentEffects } from '../consents/consent-effects.ts';
import { effectiveDocuments } from '../consents/effective-documents.ts';
import { unsubscribeTokens } from '../consents/unsubscribe-token.ts';
import { NO_SIGNING_LIMITS, SIGNING_LIMITS, signings } from '../documents/signing.ts';
import { readTemplates } from '../documents/templates.ts';
import { documentWriter } from '../documents/write-documents.ts';
import { createEvents } from '../events/events.ts';
import { tryAddressOf } from '../integrations/try-address.ts';
import { lastingKey } from '../lasting-key.ts';
import { postOffice } from '../letters/post-office.ts';
import type { Metrics } from '../metrics.ts';
import { replayLogout, tellLogout } from '../oidc/backchannel-logout.ts';
import { clientDirectory } from '../oidc/clients.ts';
import { sessionEnder } from '../oidc/end-session.ts';
import { sectorSubject } from '../oidc/subject.ts';
import { qrClient } from '../qr/routes.ts';
import type { RehearsalKey } from '../rehearsals/id-tokens.ts';
import { openRehearsals } from '../rehearsals/rehearsals.ts';
import type { Verdict } from '../rehearsals/verdict.ts';
import { securityEventTokens } from '../signals/security-event-token.ts';
import { tellReceivers } from '../signals/tell.ts';
import { operatorsClient, workplaceClient } from '../staff/gate.ts';
import { tally } from '../statistics/tally.ts';
import { openOnboarding } from './onboarding.ts';
import { openRegister } from './register.ts';
import type { Stores } from './stores.ts';

export type Records = Awaited<ReturnType<typeof openRecords>>;

export async function openRecords(config: Config, stores: Stores, metrics: Metrics, log: Logger) {
  const { issuer, secrets } = config;
  const { database, storage, jobs } = stores;
  const cipher = aesGcm(secrets.encryptionKeys);
  const quarantine = postgresQuarantine(database, lastingKey(secrets.pairwiseSalt, 'quarantine'));
  const accounts = withQuarantine(postgresAccounts(database), quarantine);
  const oneTimeSecrets = postgresOneTimeSecrets(
    database,
    lastingKey(secrets.pairwiseSalt, 'one-time secrets'),
  );
  const activity = postgresActivity(database);
  const applications = postgresApplications(database, cipher);
  const cases = postgresCases(database);
  const { registry, rememberMember, position } = openRegister(config, database, cipher);
  const drafts = postgresDrafts(database, cipher);
  const registrations = postgresRegistrations(database);
  const clientStore = postgresClients(database, cipher);
  const ownClients = [cabinetClient, deskClient, unionDeskClient, qrClient, workplaceClient, operatorsClient];
  for (const metadata of ownClients.map((of) => of(issuer))) {
    if (!(await clientStore.find(metadata.client_id))) await clientStore.save(metadata, 'gateway');
  }
  const clients = clientDirectory(clientStore, systemClock);
  const audit = postgresAuditLog(database);
  const counts = tally(systemClock);
  const events = createEvents(audit, metrics, counts, log);
  const channels = postgresMessageChannels(database);
  const consentEvents = postgresConsentEvents(database);
  const news = postgresNews(database);
  const unsubscribeToken = unsubscribeTokens(lastingKey(secrets.pairwiseSalt, 'unsubscribe'));
  const subjectOf = sectorSubject(secrets.pairwiseSalt);
  const eventStreams = postgresEventStreams(database, cipher);
  const eventLog = postgresEventLog(database);
  const receivers = tellReceivers({ database, streams: eventStreams, log: eventLog, jobs, subjectOf });
  const logoutDeliveries = postgresLogoutDeliveries(database);
  const logouts = { database, deliveries: logoutDeliveries, jobs };
  const effects = consentEffects({
    services: accounts,
    channels,
    consentEvents,
    jobs,
    recipientSubject: (accountId) => subjectOf(config.finfort.sector, accountId),
    unsubscribeToken,
    tellReceivers: receivers,
  });
  const documents = effectiveDocuments(postgresDocuments(database), effects);
  const templates = documentWriter(readTemplates());
  const logoutTeller = tellLogout(logouts);
  const sessions = sessionEnder({ activity, storage, tellLogout: logoutTeller, tellReceivers: receivers });
  const letterRecord = postgresLetterRecord(database, lastingKey(secrets.pairwiseSalt, 'letter addresses'));
  const post = postOffice({
    jobs,
    cipher,
    record: letterRecord,
    clock: systemClock,
    groupKey: lastingKey(secrets.pairwiseSalt, 'letter domains'),
  });
  const signing = signings({
    database,
    documents,
    templates,
    secrets: oneTimeSecrets,
    post,
    counts: audit,
    events,
    clock: systemClock,
    limits: config.passwords.throttled ? SIGNING_LIMITS : NO_SIGNING_LIMITS,
  });
  const emailChanges = postgresEmailChanges(database);
  const deletions = postgresDeletions(database);
  const idempotencyKeys = postgresIdempotencyKeys(database, cipher);
  const integrationSecrets = postgresIntegrationSecrets(database, cipher);
  const visits = postgresVisits(database);
  const onboarding = openOnboarding(config, { database, cipher, accounts, events });
  const rehearsalStore = postgresRehearsals<RehearsalKey, Verdict>(database);

  return {
    consentEffects: effects,
    ...{ cipher, accounts, activity, applications, audit, cases, events, sessions, post },
    ...{ registry, rememberMember, position, drafts, registrations, clientStore, clients },
    ...{ channels, consentEvents, news, unsubscribeToken, documents, templates, signings: signing },
    ...{ quarantine, oneTimeSecrets, letterRecord, emailChanges, deletions, idempotencyKeys },
    integrations: postgresIntegrations(database),
    tryAddress: tryAddressOf(config.developersUrl),
    testers: postgresTesters(database),
    integrationSecrets,
    requests: postgresIntegrationRequests(database),
    changes: postgresIntegrationChanges(database),
    ...{ eventStreams, eventLog, logoutDeliveries, tellLogout: logoutTeller, tellReceivers: receivers },
    rehearsals: openRehearsals({ store: rehearsalStore, storage, clock: systemClock, issuer }),
    replayLogout: replayLogout(logouts),
    writeToken: securityEventTokens(issuer, postgresSigningKeys(database, cipher)),
    /** To addresses that clients name. */
    outward: pinnedOutward(config.outward),
    tally: counts,
    calendar: postgresCalendar(database),
    staff: postgresStaff(database),
    ...onboarding,
    visits,
    doors: postgresDoors(database),
    /** Of what outlives its use, and must be swept out. */
    sweepers: [
      ...[letterRecord, activity, drafts, registrations, oneTimeSecrets],
      ...[quarantine, emailChanges, documents, cases, idempotencyKeys, integrationSecrets],
      ...[logoutDeliveries, eventLog, rehearsalStore, visits, onboarding.officeCredentials],
    ],
  };
}
