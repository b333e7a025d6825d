/** The composition root: opens the stores, builds the house on them, closes it. Only this folder names concrete adapters. */
import type { Logger } from 'pino';
import type { ClientStore } from '../../adapters/client-store/client-store.ts';
import { systemClock } from '../../adapters/clock.ts';
import type { DocumentStore } from '../../adapters/document-store/document-store.ts';
import type { LogoutDeliveries } from '../../adapters/logout-deliveries/logout-deliveries.ts';
import type { PasswordHasher } from '../../adapters/password-hasher/password-hasher.ts';
import { postgresRegisterClients } from '../../adapters/register-clients/postgres.ts';
import { postgresSigningKeys } from '../../adapters/signing-keys/postgres.ts';
import { buildApp } from '../app.ts';
import { doorkeeper } from '../cabinet/enter.ts';
import { wayProofs } from '../cabinet/way-proofs.ts';
import { openDesk } from '../cases/desk.ts';
import type { Config } from '../config.ts';
import { putOffDocuments } from '../consents/put-off.ts';
import { type Gateway, openGateway } from '../gateway.ts';
import { csrf } from '../http/csrf.ts';
import { formReader } from '../http/form.ts';
import { proxies } from '../http/front-door.ts';
import { localeOf, localeRoutes } from '../http/locale.ts';
import { notices } from '../http/notice.ts';
import { renderer } from '../http/render.ts';
import { staticFiles } from '../http/static-files.ts';
import { consentPage } from '../interactions/consent.ts';
import { documentPage, documentSteps } from '../interactions/document.ts';
import { entrances } from '../interactions/entrances.ts';
import { finish } from '../interactions/finish.ts';
import { firstEntries } from '../interactions/first-entries.ts';
import { pendingKeys } from '../interactions/pending-key.ts';
import { resumeBinding } from '../interactions/resume-binding.ts';
import { returnRequests } from '../interactions/return-request.ts';
import { pages } from '../interactions/show.ts';
import { applicants } from '../join/applicant.ts';
import { registering } from '../join/registering.ts';
import { lastingKey } from '../lasting-key.ts';
import { deviceMarks } from '../login/device-mark.ts';
import { handovers } from '../login/handover.ts';
import { password } from '../login/password.ts';
import { cursors } from '../management-api/cursor.ts';
import { createMetrics, type Metrics } from '../metrics.ts';
import { queueBackchannelLogout, type ReplayLogout } from '../oidc/backchannel-logout.ts';
import { createProvider } from '../oidc/create-provider.ts';
import { refreshLeeway } from '../oidc/refresh-leeway.ts';
import { acceptRotatingSecrets, secretUse } from '../oidc/rotating-secrets.ts';
import { providerSettings } from '../oidc/settings.ts';
import { signOutEverywhere } from '../oidc/sign-out-everywhere.ts';
import { qrSignIns } from '../qr/qr-sign-ins.ts';
import { staffGate } from '../staff/gate.ts';
import type { Keeping } from '../statistics/keep.ts';
import { openApplications } from './applications.ts';
import { openEducation } from './education.ts';
import { openGuards } from './guards.ts';
import { openLinking } from './linking.ts';
import { openMembers } from './members.ts';
import { openOperators } from './operators.ts';
import { openProtection } from './protection.ts';
import { openRecords } from './records.ts';
import { openStatistics } from './statistics.ts';
import { openStores, type Readiness, readinessOf, type Stores } from './stores.ts';
import { openTickets } from './tickets.ts';
import { connectUpstreams, watchUpstreams } from './upstreams.ts';
import { startWork } from './work.ts';

export type House = {
  readonly gateway: Gateway;
  readonly stores: Stores;
  readonly clients: ClientStore;
  readonly documents: DocumentStore;
  readonly logoutDeliveries: LogoutDeliveries;
  readonly replayLogout: ReplayLogout;
  readonly hasher: PasswordHasher;
  readonly protection: Pick<ReturnType<typeof openProtection>, 'codeApps' | 'recoveryCodes'>;
  readonly metrics: Metrics;
  readonly keeping: Keeping;
  readonly readiness: Readiness;
  close(): Promise<void>;
};

