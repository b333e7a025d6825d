/** What the forms of consents post: an answer for each member and each consent that was asked for, and no other field. */
import { z } from 'zod';
import { CONSENT_TYPES, type ConsentType } from '../../adapters/document-store/document-store.ts';
import type { GatewayContext } from '../http/context.ts';
import type { Answer } from './set-ticks.ts';

const ID = /^[\x21-\x7e]{1,200}$/;
const LONGEST_DAY = 40;
/** The empty choice leaves a consent as it is. */
const answer = z
  .enum(['', 'yes', 'no'])
  .optional()
  .transform((given) => (given === '' ? undefined : given));

export const LIST_FIELDS = {
  dated: z.string().max(200),
  /** «Сохранить и показать следующих»: the member behind whom they begin. */
  next: z.string().regex(ID).optional(),
};

export const CARD_FIELDS = {
  dated: z.string().max(200),
  union_pd: answer,
  finfort_pd: answer,
  union_messages: answer,
};

/** Fields «union_pd:<member>»: which of them there are, the page of the list has decided. */
export function answersIn({ request }: GatewayContext): Record<string, typeof answer> {
  const posted = Object.keys((request as { body?: object }).body ?? {});
  return Object.fromEntries(posted.filter((name) => splitName(name)).map((name) => [name, answer]));
}

export function ticksByMember(
  answers: Readonly<Record<string, Answer | undefined>>,
): Record<string, Partial<Record<ConsentType, Answer | undefined>>> {
  const byMember: Record<string, Partial<Record<ConsentType, Answer | undefined>>> = Object.create(null);
  for (const [name, given] of Object.entries(answers)) {
    const field = splitName(name);
    if (field) byMember[field.memberId] = { ...byMember[field.memberId], [field.type]: given };
  }
  return byMember;
}

export const areGiven = (answers: Readonly<Record<string, Answer | undefined>>): boolean =>
  Object.values(answers).some((given) => given !== undefined);

/** The day typed on the page before this one: that of the whole meeting. */
export function datedIn({ query: { dated } }: GatewayContext): string | undefined {
  return typeof dated === 'string' && dated.length <= LONGEST_DAY ? dated : undefined;
}

/** Which members a list shows. */
export function lackingIn({ query: { lacking } }: GatewayContext): ConsentType | 'any' | undefined {
  return ([...CONSENT_TYPES, 'any'] as const).find((known) => known === lacking);
}

export function idIn({ query }: GatewayContext, name: string): string | undefined {
  const value = query[name];
  return typeof value === 'string' && ID.test(value) ? value : undefined;
}

function splitName(name: string): { readonly type: ConsentType; readonly memberId: string } | undefined {
  const at = name.indexOf(':');
  const type = CONSENT_TYPES.find((known) => known === name.slice(0, at));
  const memberId = name.slice(at + 1);
  return type && ID.test(memberId) ? { type, memberId } : undefined;
}
