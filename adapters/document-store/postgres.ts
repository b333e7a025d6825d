/** Documents and acts of signing in PostgreSQL. Triggers guard what is signed; here one lock per account keeps order. */
import { createHash, randomUUID } from 'node:crypto';
import type { Database, Queryable } from '../database/database.ts';
import type { Sweeper } from '../storage/storage.ts';
import {
  AlreadySigned,
  type ConsentType,
  type DocumentStore,
  DocumentsUnopened,
  type NewDocument,
  type PaperProtocol,
  type Signing,
} from './document-store.ts';
import {
  type DocumentRow,
  GIVEN,
  OUTLIVED,
  SELECT_DOCUMENT,
  SELECT_SIGNING,
  type SigningRow,
  toDocument,
  toSigning,
} from './postgres-rows.ts';

/** Prepared and never signed: personal data that nobody needs any more. */
const UNSIGNED_KEPT = '90 days';
const SWEPT_AT_ONCE = 1_000;
const PAPER_VERSION = 'paper';
/** Of the account, or of another one of the same person that was merged into it. */
const HERS = `d.account_id = any (array(
  select $1::text union all select closed_id from account_merge where survivor_id = $1 and undone_at is null))`;

export function postgresDocuments(database: Database): DocumentStore & Sweeper {
  const lock = (tx: Queryable, accountId: string): Promise<unknown> =>
    tx.query('select pg_advisory_xact_lock(hashtextextended($1, 8))', [accountId]);

  const read = async (queryable: Queryable, select: string, values: readonly string[]) =>
    (await queryable.query<DocumentRow>(select, values)).map(toDocument);

  const signingOf = async (tx: Queryable, accountId: string, id: string): Promise<Signing | undefined> => {
    const [row] = await tx.query<SigningRow>(`${SELECT_SIGNING} where id = $1 and account_id = $2`, [
      id,
      accountId,
    ]);
    return (
      row &&
      toSigning(row, await read(tx, `${SELECT_DOCUMENT} where d.signing_id = $1 order by d.place`, [id]))
    );
  };

  return {
    async prepare(accountId, purpose, documents, within) {
      const work = async (tx: Queryable): Promise<Signing> => {
        const [first] = documents;
        if (!first || documents.some(({ signer }) => signer !== first.signer)) {
          throw new RangeError('a signing has documents of one signer');
        }
        await lock(tx, accountId);
        const [standing] = await tx.query<{ id: string }>(
          'select id from signing where account_id = $1 and purpose = $2 and signed_at is null',
          [accountId, purpose],
        );
        const before = standing && (await signingOf(tx, accountId, standing.id));
        if (before && isSame(before.documents, documents)) return before;
        if (before) await tx.query('delete from signing where id = $1', [before.id]);
        const id = randomUUID();
        await tx.query(
          'insert into signing (id, account_id, purpose, signer, digest) values ($1, $2, $3, $4, $5)',
          [id, accountId, purpose, first.signer, digestOf(documents)],
        );
        for (const [place, document] of documents.entries()) {
          const openedAt = before?.documents.find((other) => isEqual(other, document))?.openedAt;
          await insert(tx, accountId, { signingId: id, place, openedAt }, document);
        }
        const made = await signingOf(tx, accountId, id);
        if (!made) throw new Error('a signing vanished while it was being prepared');
        return made;
      };
      return within ? work(within) : database.transaction(work);
    },

    signing: (accountId, id) => signingOf(database, accountId, id),

    async claim(accountId, id, within) {
      await lock(within, accountId);
      return signingOf(within, accountId, id);
    },

    async markOpened(accountId, documentId) {
      const [opened] = await database.query(
        `update document d set opened_at = now()
           from signing s
          where d.id = $1 and d.account_id = $2 and d.opened_at is null
            and s.id = d.signing_id and s.signed_at is null
         returning d.id`,
        [documentId, accountId],
      );
      return opened && (await read(database, `${SELECT_DOCUMENT} where d.id = $1`, [documentId]))[0];
    },

    async sign(protocol, within) {
      const { id, accountId } = protocol;
      await lock(within, accountId);
      const signing = await signingOf(within, accountId, id);
      if (!signing || signing.signedAt) throw new AlreadySigned();
      if (signing.documents.some(({ openedAt }) => openedAt === undefined)) throw new DocumentsUnopened();
      const digest = digestOf(signing.documents);
      if (protocol.signer !== signing.signer || protocol.digest !== digest || signing.digest !== digest) {
        throw new Error('the protocol is not of these documents');
      }
      await within.query(
        `update signing set signed_at = $2, address = $3, terms_version = $4, network = $5, device = $6
          where id = $1`,
        [id, protocol.signedAt, protocol.address, protocol.termsVersion, protocol.network, protocol.device],
      );
      const signed = await signingOf(within, accountId, id);
      if (!signed) throw new Error('a signing vanished while it was being signed');
      return signed;
    },

    documentsOf: (accountId) =>
      read(
        database,
        `${SELECT_DOCUMENT} where ${HERS} and ${GIVEN} order by coalesce(s.signed_at, d.paper_at) desc, d.place`,
        [accountId],
      ),

    async document(accountId, id) {
      return (await read(database, `${SELECT_DOCUMENT} where ${HERS} and d.id = $2`, [accountId, id]))[0];
    },

    async consent(accountId, type, within = database) {
      const found = await read(
        within,
        `${SELECT_DOCUMENT} where ${HERS} and d.type = $2 and d.withdrawn_at is null and ${GIVEN}
            and not ${OUTLIVED}
          order by coalesce(s.signed_at, d.paper_at) desc limit 1`,
        [accountId, type],
      );
      return found[0];
    },

    async withdraw(accountId, documentId, within) {
      await lock(within, accountId);
      const [target] = await within.query<{ type: ConsentType }>(
        `select d.type from document d left join signing s on s.id = d.signing_id
          where d.id = $2 and ${HERS} and d.type not in ('application', 'undertaking') and d.withdrawn_at is null and ${GIVEN}`,
        [accountId, documentId],
      );
      if (!target) return undefined;
      await within.query(
        `update document d set withdrawn_at = now()
          where ${HERS} and d.type = $2 and d.withdrawn_at is null
            and (d.paper_at is not null
                 or exists (select from signing s where s.id = d.signing_id and s.signed_at is not null))`,
        [accountId, target.type],
      );
      return target.type;
    },

    async recordPaper(accountId, type, given, paper, within) {
      await lock(within, accountId);
      if (!given) {
        await within.query(
          `update document d set withdrawn_at = $3
            where ${HERS} and d.type = $2 and d.paper_at < $3 and d.withdrawn_at is null`,
          [accountId, type, paper.at],
        );
        return;
      }
      const [known] = await within.query(
        `select from document where account_id = $1 and type = $2 and paper_at >= $3`,
        [accountId, type, paper.at],
      );
      if (known) return;
      const sha256 = createHash('sha256').update('').digest('hex');
      const document = { type, version: PAPER_VERSION, title: type, body: '', sha256 };
      await insert(within, accountId, { place: 0, paper }, document);
    },

    async acceptedTerms(accountId) {
      const [row] = await database.query<{ version: string }>(
        'select version from terms_acceptance where account_id = $1 order by id desc limit 1',
        [accountId],
      );
      return row?.version;
    },

    async acceptTerms(accountId, version, network, within = database) {
      await within.query('insert into terms_acceptance (account_id, version, network) values ($1, $2, $3)', [
        accountId,
        version,
        network,
      ]);
    },

    async sweep() {
      const swept = await database.query(
        `delete from signing where id in
           (select id from signing where signed_at is null and created_at < now() - interval '${UNSIGNED_KEPT}'
             limit ${SWEPT_AT_ONCE})
         returning id`,
      );
      return swept.length;
    },
  };
}

