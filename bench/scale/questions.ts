/**
 * What the house asks its database while somebody waits, adapter by adapter and method by method. An adapter that is not
 * here stands below with the reason; a method that is not asked writes or reads one row by its key.
 */
import { postgresActivity } from '../../adapters/account-activity/postgres.ts';
import { postgresDoors } from '../../adapters/account-doors/postgres.ts';
import { postgresAccounts } from '../../adapters/account-store/postgres.ts';
import { postgresDesk } from '../../adapters/application-desk/postgres.ts';
import { postgresOverdue } from '../../adapters/application-desk/postgres-overdue.ts';
import { postgresApplications } from '../../adapters/application-store/postgres.ts';
import { postgresAuditPages } from '../../adapters/audit-log/pages.ts';
import { postgresAuditLog } from '../../adapters/audit-log/postgres.ts';
import { postgresCodeApps } from '../../adapters/authenticators/postgres-code-apps.ts';
import { postgresPasskeys } from '../../adapters/authenticators/postgres-passkeys.ts';
import { postgresProtections } from '../../adapters/authenticators/postgres-protections.ts';
import { postgresCandidates } from '../../adapters/candidates/postgres.ts';
import { postgresCases } from '../../adapters/case-store/postgres.ts';
import { postgresCensus } from '../../adapters/census/postgres.ts';
import type { Cipher } from '../../adapters/cipher/cipher.ts';
import type { Database } from '../../adapters/database/database.ts';
import { postgresDeletions } from '../../adapters/deletions/postgres.ts';
import { postgresDocuments } from '../../adapters/document-store/postgres.ts';
import { postgresDrafts } from '../../adapters/draft-store/postgres.ts';
import { postgresEmailChanges } from '../../adapters/email-changes/postgres.ts';
import { postgresEventLog } from '../../adapters/event-stream-store/postgres-log.ts';
import { postgresForeignPasswords } from '../../adapters/foreign-passwords/postgres.ts';
import { postgresGuideReads } from '../../adapters/guide-reads/postgres.ts';
import { postgresLetterRecord } from '../../adapters/letter-record/postgres.ts';
import { postgresLinks } from '../../adapters/link-store/postgres.ts';
import { postgresMemberBook } from '../../adapters/member-book/postgres.ts';
import { postgresMemberConsents } from '../../adapters/member-consents/postgres.ts';
import { postgresMemberExports } from '../../adapters/member-lists/postgres-exports.ts';
import { postgresMemberTickets } from '../../adapters/member-tickets/postgres.ts';
import { postgresOffices, postgresVisits } from '../../adapters/office-store/postgres.ts';
import { postgresOnboarding } from '../../adapters/onboarding/postgres.ts';
import { postgresOneTimeSecrets } from '../../adapters/one-time-secrets/postgres.ts';
import { postgresPersonSearch } from '../../adapters/person-search/postgres.ts';
import { postgresQuarantine } from '../../adapters/quarantine/postgres.ts';
import { postgresRegistrations } from '../../adapters/registration-store/postgres.ts';
import { postgresRegistry } from '../../adapters/registry/postgres.ts';
import type { RegistryApplication } from '../../adapters/registry/registry.ts';
import { postgresStaff } from '../../adapters/staff-store/postgres.ts';
import { postgresStatistics } from '../../adapters/statistics/postgres.ts';
import { postgresStorage } from '../../adapters/storage/postgres.ts';
import { postgresOrderBook } from '../../adapters/ticket-orders/postgres-book.ts';
import { STAFF_CHANGES, STAFF_VIEWS } from '../../provider/events/told.ts';
import { accountId } from '../population/fill.ts';
import { memberAt, type Shape } from '../population/population.ts';

/** Methods of an adapter with what they are asked. */
type Questions<Adapter> = { readonly [Method in keyof Adapter]?: (adapter: Adapter) => Promise<unknown> };

export type Question = { readonly name: string; ask(): Promise<unknown> };

const plainText: Cipher = { seal: (plain) => plain, open: () => '{"family":"Иванова","given":"Мария"}' };
const KEY = Buffer.alloc(32);
const NO_RANGES = { take: async () => undefined };

