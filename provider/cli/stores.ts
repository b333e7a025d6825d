/** The stores a command works on. Beside wiring/ the only file that names concrete adapters. */

import type { AccountRegister } from '../../adapters/account-store/account-store.ts';
import { postgresAccounts } from '../../adapters/account-store/postgres.ts';
import type { ApplicationDesk } from '../../adapters/application-desk/application-desk.ts';
import { postgresDesk } from '../../adapters/application-desk/postgres.ts';
import type { AuditEvidence, AuditLog } from '../../adapters/audit-log/audit-log.ts';
import { postgresAuditLog } from '../../adapters/audit-log/postgres.ts';
import { postgresAuditSeals } from '../../adapters/audit-log/seals.ts';
import type { Protections } from '../../adapters/authenticators/authenticators.ts';
import { postgresProtections } from '../../adapters/authenticators/postgres-protections.ts';
import type { CalendarStore } from '../../adapters/calendar-store/calendar-store.ts';
import { postgresCalendar } from '../../adapters/calendar-store/postgres.ts';
import type { CaseStore } from '../../adapters/case-store/case-store.ts';
import { postgresCases } from '../../adapters/case-store/postgres.ts';
import { aesGcm } from '../../adapters/cipher/aes-gcm.ts';
import type { Cipher } from '../../adapters/cipher/cipher.ts';
import type { ClientStore } from '../../adapters/client-store/client-store.ts';
import { postgresClients } from '../../adapters/client-store/postgres.ts';
import { systemClock } from '../../adapters/clock.ts';
import type { BulkLoader, Database } from '../../adapters/database/database.ts';
import { pendingMigrations } from '../../adapters/database/migrate.ts';
import { openPg } from '../../adapters/database/pg.ts';
import { openPglite } from '../../adapters/database/pglite.ts';
import type { DocumentArchive } from '../../adapters/document-store/document-store.ts';
import { postgresArchive } from '../../adapters/document-store/postgres-archive.ts';
import type { ForeignPasswords } from '../../adapters/foreign-passwords/foreign-passwords.ts';
import { postgresForeignPasswords } from '../../adapters/foreign-passwords/postgres.ts';
import type {
  IntegrationChanges,
  IntegrationRequests,
  IntegrationStore,
} from '../../adapters/integration-store/integration-store.ts';
import { postgresIntegrations } from '../../adapters/integration-store/postgres.ts';
import { postgresIntegrationChanges } from '../../adapters/integration-store/postgres-changes.ts';
import { postgresIntegrationRequests } from '../../adapters/integration-store/postgres-requests.ts';
import type { JobQueue } from '../../adapters/job-queue/job-queue.ts';
import { type PgBossOptions, startPgBoss } from '../../adapters/job-queue/pg-boss.ts';
import type { LetterRecord } from '../../adapters/letter-record/letter-record.ts';
import { postgresLetterRecord } from '../../adapters/letter-record/postgres.ts';
import type { LogoutDeliveries } from '../../adapters/logout-deliveries/logout-deliveries.ts';
import { postgresLogoutDeliveries } from '../../adapters/logout-deliveries/postgres.ts';
import type { NewsStore } from '../../adapters/news-store/news-store.ts';
import { postgresNews } from '../../adapters/news-store/postgres.ts';
import type { OfficeStore } from '../../adapters/office-store/office-store.ts';
import { postgresOffices } from '../../adapters/office-store/postgres.ts';
import { argon2id, hashingLine } from '../../adapters/password-hasher/argon2id.ts';
import { foreignAware } from '../../adapters/password-hasher/foreign.ts';
import { foreignDigests } from '../../adapters/password-hasher/foreign-digest.ts';
import type { ForeignHashes } from '../../adapters/password-hasher/password-hasher.ts';
import { openRedis, type RedisConnection } from '../../adapters/redis/redis.ts';
import { postgresRegisterClients } from '../../adapters/register-clients/postgres.ts';
import type { RegisterClients } from '../../adapters/register-clients/register-clients.ts';
import { httpRegistry } from '../../adapters/registry/http.ts';
import type { Registry } from '../../adapters/registry/registry.ts';
import { postgresSchoolRegister } from '../../adapters/school-register/postgres.ts';
import type { SchoolIntake, SchoolRegister } from '../../adapters/school-register/school-register.ts';
import { postgresSigningKeys } from '../../adapters/signing-keys/postgres.ts';
import type { SigningKeys } from '../../adapters/signing-keys/signing-keys.ts';
import { postgresStaff } from '../../adapters/staff-store/postgres.ts';
import type { StaffStore } from '../../adapters/staff-store/staff-store.ts';
import { postgresTicketPrices } from '../../adapters/ticket-orders/postgres-prices.ts';
import type { TicketPrices } from '../../adapters/ticket-orders/ticket-orders.ts';
import { postgresTicketRanges } from '../../adapters/ticket-ranges/postgres.ts';
import type { TicketRanges } from '../../adapters/ticket-ranges/ticket-ranges.ts';
import { postgresSwitches } from '../../adapters/upstream-switch/postgres.ts';
import type { UpstreamSwitches } from '../../adapters/upstream-switch/upstream-switch.ts';
import { employmentOf } from '../applications/employment.ts';
import type { Config, RedisConfig } from '../config.ts';
import { lastingKey } from '../lasting-key.ts';
import type { Post } from '../letters/post.ts';
import { postOffice } from '../letters/post-office.ts';
import { type CommandLine, Failure } from './command-line.ts';

