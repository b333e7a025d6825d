/** The signed acts of everybody, read from PostgreSQL for whoever examines the evidence. */
import type { Queryable } from '../database/database.ts';
import type { DocumentArchive, Signing } from './document-store.ts';
import {
  type DocumentRow,
  SELECT_DOCUMENT,
  SELECT_SIGNING,
  type SigningRow,
  toDocument,
  toSigning,
} from './postgres-rows.ts';

export function postgresArchive(database: Queryable): DocumentArchive {
  const withDocuments = async (rows: readonly SigningRow[]): Promise<Signing[]> => {
    const documents = await database.query<DocumentRow>(
      `${SELECT_DOCUMENT} where d.signing_id = any ($1) order by d.signing_id, d.place`,
      [rows.map(({ id }) => id)],
    );
    const bySigning = Map.groupBy(documents, (row) => row.signing_id);
    return rows.map((row) => toSigning(row, (bySigning.get(row.id) ?? []).map(toDocument)));
  };

  return {
    async signedAfter(id, limit) {
      const rows = await database.query<SigningRow>(
        `${SELECT_SIGNING} where signed_at is not null and id > $1 order by id limit $2`,
        [id, limit],
      );
      return withDocuments(rows);
    },
    async signedAmong(ids) {
      const rows = await database.query<{ id: string }>(
        'select id from signing where signed_at is not null and id = any ($1)',
        [ids],
      );
      return rows.map(({ id }) => id);
    },
    async signedCount() {
      const [row] = await database.query<{ found: number }>(
        'select count(*)::integer as found from signing where signed_at is not null',
      );
      return row?.found ?? 0;
    },
    async signedDocument(id) {
      const rows = await database.query<SigningRow>(
        `${SELECT_SIGNING} where signed_at is not null and id = (select signing_id from document where id = $1)`,
        [id],
      );
      const [signing] = await withDocuments(rows);
      const document = signing?.documents.find((each) => each.id === id);
      return signing && document && { signing, document };
    },
  };
}