type Placed = {
  readonly signingId?: string;
  readonly place: number;
  readonly openedAt?: Date | undefined;
  readonly paper?: PaperProtocol;
};

async function insert(
  tx: Queryable,
  accountId: string,
  { signingId, place, openedAt, paper }: Placed,
  document: Omit<NewDocument, 'signer'>,
): Promise<void> {
  await tx.query(
    `insert into document (id, account_id, signing_id, place, type, version, title, body, sha256, channels, senders,
                           opened_at, paper_at, paper_by, paper_dated)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      randomUUID(),
      accountId,
      signingId ?? null,
      place,
      document.type,
      document.version,
      document.title,
      document.body,
      document.sha256,
      document.channels ?? null,
      document.senders ?? null,
      openedAt ?? null,
      paper?.at ?? null,
      paper?.by ?? null,
      paper?.dated ?? null,
    ],
  );
}

/** `sha256sum` of a file with one hash a line gives the same. */
function digestOf(documents: readonly { readonly sha256: string }[]): string {
  return createHash('sha256')
    .update(documents.map(({ sha256 }) => `${sha256}\n`).join(''))
    .digest('hex');
}

type Hashed = Pick<NewDocument, 'type' | 'version' | 'sha256'>;

function isEqual(one: Hashed, other: Hashed): boolean {
  return one.type === other.type && one.version === other.version && one.sha256 === other.sha256;
}

function isSame(some: readonly Hashed[], others: readonly Hashed[]): boolean {
  return (
    some.length === others.length &&
    some.every((one, at) => {
      const other = others[at];
      return other !== undefined && isEqual(one, other);
    })
  );
}