export { migrate, pendingMigrations } from '../../adapters/database/migrate.ts';
export { openSigner } from '../../adapters/signer/open-signer.ts';
export { examineHere } from '../../adapters/upstream/esia/examine-here.ts';
export { examineThere } from '../../adapters/upstream/esia/examine-there.ts';
export { openUpstream } from '../../adapters/upstream/open-upstream.ts';

/** `handle`: of an embedded one, for whoever knows PGlite itself. */
export type CommandDatabase = Database &
  BulkLoader &
  Partial<Pick<Awaited<ReturnType<typeof openPglite>>, 'handle'>>;

export type CommandStores = {
  readonly database: CommandDatabase;
  readonly cipher: Cipher;
  readonly keys: SigningKeys;
  readonly clients: ClientStore;
  readonly integrations: IntegrationStore;
  readonly requests: IntegrationRequests;
  readonly changes: IntegrationChanges;
  readonly audit: AuditLog;
  readonly desk: ApplicationDesk;
  readonly ranges: TicketRanges;
  readonly ticketPrices: TicketPrices;
  readonly letters: LetterRecord;
  readonly logoutDeliveries: LogoutDeliveries;
  readonly evidence: AuditEvidence;
  readonly archive: DocumentArchive;
  readonly news: NewsStore;
  readonly cases: CaseStore;
  readonly calendar: CalendarStore;
  readonly staff: StaffStore;
  readonly offices: OfficeStore;
  readonly protections: Pick<Protections, 'forgetAll'>;
  readonly accounts: Pick<AccountRegister, 'ownerOf' | 'create'>;
  readonly registerClients: RegisterClients;
  readonly foreignPasswords: ForeignPasswords;
  readonly foreignHashes: ForeignHashes;
  readonly switches: UpstreamSwitches;
  readonly schools: SchoolRegister & SchoolIntake;
};

/** One connection: what a command puts into a temporary table or a lock stays with it until the end. */
export async function openDatabase({ config, note }: CommandLine): Promise<CommandDatabase> {
  const { database } = config();
  if (database.kind === 'server') {
    return openPg({
      url: database.url,
      poolSize: 1,
      onIdleError: ({ message }) => note(`the database connection broke: ${message}`),
    });
  }
  note(`embedded database in ${database.directory}: the gateway must not be running`);
  return openPglite(database.directory);
}

export function openRegistryAt(external: NonNullable<Config['registry']['external']>): Registry {
  return httpRegistry(external);
}