/** Those that may be asked anything; the arguments are somebody who exists. */
export function questions(database: Database, shape: Shape): readonly Question[] {
  const somebody = memberAt(shape, 77);
  const { organisationId, birthdate, family, given, ticket } = somebody;
  const account = accountId(77);
  const limit = 20;
  const key = { issuer: 'https://esia.test', subject: 'oid78' };
  const email = 'member77@bench.example';
  const week = { from: new Date(Date.now() - 7 * 24 * 3_600_000), until: new Date() };
  const grid = { from: new Date(Date.now() - 3_600_000), stepSeconds: 60, columns: 60 };
  const name = { family, given };
  const clues = { issuer: key.issuer, birthdate, emailKey: email, snils: KEY };
  const application = { ...name, birthdate, organisationId } as RegistryApplication;
  const of = { of: (adapter: { of(id: string): Promise<unknown> }) => adapter.of(account) };

  return [
    ...asking('accounts', postgresAccounts(database), {
      find: (accounts) => accounts.find(account),
      credentialsOf: (accounts) => accounts.credentialsOf('ticket', ticket),
      passwordOf: (accounts) => accounts.passwordOf(account),
      passwordSetAt: (accounts) => accounts.passwordSetAt(account),
      ownerOf: (accounts) => accounts.ownerOf('email', email),
      accountOfMember: (accounts) => accounts.accountOfMember(somebody.id, database),
    }),
    ...asking('activity', postgresActivity(database), {
      recordArrival: (activity) =>
        activity.recordArrival({
          ...{ accountId: account, sessionUid: 's-new', clientId: 'portal-1', requestId: 'r', network: 'n' },
          signIn: { device: 'd', method: 'm', acr: 'a', expiresAt: new Date(Date.now() + 1_000) },
        }),
      sessionsOf: (activity) => activity.sessionsOf(account),
      endSession: (activity) => activity.endSession(account, 's-new'),
      grantsOf: (activity) => activity.grantsOf(account),
      dropGrants: (activity) => activity.dropGrants(account, { clientId: 'portal-99' }),
      consentTo: (activity) => activity.consentTo(account, 'portal-1'),
      connectionsOf: (activity) => activity.connectionsOf(account),
    }),
    ...asking('audit', postgresAuditLog(database), {
      append: (audit) =>
        audit.append({ event: 'sign_in', outcome: 'failure', actor: account, accountId: account }),
      count: (audit) => audit.count({ accountId: account, event: 'sign_in' }, 3_600),
      entriesOf: (audit) => audit.entriesOf(account),
      signInsOf: (audit) => audit.signInsOf(account, { limit }),
    }),
    ...asking('audit pages', postgresAuditPages(database, plainText), {
      ofAccount: (pages) => pages.ofAccount(account, { limit }),
      ofTime: (pages) =>
        pages.ofTime(
          { from: new Date(Date.now() - 3_600_000), until: new Date(), events: ['sign_in'] },
          { limit },
        ),
      sightsOf: (pages) => pages.sightsOf({ accountId: account, memberId: somebody.id }, { limit }),
    }),
    ...asking('what the staff has changed', postgresAuditPages(database, plainText), {
      ofTime: (pages) => pages.ofTime({ ...week, events: STAFF_CHANGES }, { limit }),
    }),
    ...asking('what the staff has changed and seen', postgresAuditPages(database, plainText), {
      ofTime: (pages) => pages.ofTime({ ...week, events: [...STAFF_CHANGES, ...STAFF_VIEWS] }, { limit }),
    }),
    ...asking('storage of sessions', postgresStorage(database)('Session'), {
      find: (sessions) => sessions.find('none'),
      findByUid: (sessions) => sessions.findByUid('none'),
      upsert: (sessions) => sessions.upsert('mine', { uid: 'u-mine', grantId: 'g' } as never, 60),
      consume: (sessions) => sessions.consume('mine'),
      destroy: (sessions) => sessions.destroy('mine'),
      revokeByGrantId: (sessions) => sessions.revokeByGrantId('none'),
    }),
    ...asking('storage of codes', postgresStorage(database)('DeviceCode'), {
      find: (codes) => codes.find('none'),
      findByUid: (codes) => codes.findByUid('none'),
      findByUserCode: (codes) => codes.findByUserCode('none'),
      upsert: (codes) => codes.upsert('mine', { userCode: 'u' } as never, 60),
      consume: (codes) => codes.consume('mine'),
      destroy: (codes) => codes.destroy('mine'),
    }),
    ...asking('one-time secrets', postgresOneTimeSecrets(database, KEY), {
      redeem: (secrets) => secrets.redeem({ purpose: 'sign', subject: account, secret: '000000' }),
      subjectOf: (secrets) => secrets.subjectOf('sign', '000000'),
      issuedAt: (secrets) => secrets.issuedAt('sign', account),
      revoke: (secrets) => secrets.revoke('sign', 'nobody'),
    }),
    ...asking('registrations', postgresRegistrations(database), {
      find: (registrations) => registrations.find('reg77'),
    }),
    ...asking('quarantine', postgresQuarantine(database, KEY), {
      holds: (quarantine) => quarantine.holds('email', email, account),
    }),
    ...asking('doors', postgresDoors(database), {
      lock: (doors) => database.transaction((tx) => doors.lock(account, tx)),
    }),
    ...asking('links', postgresLinks(database), {
      ownerOf: (links) => links.ownerOf(key),
      linksOf: (links) => links.linksOf(account),
      wasUnlinked: (links) => links.wasUnlinked(account, key),
    }),
    ...asking('candidates', postgresCandidates(database), {
      find: (candidates) => candidates.find(clues),
      ofAccount: (candidates) => candidates.ofAccount(account, clues),
      ofMember: (candidates) => candidates.ofMember(somebody.id, clues),
      ticketOf: (candidates) => candidates.ticketOf(somebody.id, database),
    }),
    ...asking('cases', postgresCases(database), {
      find: (cases) => cases.find('2026-000077'),
      list: (cases) => cases.list({ side: 'union' } as never, { limit } as never),
      latestOf: (cases) => cases.latestOf('union', key),
    }),
    ...asking('code apps', postgresCodeApps(database, plainText), of),
    ...asking('passkeys', postgresPasskeys(database), {
      of: (passkeys) => passkeys.of(account),
      credentialsOf: (passkeys) => passkeys.credentialsOf(account),
      find: (passkeys) => passkeys.find('cred77'),
    }),
    ...asking('protections', postgresProtections(database), of),
    ...asking('deletions', postgresDeletions(database), of),
    ...asking('email changes', postgresEmailChanges(database), {
      pending: (changes) => changes.pending(account),
    }),
    ...asking('events of receivers', postgresEventLog(database), {
      waiting: (log) => log.waiting('portal-1', limit),
    }),
    ...asking('onboarding', postgresOnboarding(database), {
      records: (onboarding) => onboarding.records(organisationId),
    }),
    ...asking('drafts', postgresDrafts(database, plainText), { find: (drafts) => drafts.find(account) }),
    ...asking('documents', postgresDocuments(database), {
      documentsOf: (documents) => documents.documentsOf(account),
      document: (documents) => documents.document(account, 'doc78-1'),
      consent: (documents) => documents.consent(account, 'union_pd'),
      signing: (documents) => documents.signing(account, 'sig78'),
      acceptedTerms: (documents) => documents.acceptedTerms(account),
      markOpened: (documents) => documents.markOpened(account, 'none'),
    }),
    ...asking('applications', postgresApplications(database, plainText), {
      of: (applications) => applications.of(account),
      undelivered: (applications) => applications.undelivered('none'),
      forgotten: (applications) => applications.forgotten(60),
    }),
    ...asking('register', postgresRegistry(database, { cipher: plainText, admitsNobody: '' }), {
      memberByTicket: (register) => register.memberByTicket(ticket),
      searchOrganisations: (register) =>
        register.searchOrganisations({
          words: [
            { text: 'сош', whole: false },
            { text: '7', whole: true },
          ],
          limit,
        }),
      organisation: (register) => register.organisation(organisationId),
      changes: (register) => register.changes('10'),
    }),
    ...asking('register by INN', postgresRegistry(database, { cipher: plainText, admitsNobody: '' }), {
      searchOrganisations: (register) =>
        register.searchOrganisations({ words: [], inn: '0030000010', limit }),
    }),
    ...asking('people by name', postgresPersonSearch(database), {
      byName: (search) => search.byName({ family, given }, limit),
      byClue: (search) => search.byClue({ kind: 'email', value: email }),
      ofMember: (search) => search.ofMember(somebody.id),
    }),
    ...(['ticket', 'phone', 'account'] as const).flatMap((kind) =>
      asking(`people by ${kind}`, postgresPersonSearch(database), {
        byClue: (search) => search.byClue({ kind, value: kind === 'ticket' ? ticket : account }),
      }),
    ),
    ...asking('people by SNILS', postgresPersonSearch(database), {
      byClue: (search) => search.byClue({ kind: 'snils', value: KEY }),
    }),
    ...asking('people by the beginning of a name', postgresPersonSearch(database), {
      byName: (search) => search.byName({ family: family.slice(0, 4) }, limit),
    }),
    ...asking('people by birth date', postgresPersonSearch(database), {
      byName: (search) => search.byName({ birthdate, organisations: [organisationId] }, limit),
    }),
    ...asking('member book', postgresMemberBook(database), {
      list: (book) => book.list(organisationId, { limit }),
      find: (book) => book.find(organisationId, somebody.id),
      count: (book) => book.count(organisationId),
      namesakes: (book) => book.namesakes([{ ...name, birthdate }]),
      holders: (book) => book.holders({ tickets: [ticket], snils: [KEY] }),
    }),
    ...asking('member book by name', postgresMemberBook(database), {
      list: (book) => book.list(organisationId, { name: family.slice(0, 4), after: somebody.id, limit }),
    }),
    ...asking('member book without tickets', postgresMemberBook(database), {
      list: (book) => book.list(organisationId, { withoutTicket: true, after: somebody.id, limit }),
    }),
    ...asking('member consents', postgresMemberConsents(database), {
      standing: (consents) => consents.standing([somebody.id]),
      card: (consents) => consents.card(organisationId, somebody.id),
      history: (consents) => consents.history(somebody.id),
      list: (consents) => consents.list(organisationId, { lacking: 'any', limit }),
      counts: (consents) => consents.counts(organisationId),
    }),
    ...asking('member consents behind a card', postgresMemberConsents(database), {
      list: (consents) =>
        consents.list(organisationId, { lacking: 'union_pd', after: somebody.id, limit: 201 }),
    }),
    ...asking('member tickets', postgresMemberTickets(database, NO_RANGES), {
      of: (tickets) => tickets.of(organisationId, somebody.id),
      stateOf: (tickets) => tickets.stateOf(ticket),
    }),
    ...asking(
      'desk of applications',
      postgresDesk(database, {
        cipher: plainText,
        ranges: NO_RANGES,
        employmentOf: () => 'other',
      } as never),
      {
        waiting: (desk) => desk.waiting({ organisationId }, { limit }),
        decided: (desk) => desk.decided(organisationId, { limit }),
        find: (desk) => desk.find(organisationId, 'app77'),
        ofMember: (desk) => desk.ofMember(organisationId, somebody.id, limit),
        namesakes: (desk) => desk.namesakes(application),
      },
    ),
    ...asking('overdue applications', postgresOverdue(database), {
      overdue: (overdue) => overdue.overdue('reminded', new Date(), { limit }),
    }),
    ...asking('orders', postgresOrderBook(database), {
      find: (orders) => orders.find('7', { at: organisationId }),
      list: (orders) => orders.list({ at: organisationId }, { limit }),
      lines: (orders) => orders.lines('7', { limit }),
      steps: (orders) => orders.steps('7'),
      years: (orders) => orders.years({ at: organisationId }),
      unordered: (orders) => orders.unordered(organisationId),
      numberless: (orders) => orders.numberless(organisationId),
    }),
    ...asking('orders of the Union', postgresOrderBook(database), {
      list: (orders) => orders.list('union', { limit, state: 'submitted' }),
    }),
    ...asking('orders below', postgresOrderBook(database), {
      list: (orders) => orders.list({ below: 'GR-0/GT-0/' }, { limit }),
    }),
    ...asking('member exports', postgresMemberExports(database, plainText), {
      latestAbout: (exports) => exports.latestAbout(somebody.id, limit),
    }),
    ...asking('offices', postgresOffices(database), {
      organisation: (offices) => offices.organisation(organisationId),
      of: (offices) => offices.of(account),
      isSeated: (offices) => offices.isSeated(account),
      at: (offices) => offices.at(organisationId),
    }),
    ...asking('visits', postgresVisits(database), {
      keepAwake: (visits) => visits.keepAwake('s78-1', new Date(), 3_600),
    }),
    ...asking('staff', postgresStaff(database), { has: (staff) => staff.has(account, 'union_operator') }),
    ...asking('letters', postgresLetterRecord(database, KEY), {
      isSettled: (record) => record.isSettled('00000000-0000-0000-0000-000000000000'),
      troubleWith: (record) => record.troubleWith(email),
      domainOf: (record) => record.domainOf(account),
    }),
    ...asking('guides', postgresGuideReads(database), { readBy: (reads) => reads.readBy([account]) }),
    ...asking('foreign passwords', postgresForeignPasswords(database), {
      holdersOf: (passwords) => passwords.holdersOf([email] as never),
    }),
    ...asking('statistics', postgresStatistics(database), {
      add: (statistics) =>
        statistics.add({
          counts: [{ kind: 'sign_in', way: 'qr', portal: 'p', reason: '', minute: new Date(), count: 1 }],
          lines: [],
        }),
      counts: (statistics) => statistics.counts({ kind: 'sign_in', by: 'way', outcome: 'success' }, grid),
      longestLines: (statistics) => statistics.longestLines(grid),
      running: (statistics) => statistics.running(),
    }),
    ...asking('census', postgresCensus(database), {
      applications: (census) => census.applications(),
      addressTroubles: (census) => census.addressTroubles(),
      portals: (census) => census.portals({ limit }),
      documents: (census) => census.documents(),
    }),
  ];
}

function asking<Adapter extends object>(
  name: string,
  adapter: Adapter,
  methods: Questions<Adapter>,
): Question[] {
  return Object.entries(methods).map(([method, ask]) => ({
    name: `${name}: ${method}`,
    ask: () => (ask as (adapter: Adapter) => Promise<unknown>)(adapter),
  }));
}
