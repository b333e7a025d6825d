/** The composition root: the only file that names concrete adapters. Opens the stores, builds the house, closes it. */
import type { Logger } from 'pino';
import { postgresActivity } from '../adapters/account-activity/postgres.ts';
import { postgresAccounts } from '../adapters/account-store/postgres.ts';
import { withQuarantine } from '../adapters/account-store/with-quarantine.ts';
import { postgresApplications } from '../adapters/application-store/postgres.ts';
import { postgresAuditLog } from '../adapters/audit-log/postgres.ts';
import { postgresAuditSeals } from '../adapters/audit-log/seals.ts';
import { aesGcm } from '../adapters/cipher/aes-gcm.ts';
import type { Cipher } from '../adapters/cipher/cipher.ts';
import type { ClientStore } from '../adapters/client-store/client-store.ts';
import { postgresClients } from '../adapters/client-store/postgres.ts';
import { systemClock } from '../adapters/clock.ts';
import { postgresConsentEvents } from '../adapters/consent-events/postgres.ts';
import type { BulkLoader, Database } from '../adapters/database/database.ts';
import { migrate } from '../adapters/database/migrate.ts';
import { openPg } from '../adapters/database/pg.ts';
import { openPglite } from '../adapters/database/pglite.ts';
import { postgresDeletions } from '../adapters/deletions/postgres.ts';
import type { DocumentStore } from '../adapters/document-store/document-store.ts';
import { postgresDocuments } from '../adapters/document-store/postgres.ts';
import { postgresDrafts } from '../adapters/draft-store/postgres.ts';
import { postgresEmailChanges } from '../adapters/email-changes/postgres.ts';
import type { FeedPosition } from '../adapters/feed-position/feed-position.ts';
import { postgresFeedPosition } from '../adapters/feed-position/postgres.ts';
import type { JobDispatcher, JobQueue, JobWorker } from '../adapters/job-queue/job-queue.ts';
import { startPgBoss } from '../adapters/job-queue/pg-boss.ts';
import { postgresLetterRecord } from '../adapters/letter-record/postgres.ts';
import { type Limiters, unlimited } from '../adapters/limiter/limiter.ts';
import { postgresLimiters } from '../adapters/limiter/postgres.ts';
import { redisLimiters } from '../adapters/limiter/redis.ts';
import { smtpMailer } from '../adapters/mailer/smtp.ts';
import { postgresMessageChannels } from '../adapters/message-channels/postgres.ts';
import { httpMessenger } from '../adapters/messenger/http.ts';
import { postgresNews } from '../adapters/news-store/postgres.ts';
import { postgresOneTimeSecrets } from '../adapters/one-time-secrets/postgres.ts';
import { argon2id } from '../adapters/password-hasher/argon2id.ts';
import type { PasswordHasher } from '../adapters/password-hasher/password-hasher.ts';
import { postgresQuarantine } from '../adapters/quarantine/postgres.ts';
import { httpRecipient } from '../adapters/recipient/http.ts';
import { openRedis, type RedisConnection } from '../adapters/redis/redis.ts';
import { postgresRegistrations } from '../adapters/registration-store/postgres.ts';
import { httpRegistry } from '../adapters/registry/http.ts';
import { postgresMirror } from '../adapters/registry/mirror.ts';
import { postgresRegistry } from '../adapters/registry/postgres.ts';
import type { Registry, RememberMember } from '../adapters/registry/registry.ts';
import { postgresSigningKeys } from '../adapters/signing-keys/postgres.ts';
import { postgresStorage } from '../adapters/storage/postgres.ts';
import { redisStorage } from '../adapters/storage/redis.ts';
import type { Storage, Sweeper } from '../adapters/storage/storage.ts';
import { buildApp } from './app.ts';
import { carryOutDeletions } from './cabinet/carry-out-deletion.ts';
import { CABINET_CLIENT_ID, cabinetClient, doorkeeper } from './cabinet/enter.ts';
import { CODES_PER_ACCOUNT } from './cabinet/mailed-code.ts';
import type { Config } from './config.ts';
import { consentEffects, RECIPIENT } from './consents/consent-effects.ts';
import { endConsents } from './consents/consent-ended.ts';
import { deliverConsentEvents } from './consents/deliver-consent-events.ts';
import { effectiveDocuments } from './consents/effective-documents.ts';
import { unsubscribeTokens } from './consents/unsubscribe-token.ts';
import { organisationWords } from './data-rules/organisation-words.ts';
import { sealAudit } from './documents/seal-audit.ts';
import { NO_SIGNING_LIMITS, SIGNING_LIMITS, signings } from './documents/signing.ts';
import { readTemplates } from './documents/templates.ts';
import { documentWriter } from './documents/write-documents.ts';
import { createEvents } from './events/events.ts';
import { type Gateway, openGateway } from './gateway.ts';
import { csrf } from './http/csrf.ts';
import { formReader } from './http/form.ts';
import { proxies } from './http/front-door.ts';
import { localeOf, localeRoutes } from './http/locale.ts';
import { notices } from './http/notice.ts';
import { renderer } from './http/render.ts';
import { staticFiles } from './http/static-files.ts';
import { DEFAULT_LOCALE, translator } from './http/texts.ts';
import { finish } from './interactions/finish.ts';
import { resumeBinding } from './interactions/resume-binding.ts';
import { returnRequests } from './interactions/return-request.ts';
import { pages } from './interactions/show.ts';
import { applicants } from './join/applicant.ts';
import { SEARCHES_PER_ACCOUNT } from './join/application.ts';
import { CHECKS_PER_ACCOUNT, CHECKS_PER_SOURCE } from './join/check-data.ts';
import { registering } from './join/registering.ts';
import { registrationLimits } from './join/registration-limits.ts';
import { lastingKey } from './lasting-key.ts';
import { deliverLetters } from './letters/deliver.ts';
import { openGate, rateOf } from './letters/gate.ts';
import { postOffice } from './letters/post-office.ts';
import { letterRenderer } from './letters/render-letter.ts';
import { lettersByUrgency } from './letters/urgency.ts';
import { deviceMarks } from './login/device-mark.ts';
import { guessLimits, PER_ACCOUNT, PER_DEVICE, PER_SOURCE, unlimitedGuesses } from './login/guess-limits.ts';
import { handovers } from './login/handover.ts';
import { password } from './login/password.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { deliverMessages, deliverNews } from './news/deliver-news.ts';
import { deliverBackchannelLogout, queueBackchannelLogout } from './oidc/backchannel-logout.ts';
import { clientDirectory } from './oidc/clients.ts';
import { createProvider } from './oidc/create-provider.ts';
import { sessionEnder } from './oidc/end-session.ts';
import { refreshLeeway } from './oidc/refresh-leeway.ts';
import { endSessions, signOutEverywhere } from './oidc/sign-out-everywhere.ts';
import { sectorSubject } from './oidc/subject.ts';
import { LETTERS_PER_ADDRESS, REQUESTS_PER_SOURCE } from './recovery/ask-reset.ts';
import { deliverResets } from './recovery/deliver-reset.ts';
import { deliverApplications } from './register/deliver-applications.ts';
import { followChanges } from './register/follow-changes.ts';