export function openRedisAt(redis: RedisConfig): RedisConnection {
  return openRedis({ ...redis, commandTimeout: 2_000 });
}

/** Opens the stores, checks that the schema is current, and closes them when `work` has ended. Throws Failure. */
export async function withStores<T>(
  line: CommandLine,
  work: (stores: CommandStores) => Promise<T>,
): Promise<T> {
  const database = await openDatabase(line);
  try {
    const pending = await pendingMigrations(database);
    if (pending.length > 0) {
      throw new Failure(`The schema is ${pending.length} migration(s) behind. Run «union-id migrate» first.`);
    }
    return await work({ database, ...storesOn(database, line.config()) });
  } finally {
    await database.close();
  }
}

const JOBS_STOP_SECONDS = 5;

/** For work that a running gateway does. Throws Failure on an embedded database: no gateway runs beside us. */
export async function withJobs<T>(line: CommandLine, work: (jobs: JobQueue) => Promise<T>): Promise<T> {
  const { database } = line.config();
  if (database.kind !== 'server') {
    throw new Failure(
      'With an embedded database only the running gateway can do this: use the management API.',
    );
  }
  return withQueueOn({ url: database.url }, line, work);
}

/** For work that can wait: on an embedded database, for the gateway that is started next. */
export async function withLaterJobs<T>(
  line: CommandLine,
  { handle }: CommandDatabase,
  work: (jobs: JobQueue) => Promise<T>,
): Promise<T> {
  return handle ? withQueueOn({ pglite: handle }, line, work) : withJobs(line, work);
}

async function withQueueOn<T>(
  on: PgBossOptions['on'],
  line: CommandLine,
  work: (jobs: JobQueue) => Promise<T>,
): Promise<T> {
  const jobs = await startPgBoss({ on, onError: ({ message }) => line.note(message) });
  try {
    return await work(jobs);
  } finally {
    await jobs.stop(JOBS_STOP_SECONDS);
  }
}

export function postAt({ secrets }: Config, { cipher, letters }: CommandStores, jobs: JobQueue): Post {
  const groupKey = lastingKey(secrets.pairwiseSalt, 'letter domains');
  return postOffice({ jobs, cipher, record: letters, clock: systemClock, groupKey });
}

/** A command waits for its own hashes, however long. */
function foreignHashes(atOnce: number, { peppers }: Config['secrets']): ForeignHashes {
  const line = hashingLine({ atOnce, queueMilliseconds: 600_000 });
  return foreignAware({
    own: argon2id({ peppers, line }),
    line,
    digests: foreignDigests(),
    left: async () => [],
  });
}

export function storesOn(
  database: Database,
  { passwords, secrets }: Config,
): Omit<CommandStores, 'database'> {
  const cipher = aesGcm(secrets.encryptionKeys);
  const ranges = postgresTicketRanges(database);
  return {
    cipher,
    keys: postgresSigningKeys(database, cipher),
    clients: postgresClients(database, cipher),
    integrations: postgresIntegrations(database),
    requests: postgresIntegrationRequests(database),
    changes: postgresIntegrationChanges(database),
    audit: postgresAuditLog(database),
    desk: postgresDesk(database, { cipher, ranges, employmentOf }),
    ranges,
    letters: postgresLetterRecord(database, lastingKey(secrets.pairwiseSalt, 'letter addresses')),
    logoutDeliveries: postgresLogoutDeliveries(database),
    evidence: postgresAuditSeals(database),
    archive: postgresArchive(database),
    news: postgresNews(database),
    cases: postgresCases(database),
    calendar: postgresCalendar(database),
    staff: postgresStaff(database),
    offices: postgresOffices(database),
    protections: postgresProtections(database),
    ticketPrices: postgresTicketPrices(database),
    accounts: postgresAccounts(database),
    registerClients: postgresRegisterClients(database),
    foreignPasswords: postgresForeignPasswords(database),
    foreignHashes: foreignHashes(passwords.hashesAtOnce, secrets),
    switches: postgresSwitches(database),
    schools: postgresSchoolRegister(database),
  };
}
