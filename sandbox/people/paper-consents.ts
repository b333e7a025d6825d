/** Consents the chair has ticked in members' cards (E-13): what some people of the sandbox have agreed to already. */
import type { Database } from '../../adapters/database/database.ts';
import type { ConsentType, DocumentStore } from '../../adapters/document-store/document-store.ts';

import type { PaperConsent } from '../../adapters/registry/registry.ts';
import { organisations, persons } from './register.ts';

type Tick = {
  readonly member: string;
  readonly type: ConsentType;
  readonly given: boolean;
  readonly at: string;
};

/** Whoever is on record has signed for the Union, but for one, whom the order of tickets will leave out (ORD-2). */
const WITHOUT_CONSENT = 'M-07b';

const ticks: readonly Tick[] = [
  ...persons
    .filter(({ id, membership }) => membership === 'member' && id !== WITHOUT_CONSENT)
    .map(({ id: member }) => ({
      member,
      type: 'union_pd' as const,
      given: true,
      at: '2026-03-02T09:00:00Z',
    })),
  ...(['finfort_pd', 'union_messages'] as const).map((type) => ({
    member: 'M-01',
    type,
    given: true,
    at: '2026-03-02T09:02:00Z',
  })),
  { member: 'M-20', type: 'union_messages', given: true, at: '2026-03-02T09:05:00Z' },
  { member: 'M-20', type: 'union_messages', given: false, at: '2026-05-12T07:30:00Z' },
];

/** The office of whoever sets the tick in this member's card. */
function chairOf(member: string): string {
  const person = persons.find(({ id }) => id === member);
  const organisation = organisations.find(({ id }) => id === person?.organisation);
  return `Председатель ППО ${organisation?.shortName ?? ''}`.trim();
}

/** As they stand now in the member's card. */
export function paperConsentsOf(member: string): readonly PaperConsent[] {
  const latest = new Map(ticks.filter((tick) => tick.member === member).map((tick) => [tick.type, tick]));
  return [...latest.values()].map(({ type, given, at }) => ({ type, given, at, by: chairOf(member) }));
}

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
      await documents.recordPaper(account.id, type, given, { at: new Date(at), by: chairOf(member) }, tx);
    });
  }
}