/** Models that last as long as a sign-in; the others are gone within the hour. */
const SESSION_MODELS = new Set(['Session', 'Grant', 'RefreshToken', 'RegistrationAccessToken', 'Applicant']);
const REPLAY_SECONDS = 15 * 60;
const JOBS_STOP_SECONDS = 10;
/** Prefix of every Redis key. */
const NAMESPACE = 'union-id';

export type House = {
  readonly gateway: Gateway;
  readonly stores: Stores;
  readonly clients: ClientStore;
  readonly documents: DocumentStore;
  readonly hasher: PasswordHasher;
  readonly metrics: Metrics;
  readonly readiness: { ready(): Promise<boolean>; leave(): void };
  close(): Promise<void>;
};

export type Stores = {
  readonly database: Database & BulkLoader;
  readonly redis: RedisConnection | undefined;
  readonly storage: Storage;
  readonly sweepers: readonly Sweeper[];
  readonly limiters: Limiters;
  readonly jobs: JobQueue & JobWorker & JobDispatcher;
  close(): Promise<void>;
};

/** Kept by another system, of whose members we keep a copy; or by ourselves, where there is nothing to be copied. */
function openRegister(
  { registry: { external } }: Config,
  database: Database,
  cipher: Cipher,
): { registry: Registry; rememberMember: RememberMember; position: FeedPosition } {
  if (external) {
    return {
      registry: httpRegistry(external),
      rememberMember: postgresMirror(organisationWords),
      position: postgresFeedPosition(database, external.url),
    };
  }
  const t = translator(DEFAULT_LOCALE);
  return {
    registry: postgresRegistry(database, { cipher, admitsNobody: t('problem.organisation_admits_nobody') }),
    rememberMember: async () => {},
    position: postgresFeedPosition(database, 'own'),
  };
}

