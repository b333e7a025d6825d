/** What PROFCARDS keeps of a card's holder: the name, and what she has let it know. Never the whole number. */
import { z } from 'zod';
import type { Session } from '../relying-party/sessions.ts';

export type Holder = {
  readonly name?: string | undefined;
  /** «•••• 0011»; absent without her consent to the programme's operator. */
  readonly ticket?: string | undefined;
  readonly email?: string | undefined;
};

const words = z.string().trim().min(1).max(300);

/** A claim that is missing or odd is left out. */
const userinfo = z.object({
  name: words.optional().catch(undefined),
  ticket_number: z
    .string()
    .regex(/^\d{16}$/)
    .optional()
    .catch(undefined),
  email: words.optional().catch(undefined),
});

export function holderProfile(claims: Readonly<Record<string, unknown>>): Holder {
  const { name, ticket_number: number, email } = userinfo.parse(claims);
  return {
    ...(name !== undefined && { name }),
    ...(number !== undefined && { ticket: `•••• ${number.slice(-4)}` }),
    ...(email !== undefined && { email }),
  };
}

export function holderOf({ profile }: Session): Holder {
  return profile as Holder;
}
