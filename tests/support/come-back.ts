/** A letter that was taken over, and did not arrive after all. */
import { expect, vi } from 'vitest';
import type { Database } from '../../adapters/database/database.ts';
import type { CaughtLetter } from '../../sandbox/mail-catcher/letter-box.ts';

export async function comeBack(database: Database, { headers }: CaughtLetter): Promise<void> {
  const letterId = /[\da-f-]{36}/.exec(headers['message-id'] ?? '')?.[0] ?? '';
  await vi.waitFor(
    async () => {
      const marked = await database.query(
        `insert into address_trouble (address_key, kind)
         select address_key, 'bounced' from settled_letter where letter_id = $1 returning 1`,
        [letterId],
      );
      expect(marked).toHaveLength(1);
    },
    { timeout: 10_000, interval: 50 },
  );
}
