/** The register's words as JSON: what an external register answers, checked before anybody believes it. */
import { z } from 'zod';
import type { RegistryChange, RegistryMember, RegistryOrganisation } from './registry.ts';

/** No control characters: a database takes none of them, and a letter should not. */
const text = z.string().regex(/^\P{Cc}*$/u);
const id = text.min(1).max(200);
const line = text.min(1).max(1_000);
const namePart = text.max(200);
const reason = z
  .string()
  .regex(/^(?:\P{Cc}|\n)*$/u)
  .max(4_000);

/** Unknown members of an answer are dropped: a register may learn to say more than we ask. */
const organisation = z.object({
  id,
  name: line,
  shortName: line,
  town: line.exactOptional(),
  region: line,
  inn: z
    .string()
    .regex(/^[0-9]{10}$/)
    .exactOptional(),
  email: line.exactOptional(),
  phone: line.exactOptional(),
  admits: z.boolean(),
  units: z.array(line).max(1_000),
}) satisfies z.ZodType<RegistryOrganisation>;

const member = z.object({
  id,
  family: namePart,
  given: namePart,
  middle: namePart.exactOptional(),
  birthdate: z.iso.date(),
  membership: z.enum(['applicant', 'under_review', 'member', 'suspended', 'ended']),
  organisation,
  tickets: z
    .array(
      z.object({
        number: z.string().regex(/^[0-9]{16}$/),
        state: z.enum([
          'number_assigned',
          'ordered',
          'in_production',
          'shipped',
          'at_committee',
          'issued',
          'blocked',
          'replaced',
        ]),
      }),
    )
    .max(1_000),
}) satisfies z.ZodType<RegistryMember>;

const paperConsent = z.object({
  type: z.enum(['union_pd', 'finfort_pd', 'union_messages']),
  given: z.boolean(),
  at: z.iso.datetime({ offset: true }),
  by: line,
  dated: z.iso.date().exactOptional(),
});

const change = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('application'),
    id,
    state: z.enum(['received', 'accepted', 'returned', 'rejected']),
    reason: reason.exactOptional(),
    member: member.exactOptional(),
  }),
  z.object({
    kind: z.literal('member'),
    member,
    consents: z.array(paperConsent).max(100).exactOptional(),
  }),
]) satisfies z.ZodType<RegistryChange>;

export const organisationAnswer = organisation;
export const organisationsAnswer = z.object({ organisations: z.array(organisation).max(1_000) });
export const memberAnswer = z.object({ member: member.nullable() });
export const changesAnswer = z.object({
  changes: z.array(change).max(1_000),
  /** Null: nothing has ever happened. */
  cursor: z.string().max(1_000).nullable(),
});
/** With 422. */
export const refusal = z.object({ reason });
