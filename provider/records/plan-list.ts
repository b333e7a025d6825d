/**
 * What would become of each row of an uploaded list: put on record, a card changed, nothing new, or why not. Asked once
 * for the dry run, and again for the rows that are put in.
 */
import type { Queryable } from '../../adapters/database/database.ts';
import type {
  MemberBook,
  MemberCard,
  MemberData,
  Namesake,
  SealedSnils,
} from '../../adapters/member-book/member-book.ts';
import type { ProblemCode } from '../http/texts.ts';
import type { ReadRow, RowFault } from './read-list.ts';
import { changedFields, type MemberField, type ReadMember } from './read-member.ts';

export type PlanNeeds = {
  readonly book: MemberBook;
  readonly sealSnils: (snils: string, memberId: string) => SealedSnils;
};

export type Plan =
  | { readonly kind: 'add'; readonly elsewhere: boolean }
  | {
      readonly kind: 'change';
      readonly memberId: string;
      readonly version: number;
      readonly fields: readonly MemberField[];
      /** The whole card, as it will be. */
      readonly data: MemberData;
    }
  | { readonly kind: 'same' }
  | { readonly kind: 'fault'; readonly fault: RowFault };

/** In the order of the rows. */
export async function planRows(
  { book, sealSnils }: PlanNeeds,
  organisationId: string,
  rows: readonly Pick<ReadRow, 'member'>[],
  within?: Queryable,
): Promise<readonly Plan[]> {
  const members = rows.map(({ member }) => member);
  const namesakes = await book.namesakes(
    members.map(({ data }) => data),
    within,
  );
  const digests = members.map(({ snils }) => (snils === undefined ? undefined : sealSnils(snils, '').digest));
  const held = await book.holders(
    {
      tickets: members.flatMap(({ ticket }) => ticket ?? []),
      snils: digests.flatMap((digest) => digest ?? []),
    },
    within,
  );

  const here = namesakes.map((found) => found.filter((one) => one.organisationId === organisationId));
  const cards = await book.several(
    organisationId,
    here.flatMap((found) => found.map(({ id }) => id)),
    within,
  );

  return members.map((member, at): Plan => {
    const [only, second] = here[at] ?? [];
    const digest = digests[at];
    const holders = {
      snils: digest && held.snils.get(digest.toString('hex'))?.memberId,
      ticket: member.ticket === undefined ? undefined : held.tickets.get(member.ticket)?.memberId,
    };
    const taken = (['snils', 'ticket'] as const).find(
      (field) => holders[field] !== undefined && holders[field] !== only?.id,
    );
    if (second) return refused('row_ambiguous');
    if (only?.membership === 'ended') return refused('row_ended');
    if (taken) return { kind: 'fault', fault: { field: taken, code: `${taken}_taken` } };
    if (!only) return { kind: 'add', elsewhere: isElsewhere(namesakes[at] ?? [], organisationId) };
    const card = cards.get(only.id);
    if (!card) return refused('card_changed');
    if (member.ticket !== undefined && holders.ticket === undefined && card.tickets.some(isGood)) {
      return { kind: 'fault', fault: { field: 'ticket', code: 'ticket_second' } };
    }
    return changeOf(card, member, holders);
  });
}

/** Nobody has two: a lost one is blocked first, where its order is settled and she is told. */
const isGood = ({ state }: MemberCard['tickets'][number]): boolean =>
  state !== 'blocked' && state !== 'replaced';

const isElsewhere = (namesakes: readonly Namesake[], organisationId: string): boolean =>
  namesakes.some((one) => one.organisationId !== organisationId && one.membership !== 'ended');

/** What is left empty in the row stays as it is. */
function changeOf(
  card: MemberCard,
  { data, snils, ticket }: ReadMember,
  holders: { readonly snils: string | undefined; readonly ticket: string | undefined },
): Plan {
  const { id, version, membership: _, reason: _reason, since: _since, ...known } = card;
  const given = Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
  const next: MemberData = { ...dataOf(known), ...(given as Partial<MemberData>) };
  // The same name in other letters is no correction: the card was written with the document on the table.
  const kept = { ...next, family: card.family, given: card.given, middle: card.middle };
  const fields: readonly MemberField[] = [
    ...changedFields(card, kept),
    ...(snils !== undefined && holders.snils === undefined ? (['snils'] as const) : []),
    ...(ticket !== undefined && holders.ticket === undefined ? (['ticket'] as const) : []),
  ];
  return fields.length === 0
    ? { kind: 'same' }
    : { kind: 'change', memberId: id, version, fields, data: kept };
}

function dataOf(card: Omit<MemberCard, 'id' | 'version' | 'membership' | 'reason' | 'since'>): MemberData {
  const { organisationId: _o, unit: _u, tickets: _t, hasSnils: _s, ...data } = card;
  return data;
}

const refused = (code: ProblemCode): Plan => ({ kind: 'fault', fault: { code } });