export async function wire(config: Config, log: Logger): Promise<House> {
  const { issuer, secure, secrets } = config;
  const metrics = createMetrics();
  const connected = await connectUpstreams(config, metrics, log);
  const stores = await openStores(config, log);
  const { storage, jobs } = stores;
  const records = await openRecords(config, stores, metrics, log);
  const guards = openGuards(config, stores, metrics, log);
  const protection = openProtection(config, stores, records);
  const { accounts, activity, cipher, clients, clientStore, documents, events, sessions } = records;
  const upstreams = await watchUpstreams(connected, config, stores, records, metrics, log);
  const linking = openLinking(config, stores, records);
  const numbers = await openStatistics({
    stores,
    tally: records.tally,
    hasher: guards.hasher,
    upstreams,
    log,
  });
  const operators = openOperators(config, stores, records);
  const region = openEducation(stores, records, linking.links);
  const keys = postgresSigningKeys(stores.database, cipher);
  await keys.ensure();
  const readiness = readinessOf(stores, log);
  const devices = deviceMarks(secrets.cookieKeys);
  const forms = csrf({ issuer, secure, keys: secrets.cookieKeys });
  const readForm = formReader(forms);
  const pageNotices = notices(secure);
  const putOff = putOffDocuments(storage);
  const waitingKeys = pendingKeys(secure);
  const binding = resumeBinding(secrets.cookieKeys, secure);

  const usedSecret = secretUse(records.integrationSecrets, systemClock, (err) =>
    log.warn({ err }, 'the use of a secret was not noted'),
  );

  const gateway = await openGateway(
    keys,
    (signingKeys) => {
      const provider = createProvider(providerSettings(config), signingKeys, {
        ...{
          storage,
          clients,
          replays: guards.replays,
          polls: guards.polls,
          accounts,
          consents: activity,
          documents,
          events,
        },
        ...{ education: region.education, upstreams, putOff },
        ...{ staff: records.staff, testers: records.testers, heldOffices: records.heldOffices },
        ...{ outward: records.outward, clock: systemClock },
      });
      acceptRotatingSecrets(provider, clients, systemClock, usedSecret);
      queueBackchannelLogout(provider, records.tellLogout);
      const waysIn = entrances(provider, upstreams, secure);
      const finishing = finish(provider, binding, sessions);
      const entryDocuments = documentSteps({
        ...records,
        ...{ provider, putOff, secrets: records.oneTimeSecrets, finish: finishing },
      });
      return buildApp({
        ...records,
        ...guards,
        ...protection,
        ...linking,
        ...openMembers(config, stores, records),
        ...openTickets(stores),
        ...openApplications(stores, records),
        ...region,
        ...operators,
        signingKeys: keys,
        ...numbers,
        provider,
        issuer,
        secure,
        sandbox: config.sandbox,
        developersUrl: config.developersUrl,
        cursors: cursors(lastingKey(secrets.pairwiseSalt, 'api cursors')),
        log,
        metrics,
        readiness,
        database: stores.database,
        jobs,
        clock: systemClock,
        upstreams,
        proxies: proxies(config.listen.trustedProxies),
        locale: localeOf(secure),
        localeRoutes: localeRoutes(secure, readForm),
        renderer: renderer({ issuer }),
        staticFiles: staticFiles(),
        csrf: forms,
        readForm,
        binding,
        refreshLeeway: refreshLeeway(storage, cipher),
        consents: activity,
        register: accounts,
        credentials: accounts,
        secrets: records.oneTimeSecrets,
        auditReader: records.audit,
        signInReader: records.audit,
        wayProofs: wayProofs(storage),
        troubles: records.post,
        notices: pageNotices,
        devices,
        password: password({
          ...{ credentials: accounts, registrations: records.registrations },
          officeCredentials: records.officeCredentials,
          ...{ hasher: guards.hasher, limits: guards.limits, devices, issuer },
        }),
        applicants: applicants({ provider, accounts, credentials: accounts, storage, secure }),
        handover: handovers(storage, secure),
        qrSignIns: qrSignIns(storage, cipher),
        registering: registering(storage, secure),
        joining: config.joining,
        deletionDays: config.accounts.deletionDays,
        keepsRegister: !config.registry.external,
        registerClients: postgresRegisterClients(stores.database),
        signOutEverywhere: signOutEverywhere(() => provider, sessions, log),
        entrances: waysIn,
        pendingKeys: waitingKeys,
        firstEntries: firstEntries(storage, cipher, waitingKeys),
        documentSteps: entryDocuments,
        pages: pages(accounts, pageNotices, waysIn, upstreams, {
          consent: consentPage({ provider, accounts, consents: activity }),
          documents: documentPage({ provider, accounts }, entryDocuments),
        }),
        finish: finishing,
        returns: returnRequests(cipher, secure),
        doorkeeper: doorkeeper(provider, accounts, records.offices),
        staffGate: staffGate({
          ...records,
          ...protection,
          provider,
          keepsRegister: !config.registry.external,
        }),
        desk: openDesk({ ...records, ...protection, provider, schools: region.schools }),
      });
    },
    log,
  );
  const work = await startWork(config, stores, records, gateway.provider, metrics, log);

  return {
    gateway,
    stores,
    clients: clientStore,
    documents,
    logoutDeliveries: records.logoutDeliveries,
    replayLogout: records.replayLogout,
    hasher: guards.hasher,
    protection,
    metrics,
    keeping: numbers.keeping,
    readiness,
    async close() {
      gateway.stop();
      await numbers.keeping.stop();
      upstreams.close();
      await work.stop();
      await stores.close();
      work.close();
    },
  };
}
