/**
 * Who of the staff looked at whose personal data, which kinds of it, and why (security.md #136). The person herself may
 * read these rows of hers; so they tell kinds of fields, never what stood in them.
 */
import type { Queryable } from '../../adapters/database/database.ts';
import { MEMBERS_SEEN, PERSON_SEEN } from './names.ts';
import type { Recorder, Where } from './recorder.ts';

type AtWork = {
  /** The account of whoever looked. */
  readonly staff: string;
  /** For which organisation; absent: for the Union as a whole. */
  readonly organisationId?: string;
};

/** One person: her account, her place in the register, or both. */
export type PersonLookedAt = AtWork &
  ({ readonly accountId: string; readonly memberId?: string } | { readonly memberId: string }) & {
    /** Kinds of data that were shown, such as «birthdate», «phone». */
    readonly fields: readonly string[];
    /** A code, never words that somebody typed: those are kept sealed, with the visit. */
    readonly reason: string;
    /** Id of the visit that a reason was given for. */
    readonly visit?: string;
  };

/** A list, or a file made of one. */
export type MembersLookedAt = AtWork & {
  readonly count: number;
  /** Which list, such as «members» or «applications». */
  readonly what: string;
  readonly reason?: string;
};

export function staffEvents({ record }: Recorder) {
  return {
    /** Told before the answer leaves, and within the transaction where something is done to her as well. */
    async personSeen(where: Where, seen: PersonLookedAt, within?: Queryable) {
      const { staff, organisationId, fields, reason, visit } = seen;
      const accountId = 'accountId' in seen ? seen.accountId : undefined;
      const { memberId } = seen;
      await record(
        {
          ...{ event: PERSON_SEEN, outcome: 'success', actor: staff, reason },
          ...(accountId !== undefined && { accountId }),
          detail: {
            fields: fields.join(' '),
            ...(memberId !== undefined && { member: memberId }),
            ...(organisationId !== undefined && { organisation: organisationId }),
            ...(visit !== undefined && { visit }),
          },
          ...where,
        },
        within,
      );
    },
    async membersSeen(where: Where, seen: MembersLookedAt, within?: Queryable) {
      const { staff, organisationId, count, what, reason } = seen;
      await record(
        {
          ...{ event: MEMBERS_SEEN, outcome: 'success', actor: staff },
          ...(reason !== undefined && { reason }),
          detail: { what, count, ...(organisationId !== undefined && { organisation: organisationId }) },
          ...where,
        },
        within,
      );
    },
  };
}
