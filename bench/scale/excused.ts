/** What is not asked by the test of plans, and why it need not be. */

const BY_KEY = 'rows by their key, within a transaction that has locked the account or the card';
const SMALL_TABLES = 'small tables only (bench/population/surroundings.ts)';
const BACKGROUND = 'work nobody waits for, in pieces';
const PART = 'a part of an adapter that is asked';
const RARE = 'an operator, by hand, some times a year';

type Reasons = Readonly<Record<string, string>>;

export const EXCUSED: { readonly adapters: Reasons; readonly statements: Reasons } = {
  adapters: {
    'account-desk/postgres.ts': BY_KEY,
    'account-merges/moved-demand.ts': RARE,
    'account-merges/moved-rows.ts': RARE,
    'account-merges/postgres.ts': RARE,
    'account-merges/sides.ts': RARE,
    'application-desk/postgres-member.ts': BY_KEY,
    'application-desk/postgres-names.ts': BACKGROUND,
    'audit-log/seals.ts': BACKGROUND,
    'authenticators/named-row.ts': PART,
    'authenticators/postgres-recovery-codes.ts': BY_KEY,
    'authenticators/protection-row.ts': BY_KEY,
    'calendar-store/postgres.ts': SMALL_TABLES,
    'client-store/postgres.ts': SMALL_TABLES,
    'consent-events/postgres.ts': BACKGROUND,
    'credential-store/postgres.ts': SMALL_TABLES,
    'document-store/postgres-archive.ts': RARE,
    'event-stream-store/postgres-streams.ts': SMALL_TABLES,
    'feed-position/postgres.ts': SMALL_TABLES,
    'idempotency-keys/postgres.ts': BY_KEY,
    'incident-store/postgres.ts': RARE,
    'integration-store/postgres-changes.ts': SMALL_TABLES,
    'integration-store/postgres-requests.ts': SMALL_TABLES,
    'integration-store/postgres-secrets.ts': SMALL_TABLES,
    'integration-store/postgres.ts': SMALL_TABLES,
    'job-queue/pg-boss.ts': 'tables of the library, which asks them with indexes of its own',
    'limiter/postgres.ts': BY_KEY,
    'logout-deliveries/postgres.ts': BACKGROUND,
    'member-book/postgres-writer.ts': BY_KEY,
    'member-lists/postgres-exports.ts': SMALL_TABLES,
    'member-lists/postgres.ts': SMALL_TABLES,
    'member-tickets/give-ticket.ts': BY_KEY,
    'member-tickets/unblock-ticket.ts': BY_KEY,
    'message-channels/postgres.ts': BY_KEY,
    'news-store/postgres.ts': BACKGROUND,
    'passport-store/postgres-structure.ts': SMALL_TABLES,
    'passport-store/postgres.ts': SMALL_TABLES,
    'register-clients/postgres.ts': SMALL_TABLES,
    'registry/change-log.ts': BY_KEY,
    'registry/mirror.ts': BY_KEY,
    'rehearsal-store/postgres.ts': SMALL_TABLES,
    'school-register/postgres.ts': SMALL_TABLES,
    'signing-keys/postgres.ts': SMALL_TABLES,
    'staff-visits/postgres.ts': SMALL_TABLES,
    'ticket-orders/postgres-desk.ts': BY_KEY,
    'ticket-orders/postgres-prices.ts': SMALL_TABLES,
    'ticket-ranges/postgres.ts': SMALL_TABLES,
    'upstream-switch/postgres.ts': SMALL_TABLES,
  },
  /** Named ones of adapters above. */
  statements: {
    'school-subsystems-for': SMALL_TABLES,
    'school-person-of': SMALL_TABLES,
    'school-person': SMALL_TABLES,
    'school-born-on': SMALL_TABLES,
    'foreign-kinds-left': RARE,
  },
};
