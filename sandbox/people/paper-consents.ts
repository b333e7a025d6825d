/** Consents the chair has ticked in members' cards (E-13): what some people of the sandbox have agreed to already. */
import type { Database } from '../../adapters/database/database.ts';
import {
  CONSENT_TYPES,
  type ConsentType,
  type DocumentStore,
} from '../../adapters/document-store/document-store.ts';

const CHAIR = 'Васильева Н. Р., председатель ППО МБОУ СОШ № 15';

type Tick = {
  readonly member: string;
  readonly type: ConsentType;
  readonly given: boolean;
  readonly at: string;
};

const ticks: readonly Tick[] = [
  ...CONSENT_TYPES.map((type) => ({ member: 'M-01', type, given: true, at: '2026-03-02T09:00:00Z' })),
  { member: 'M-20', type: 'union_messages', given: true, at: '2026-03-02T09:05:00Z' },
  { member: 'M-20', type: 'union_messages', given: false, at: '2026-05-12T07:30:00Z' },
];

/** May be repeated. */
export async function tickPaperConsents(
  database: Database,
  documents: Pick<DocumentStore, 'recordPaper'>,
): Promise<void> {
  for (const { member, type, given, at } of ticks) {
    await database.transaction(async (tx) => {
      const [account] = await tx.query<{ id: string }>('select id from account where member_id = $1', [
        member,
      ]);
      if (!account) return;
      await documents.recordPaper(account.id, type, given, { at: new Date(at), by: CHAIR }, tx);
    });
  }
}