/** Where the tables are, and how the job queue reaches the same place. */
async function openDatabase(config: Config, log: Logger) {
  if (config.database.kind === 'server') {
    const database = openPg({
      ...config.database,
      onIdleError: (err) => log.warn({ err }, 'an idle database connection broke'),
    });
    return { database, jobsOn: { url: config.database.url } };
  }
  log.warn(
    { directory: config.database.directory },
    'embedded database: one process only, not for production',
  );
  const database = await openPglite(config.database.directory);
  return { database, jobsOn: { pglite: database.handle } };
}

async function openStores(config: Config, log: Logger): Promise<Stores> {
  const { database, jobsOn } = await openDatabase(config, log);
  await migrate(database, (migration) => log.info(migration, 'migrated'));
  const redis = config.redis && openRedis({ ...config.redis, onError: (err) => log.warn({ err }, 'redis') });
  const inDatabase = postgresStorage(database);
  const limitsInDatabase = postgresLimiters(database);
  const inRedis = redis && redisStorage(redis.client, { namespace: NAMESPACE });
  const lasting = config.sessionStore === 'redis' ? inRedis : inDatabase;
  const jobs = await startPgBoss({ on: jobsOn, onError: (err) => log.warn({ err }, 'job queue') });
  return {
    database,
    redis,
    storage: (model) =>
      (SESSION_MODELS.has(model) ? (lasting ?? inDatabase) : (inRedis ?? inDatabase))(model),
    sweepers: [inDatabase, limitsInDatabase],
    limiters: redis ? redisLimiters(redis.client, { namespace: NAMESPACE }) : limitsInDatabase,
    jobs,
    async close() {
      await jobs.stop(JOBS_STOP_SECONDS);
      await redis?.close();
      await database.close();
    },
  };
}

