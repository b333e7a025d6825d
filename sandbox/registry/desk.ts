/** What chairs do in the АИС: decide on applications, keep members' cards. Every act goes into the feed of changes. */
import { randomUUID } from 'node:crypto';
import type { PaperConsent, RegistryMember, TicketState } from '../../adapters/registry/registry.ts';
import { comparePersonNames } from '../../provider/data-rules/person-name.ts';
import type { Card, RegistryStore, StoredApplication } from './store.ts';

const NEVER_SIGNS_IN = new Set<TicketState>(['blocked', 'replaced']);

export type Desk = ReturnType<typeof openDesk>;

/** Every act answers false when there is nothing (any more) to act on. */
export function openDesk(store: RegistryStore) {
  const change = (id: string, alter: (card: Card) => Card): boolean =>
    store.atOnce(() => {
      const card = store.card(id);
      if (!card) return false;
      const altered = alter(card);
      store.saveCard(altered);
      store.tell({ kind: 'member', member: store.memberOf(altered) });
      return true;
    });

  const decide = (id: string, decision: (stored: StoredApplication) => StoredApplication): boolean =>
    store.atOnce(() => {
      const stored = store.application(id);
      if (stored?.state !== 'received') return false;
      const decided = { ...decision(stored), decidedAt: new Date().toISOString() };
      store.saveApplication(decided);
      const card = decided.memberId === undefined ? undefined : store.card(decided.memberId);
      store.tell({
        kind: 'application',
        id,
        state: decided.state,
        ...(decided.reason !== undefined && { reason: decided.reason }),
        ...(card && decided.state === 'accepted' && { member: store.memberOf(card) }),
      });
      return true;
    });

  return {
    /** Puts the applicant on record, with a number. */
    accept: (id: string) =>
      decide(id, (stored) => {
        const card = cardFor(store, stored);
        const hasTicket = card.tickets.some(({ state }) => !NEVER_SIGNS_IN.has(state));
        const tickets = hasTicket
          ? card.tickets
          : [...card.tickets, { number: freeNumber(store), state: 'number_assigned' as const }];
        store.saveCard({ ...card, membership: 'member', tickets });
        return { ...stored, state: 'accepted', memberId: card.id };
      }),
    decline: (id: string, state: 'returned' | 'rejected', reason: string) =>
      decide(id, (stored) => ({ ...stored, state, reason })),

    setTicket: (id: string, number: string, state: TicketState) =>
      change(id, (card) => ({
        ...card,
        tickets: card.tickets.map((ticket) => (ticket.number === number ? { number, state } : ticket)),
      })),
    /** The active number is replaced by a new one. */
    replaceTicket: (id: string) =>
      change(id, (card) => ({
        ...card,
        tickets: [
          ...card.tickets.map(({ number }) => ({ number, state: 'replaced' as const })),
          { number: freeNumber(store), state: 'number_assigned' as const },
        ],
      })),
    setMembership: (id: string, membership: RegistryMember['membership']) =>
      change(id, (card) => ({ ...card, membership })),
    /** The ticks of the card as they stand now; only those that change are news (E-13). */
    setConsents: (id: string, given: ReadonlySet<string>, by: string) =>
      store.atOnce(() => {
        const card = store.card(id);
        if (!card) return false;
        const at = new Date().toISOString();
        const before = new Map(card.consents.map((consent) => [consent.type, consent]));
        const news = CONSENT_TYPES.filter(
          (type) => (before.get(type)?.given ?? false) !== given.has(type),
        ).map((type): PaperConsent => ({ type, given: given.has(type), at, by }));
        for (const consent of news) before.set(consent.type, consent);
        store.saveCard({ ...card, consents: [...before.values()] });
        if (news.length > 0) store.tell({ kind: 'member', member: store.memberOf(card), consents: news });
        return true;
      }),
  };
}

export const CONSENT_TYPES = ['union_pd', 'finfort_pd', 'union_messages'] as const;

/** The card of somebody who has been on record already, such as with a paper ticket; else a new one. */
function cardFor(store: RegistryStore, { application, memberId }: StoredApplication): Card {
  const { family, given, middle, birthdate, organisationId } = application;
  const known =
    memberId === undefined
      ? store
          .cardsOf(organisationId)
          .find((card) => card.birthdate === birthdate && comparePersonNames(card, application) === 'match')
      : store.card(memberId);
  if (known) return known;
  return {
    id: `M-${randomUUID().slice(0, 8)}`,
    family,
    given,
    ...(middle !== undefined && { middle }),
    birthdate,
    membership: 'applicant',
    organisationId,
    tickets: [],
    consents: [],
  };
}

/** Like all the sandbox's numbers it would fail as a bank card's: a check digit nobody asked for breaks something at once. */
function freeNumber(store: RegistryStore): string {
  for (let count = 1_000; ; count += 1) {
    const number = `99${String(count).padStart(14, '0')}`;
    if (!passesLuhn(number) && !store.cardOfTicket(number)) return number;
  }
}

function passesLuhn(number: string): boolean {
  const sum = [...number].reverse().reduce((total, digit, at) => {
    const value = Number(digit) * (at % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
