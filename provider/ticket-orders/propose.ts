/**
 * Who is to be in an order: whoever is on record, has a number and has consented to the Union's processing of her data.
 * Nobody's data go to the maker of the tickets without that consent. Whoever has no ticket and is left out is named with
 * what she lacks, and so with both when she lacks both.
 */
import type { MemberConsents } from '../../adapters/member-consents/member-consents.ts';
import type {
  Numberless,
  OrderBook,
  OrderLine,
  Unordered,
} from '../../adapters/ticket-orders/ticket-orders.ts';

const NEEDED_CONSENT = 'union_pd';

type Consents = Pick<MemberConsents, 'standing'>;

export type Proposal = {
  readonly ready: readonly Unordered[];
  readonly withoutConsent: readonly Numberless[];
  readonly withoutNumber: readonly Numberless[];
};

type ProposalNeeds = {
  readonly orderBook: Pick<OrderBook, 'unordered' | 'numberless'>;
  readonly memberConsents: Consents;
};

export async function proposalFor(
  { orderBook, memberConsents }: ProposalNeeds,
  organisationId: string,
): Promise<Proposal> {
  const unordered = await orderBook.unordered(organisationId);
  const withoutNumber = await orderBook.numberless(organisationId);
  const everybody = [...unordered, ...withoutNumber];
  const without = new Set(await lackingOf(memberConsents, everybody));
  return {
    ready: unordered.filter(({ memberId }) => !without.has(memberId)),
    withoutConsent: everybody.filter(({ memberId }) => without.has(memberId)),
    withoutNumber,
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