export async function wire(config: Config, log: Logger): Promise<House> {
  const { issuer, secure, secrets } = config;
  const stores = await openStores(config, log);
  const { database, storage, jobs } = stores;
  const metrics = createMetrics();
  const cipher = aesGcm(secrets.encryptionKeys);
  const keys = postgresSigningKeys(database, cipher);
  await keys.ensure();

  const quarantine = postgresQuarantine(database, lastingKey(secrets.pairwiseSalt, 'quarantine'));
  const accounts = withQuarantine(postgresAccounts(database), quarantine);
  const oneTimeSecrets = postgresOneTimeSecrets(
    database,
    lastingKey(secrets.pairwiseSalt, 'one-time secrets'),
  );
  const activity = postgresActivity(database);
  const applications = postgresApplications(database, cipher);
  const { registry, rememberMember, position } = openRegister(config, database, cipher);
  const drafts = postgresDrafts(database, cipher);
  const registrations = postgresRegistrations(database);
  const clientStore = postgresClients(database, cipher);
  if (!(await clientStore.find(CABINET_CLIENT_ID))) await clientStore.save(cabinetClient(issuer), 'gateway');
  const clients = clientDirectory(clientStore, systemClock);
  const audit = postgresAuditLog(database);
  const events = createEvents(audit, metrics, log);
  const channels = postgresMessageChannels(database);
  const consentEvents = postgresConsentEvents(database);
  const news = postgresNews(database);
  const unsubscribeToken = unsubscribeTokens(lastingKey(secrets.pairwiseSalt, 'unsubscribe'));
  const subjectOf = sectorSubject(secrets.pairwiseSalt);
  const documents = effectiveDocuments(
    postgresDocuments(database),
    consentEffects({
      services: accounts,
      channels,
      consentEvents,
      jobs,
      recipientSubject: (accountId) => subjectOf(config.finfort.sector, accountId),
      unsubscribeToken,
    }),
  );
  const templates = documentWriter(readTemplates());
  const sessions = sessionEnder(activity, storage, jobs);
  const letterRecord = postgresLetterRecord(database, lastingKey(secrets.pairwiseSalt, 'letter addresses'));
  const post = postOffice({
    jobs,
    cipher,
    record: letterRecord,
    clock: systemClock,
    groupKey: lastingKey(secrets.pairwiseSalt, 'letter domains'),
  });
  const signingLimits = config.passwords.throttled ? SIGNING_LIMITS : NO_SIGNING_LIMITS;
  const signing = signings({
    database,
    documents,
    templates,
    secrets: oneTimeSecrets,
    post,
    counts: audit,
    events,
    clock: systemClock,
    limits: signingLimits,
  });

  const hasher = argon2id({
    peppers: secrets.peppers,
    atOnce: config.passwords.hashesAtOnce,
    queueMilliseconds: config.passwords.queueSeconds * 1_000,
  });
  metrics.gauge('unionid_hashes_in_flight', 'Password hashes being computed.', () => hasher.stats().inFlight);
  metrics.gauge('unionid_hashes_queued', 'Sign-ins waiting for their hash.', () => hasher.stats().queued);
  const limits = config.passwords.throttled
    ? guessLimits(
        {
          account: stores.limiters('guess-account', PER_ACCOUNT),
          device: stores.limiters('guess-device', PER_DEVICE),
          source: stores.limiters('guess-source', PER_SOURCE),
        },
        systemClock,
      )
    : unlimitedGuesses;
  const limiter: Limiters = (name, limit) =>
    config.passwords.throttled ? stores.limiters(name, limit) : unlimited;
  const checksOfAccount = limiter('check-account', CHECKS_PER_ACCOUNT);
  const checkLimits = guessLimits(
    {
      account: checksOfAccount,
      device: checksOfAccount,
      source: limiter('check-source', CHECKS_PER_SOURCE),
    },
    systemClock,
  );
  const emailChanges = postgresEmailChanges(database);
  const deletions = postgresDeletions(database);
  const resetLimits = {
    address: limiter('reset-address', LETTERS_PER_ADDRESS),
    source: limiter('reset-source', REQUESTS_PER_SOURCE),
  };
  const devices = deviceMarks(secrets.cookieKeys);
  const forms = csrf({ issuer, secure, keys: secrets.cookieKeys });
  const readForm = formReader(forms);
  const pageNotices = notices(secure);
  const binding = resumeBinding(secrets.cookieKeys, secure);
  const replays = stores.limiters('jti', { points: 1, seconds: REPLAY_SECONDS });
  const readiness = readinessOf(stores, log);
  const render = renderer({ issuer });

  const gateway = await openGateway(
    keys,
    (signingKeys) => {
      const provider = createProvider(
        {
          issuer,
          secure,
          sandbox: config.sandbox,
          cookieKeys: secrets.cookieKeys,
          pairwiseSalt: secrets.pairwiseSalt,
          initialAccessToken: config.initialAccessToken,
        },
        signingKeys,
        { storage, clients, replays, accounts, consents: activity, documents, events },
      );
      queueBackchannelLogout(provider, jobs);
      return buildApp({
        provider,
        issuer,
        secure,
        log,
        metrics,
        readiness,
        proxies: proxies(config.listen.trustedProxies),
        locale: localeOf(secure),
        localeRoutes: localeRoutes(secure, readForm),
        renderer: render,
        staticFiles: staticFiles(),
        csrf: forms,
        readForm,
        binding,
        refreshLeeway: refreshLeeway(storage, cipher),
        activity,
        consents: activity,
        clients,
        registry,
        applications,
        rememberMember,
        drafts,
        register: accounts,
        checkLimits,
        searches: limiter('organisation-search', SEARCHES_PER_ACCOUNT),
        resendSeconds: signingLimits.resendSeconds,
        clock: systemClock,
        applicants: applicants({ provider, accounts, credentials: accounts, storage, secure }),
        handover: handovers(storage, secure),
        registrations,
        registering: registering(storage, secure),
        registrationLimits: registrationLimits(limiter),
        joining: config.joining,
        database,
        cipher,
        accounts,
        secrets: oneTimeSecrets,
        documents,
        channels,
        templates,
        signings: signing,
        jobs,
        resetLimits,
        codes: limiter('mailed-code', CODES_PER_ACCOUNT),
        emailChanges,
        deletions,
        deletionDays: config.accounts.deletionDays,
        quarantine,
        auditReader: audit,
        notices: pageNotices,
        signOutEverywhere: signOutEverywhere(() => provider, sessions, log),
        credentials: accounts,
        hasher,
        limits,
        devices,
        post,
        troubles: post,
        events,
        sessions,
        password: password({ credentials: accounts, registrations, hasher, limits, devices, issuer }),
        pages: pages(accounts, pageNotices),
        finish: finish(provider, binding, sessions),
        returns: returnRequests(cipher, secure),
        doorkeeper: doorkeeper(provider, accounts),
      });
    },
    log,
  );

  await deliverBackchannelLogout(jobs, gateway.provider);
  await endSessions(jobs, gateway.provider, sessions);
  await carryOutDeletions(jobs, gateway.provider, {
    database,
    deletions,
    documents,
    quarantine,
    quarantineDays: config.accounts.quarantineDays,
    sessions,
    post,
    events,
    log,
  });
  await endConsents(jobs, gateway.provider, { clients: clientStore, sessions });
  if (config.finfort.endpoint) {
    const recipient = httpRecipient(config.finfort.endpoint);
    await deliverConsentEvents(jobs, { consentEvents, name: RECIPIENT, recipient, log });
  }
  await deliverNews(jobs, { news, jobs, post, unsubscribeToken, log });
  if (config.messenger) {
    await deliverMessages(jobs, { news, messenger: httpMessenger(config.messenger), log });
  }
  await deliverResets(jobs, { database, accounts, cipher, secrets: oneTimeSecrets, post, events });
  const { smtpUrl, from } = config.mail;
  const mailer = smtpUrl
    ? smtpMailer({ url: smtpUrl, from, host: new URL(issuer).hostname, connections: config.mail.connections })
    : undefined;
  if (mailer) {
    const { connections, domainAtOnce, domainPerMinute, probeSeconds } = config.mail;
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
  } else log.warn('no SMTP_URL: letters wait in the queue');
  metrics.gauges(
    ...(['unionid_letters_waiting', 'Letters that have not left yet, by urgency.', 'urgency'] as const),
    async () => lettersByUrgency(await jobs.waiting('letter')),
  );
  const register = { database, registry, applications, post, clock: systemClock, events };
  await deliverApplications(jobs, register);
  const changes = followChanges(
    { ...register, accounts, documents, rememberMember, position, log },
    config.registry.pollSeconds,
  );
  await jobs.work('sweep', async () => {
    for (const sweeper of [
      ...stores.sweepers,
      letterRecord,
      activity,
      drafts,
      registrations,
      oneTimeSecrets,
      quarantine,
      emailChanges,
      documents,
    ])
      await sweeper.sweep();
  });
  await jobs.repeat('sweep', '*/5 * * * *', {});
  await sealAudit(jobs, postgresAuditSeals(database), events);

  return {
    gateway,
    stores,
    clients: clientStore,
    documents,
    hasher,
    metrics,
    readiness,
    async close() {
      gateway.stop();
      await changes.stop();
      await stores.close();
      mailer?.close();
    },
  };
}

/** Ready while every store answers and nobody has asked us to go. */
function readinessOf({ database, redis }: Stores, log: Logger): House['readiness'] {
  let leaving = false;
  return {
    leave() {
      leaving = true;
    },
    async ready() {
      if (leaving) return false;
      try {
        await Promise.all([database.query('select 1'), redis?.ping()]);
        return true;
      } catch (err) {
        log.warn({ err }, 'not ready');
        return false;
      }
    },
  };
}
