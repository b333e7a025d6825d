/** What the rows of all authenticators have in common. */
import type { Queryable, Value } from '../database/database.ts';

export type NamedRow = {
  readonly id: string;
  readonly name: string;
  readonly added_at: Date;
  readonly used_at: Date | null;
};

export function toNamed({ id, name, added_at: addedAt, used_at: usedAt }: NamedRow) {
  return { id, name, addedAt, ...(usedAt !== null && { usedAt }) };
}

/** Whether the statement, which returns what it changed, has changed a row. */
export async function isChanged(within: Queryable, text: string, values: readonly Value[]): Promise<boolean> {
  return (await within.query(text, values)).length > 0;
}
