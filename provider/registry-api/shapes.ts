/** What a machine may ask our register, as docs/operators/registry.yaml has it: known fields alone. */
import { z } from 'zod';
import type { OrganisationQuery, RegistryApplication } from '../../adapters/registry/registry.ts';

/** No control characters: a database takes none of them. */
const text = z.string().regex(/^\P{Cc}*$/u);
const line = text.min(1).max(1_000);
const LARGEST_DOCUMENT = 200_000;

export const memberSearch = z.strictObject({ ticket: z.string().regex(/^[0-9]{16}$/) });

export const organisationSearch = z.strictObject({
  words: z.array(z.strictObject({ text: line, whole: z.boolean() })).max(50),
  inn: z
    .string()
    .regex(/^[0-9]{10}$/)
    .exactOptional(),
  limit: z.int().min(1).max(100),
}) satisfies z.ZodType<OrganisationQuery>;

export const applicationShape = z.strictObject({
  id: line.max(200),
  purpose: z.enum(['joining', 'enrolment']),
  organisationId: line.max(200),
  unit: line.exactOptional(),
  family: line.max(200),
  given: line.max(200),
  middle: line.max(200).exactOptional(),
  sex: z.enum(['male', 'female']),
  birthdate: z.iso.date(),
  phone: line.max(20),
  email: line.max(254),
  employment: line,
  signedAt: z.iso.datetime({ offset: true }),
  documents: z
    .array(
      z.strictObject({
        type: line,
        version: line,
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
        body: z.string().min(1).max(LARGEST_DOCUMENT),
      }),
    )
    .min(1)
    .max(20),
}) satisfies z.ZodType<RegistryApplication>;

export const changesQuery = z.strictObject({
  after: z
    .string()
    .regex(/^[0-9]{1,18}$/)
    .optional(),
});
