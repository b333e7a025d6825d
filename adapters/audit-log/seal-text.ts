/**
 * What is hashed, byte by byte: a row as one line of JSON, a seal as a text of hashes. Both can be checked with
 * `sha256sum` alone, and a seal can be shown without the rows of other people.
 */
import { createHash } from 'node:crypto';
import type { AuditRow, Seal } from './audit-log.ts';

/** Before the first seal. */
export const NO_DIGEST = '0'.repeat(64);

function rowText(row: AuditRow): string {
  return `${JSON.stringify(row)}\n`;
}

export function sealText(seal: Omit<Seal, 'digest' | 'sealedAt'>, rows: readonly AuditRow[]): string {
  const { number, previous, firstId, lastId } = seal;
  return [
    `union-id audit seal ${number}`,
    `previous ${previous}`,
    `rows ${firstId}-${lastId} ${rows.length}`,
    ...rows.map((row) => sha256(rowText(row))),
    '',
  ].join('\n');
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
