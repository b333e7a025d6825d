/**
 * Who is to be in an order: whoever is on record, has a number and has consented to the Union's processing of her data.
 * Nobody's data go to the maker of the tickets without that consent; whoever lacks it is named and left out.
 */
import type { MemberConsents } from '../../adapters/member-consents/member-consents.ts';
import type { OrderBook, OrderLine, Unordered } from '../../adapters/ticket-orders/ticket-orders.ts';

const NEEDED_CONSENT = 'union_pd';

type Consents = Pick<MemberConsents, 'standing'>;

export type Proposal = {
  readonly ready: readonly Unordered[];
  readonly withoutConsent: readonly Unordered[];
};

export async function proposalFor(
  {
    orderBook,
    memberConsents,
  }: { readonly orderBook: Pick<OrderBook, 'unordered'>; readonly memberConsents: Consents },
  organisationId: string,
): Promise<Proposal> {
  const unordered = await orderBook.unordered(organisationId);
  const without = new Set(await lackingOf(memberConsents, unordered));
  return {
    ready: unordered.filter(({ memberId }) => !without.has(memberId)),
    withoutConsent: unordered.filter(({ memberId }) => without.has(memberId)),
  };
}

export type Obstacle = 'consent' | 'membership';

/** What keeps the lines of a draft from being ordered: much may have changed since it was made. */
export async function obstaclesOf(
  consents: Consents,
  lines: readonly OrderLine[],
): Promise<ReadonlyMap<string, Obstacle>> {
  const lacking = await lackingOf(consents, lines);
  return new Map([
    ...lacking.map((memberId) => [memberId, 'consent'] as const),
    ...lines.filter(({ onRecord }) => !onRecord).map(({ memberId }) => [memberId, 'membership'] as const),
  ]);
}

async function lackingOf(
  consents: Consents,
  people: readonly { readonly memberId: string }[],
): Promise<string[]> {
  if (people.length === 0) return [];
  const ids = people.map(({ memberId }) => memberId);
  const standing = await consents.standing(ids);
  return ids.filter((id) => !standing.get(id)?.has(NEEDED_CONSENT));
}
