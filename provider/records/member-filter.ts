/** Which part of an organisation's list is asked for: known words only, so that nothing typed reaches a statement. */
import { z } from 'zod';
import type { MemberQuery } from '../../adapters/member-book/member-book.ts';

export const MEMBERSHIPS = ['member', 'suspended', 'ended', 'applicant', 'under_review'] as const;

/** As they stand in an address: ids and words of ours. */
const ID = /^[\x21-\x7e]{1,64}$/;
const filterSchema = z.object({
  membership: z.enum(MEMBERSHIPS).optional().catch(undefined),
  unit: z.string().regex(ID).optional().catch(undefined),
  only: z.literal('without_ticket').optional().catch(undefined),
  /** Under this id the typed beginning of a name is kept. */
  words: z.string().regex(ID).optional().catch(undefined),
  /** The last card of the page before. */
  after: z.string().regex(ID).optional().catch(undefined),
});

export type ListFilter = z.output<typeof filterSchema>;

/** What is not understood is not asked for. */
export function readFilter(query: unknown): ListFilter {
  return filterSchema.parse(query);
}

export const searchFields = {
  name: z.string().max(1_000),
  membership: z.string().max(20),
  unit: z.string().max(64),
  only: z.string().max(20).optional(),
};

/** The same, as the book is asked. */
export function queryOf({ membership, unit, only, after }: ListFilter): Omit<MemberQuery, 'limit' | 'name'> {
  return { membership, unitId: unit, after, withoutTicket: only === 'without_ticket' };
}
