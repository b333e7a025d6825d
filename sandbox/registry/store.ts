/** The simulated АИС's memory: organisations, members, applications and its feed of changes, in SQLite. */
import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type {
  PaperConsent,
  RegistryApplication,
  RegistryChange,
  RegistryMember,
  RegistryOrganisation,
} from '../../adapters/registry/registry.ts';

const SCHEMA = readFileSync(new URL('./schema.sql', import.meta.url), 'utf8');

/** The Union's own bodies are nobody's place of work, and are not searched. */
export type KnownOrganisation = RegistryOrganisation & { readonly workplace: boolean };

/** A member's card: what the register tells, and the consents on paper her chair has ticked. */
export type Card = Omit<RegistryMember, 'organisation'> & {
  readonly organisationId: string;
  readonly consents: readonly PaperConsent[];
};

export type StoredApplication = {
  readonly application: RegistryApplication;
  readonly state: 'received' | 'accepted' | 'returned' | 'rejected';
  /** ISO 8601. */
  readonly receivedAt: string;
  readonly decidedAt?: string;
  readonly reason?: string;
  /** Whose card it became, or was from the beginning. */
  readonly memberId?: string;
};

export type RegistryStore = ReturnType<typeof openStore>;

/** `file` undefined: in memory. */
export function openStore(file: string | undefined) {
  const database = new DatabaseSync(file ?? ':memory:');
  database.exec(`pragma journal_mode = wal; pragma foreign_keys = on; ${SCHEMA}`);
  const one = <T>(sql: string, ...values: string[]): T | undefined => {
    const row = database.prepare(sql).get(...values) as { content: string } | undefined;
    return row && (JSON.parse(row.content) as T);
  };
  const all = <T>(sql: string, ...values: string[]): T[] =>
    (database.prepare(sql).all(...values) as { content: string }[]).map(
      ({ content }) => JSON.parse(content) as T,
    );

  const store = {
    /** All of it, or nothing. */
    atOnce<T>(work: () => T): T {
      database.exec('begin immediate');
      try {
        const result = work();
        database.exec('commit');
        return result;
      } catch (error) {
        database.exec('rollback');
        throw error;
      }
    },

    organisations: () => all<KnownOrganisation>('select content from organisation order by id'),
    organisation(id: string): RegistryOrganisation | undefined {
      const known = one<KnownOrganisation>('select content from organisation where id = ?', id);
      return known && told(known);
    },
    saveOrganisation(organisation: KnownOrganisation): void {
      database
        .prepare(
          `insert into organisation (id, content) values (?, ?)
           on conflict (id) do update set content = excluded.content`,
        )
        .run(organisation.id, JSON.stringify(organisation));
    },

    card: (id: string) => one<Card>('select content from member where id = ?', id),
    cardOfTicket: (number: string) =>
      one<Card>(
        'select m.content from ticket t join member m on m.id = t.member_id where t.number = ?',
        number,
      ),
    cardsOf: (organisationId: string) =>
      all<Card>('select content from member where organisation_id = ? order by id', organisationId),
    saveCard(card: Card): void {
      database
        .prepare(
          `insert into member values (?, ?, ?)
           on conflict (id) do update set organisation_id = excluded.organisation_id, content = excluded.content`,
        )
        .run(card.id, card.organisationId, JSON.stringify(card));
      for (const { number } of card.tickets) {
        database.prepare('insert or ignore into ticket values (?, ?)').run(number, card.id);
      }
    },

    application: (id: string) => one<StoredApplication>('select content from application where id = ?', id),
    applications: () => all<StoredApplication>('select content from application order by received_at, rowid'),
    applicationsOf: (organisationId: string) =>
      all<StoredApplication>(
        'select content from application where organisation_id = ? order by received_at desc, rowid desc',
        organisationId,
      ),
    saveApplication(stored: StoredApplication): void {
      const { id, organisationId } = stored.application;
      database
        .prepare(
          `insert into application values (?, ?, ?, ?, ?)
           on conflict (id) do update set state = excluded.state, content = excluded.content`,
        )
        .run(id, organisationId, stored.state, stored.receivedAt, JSON.stringify(stored));
    },

    tell(change: RegistryChange): void {
      database.prepare('insert into change (content) values (?)').run(JSON.stringify(change));
    },
    /** The number of each is the cursor after it. */
    changesAfter(number: number, limit: number): { number: number; change: RegistryChange }[] {
      const rows = database
        .prepare('select number, content from change where number > ? order by number limit ?')
        .all(number, limit) as { number: number; content: string }[];
      return rows.map((row) => ({ number: row.number, change: JSON.parse(row.content) as RegistryChange }));
    },

    /** As the register tells of a member. */
    memberOf({ organisationId, consents: _, ...member }: Card): RegistryMember {
      const organisation = store.organisation(organisationId);
      if (!organisation) throw new Error(`no organisation ${organisationId}`);
      return { ...member, organisation };
    },
    close: () => database.close(),
  };
  return store;
}

/** As the register tells of an organisation. */
export function told({ workplace: _, ...organisation }: KnownOrganisation): RegistryOrganisation {
  return organisation;
}
