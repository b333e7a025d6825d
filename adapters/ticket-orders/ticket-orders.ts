/**
 * Orders of tickets, from a chair's draft until every ticket is in its member's hands (E-14…E-18, domain.md §1.9). Knows
 * neither who may do what nor what members have consented to.
 */
import type { Queryable } from '../database/database.ts';
import type { TicketState } from '../registry/registry.ts';

export const ORDER_STATES = [
  ...(['draft', 'submitted', 'in_production', 'shipped', 'at_committee', 'complete'] as const),
] as const;
export type OrderState = (typeof ORDER_STATES)[number];

type Move = {
  readonly from: OrderState;
  readonly to: OrderState;
  /** What becomes of the tickets that are on their way with it. */
  readonly tickets: { readonly from: TicketState; readonly to: TicketState };
};

/** What can be done with a whole order. Tickets are handed out one by one, and the last of them completes it. */
export const ORDER_MOVES = {
  submit: { from: 'draft', to: 'submitted', tickets: { from: 'number_assigned', to: 'ordered' } },
  withdraw: { from: 'submitted', to: 'draft', tickets: { from: 'ordered', to: 'number_assigned' } },
  produce: { from: 'submitted', to: 'in_production', tickets: { from: 'ordered', to: 'in_production' } },
  ship: { from: 'in_production', to: 'shipped', tickets: { from: 'in_production', to: 'shipped' } },
  receive: { from: 'shipped', to: 'at_committee', tickets: { from: 'shipped', to: 'at_committee' } },
} as const satisfies Record<string, Move>;
export type OrderMove = keyof typeof ORDER_MOVES;

export type TicketOrder = {
  /** Digits. */
  readonly id: string;
  readonly organisation: { readonly id: string; readonly shortName: string };
  readonly state: OrderState;
  /** Of one ticket. */
  readonly unitKopecks: number;
  readonly tickets: number;
  /** Of them: handed out, and never to be because the ticket was blocked on its way. */
  readonly issued: number;
  readonly voided: number;
  /** Number of the parcel to the regional committee. */
  readonly parcel?: string;
  readonly createdAt: Date;
  readonly submittedAt?: Date;
};

export type OrderLine = {
  readonly memberId: string;
  readonly family: string;
  readonly given: string;
  readonly middle?: string;
  readonly ticket: string;
  /** Her membership has not ended or been suspended meanwhile. */
  readonly onRecord: boolean;
  readonly outcome?: 'issued' | 'void';
  readonly settledAt?: Date;
};

/** Somebody on record who has a number, but whose ticket nobody has ordered. */
export type Unordered = Pick<OrderLine, 'memberId' | 'family' | 'given' | 'middle' | 'ticket'>;
/** Somebody on record whom no ticket can be ordered for, because she has no number, or only a blocked one. */
export type Numberless = Omit<Unordered, 'ticket'>;

/** Of one organisation, of all at or below a path – without drafts, which are nobody's business yet –, or of the Union. */
export type OrderScope = { readonly at: string } | { readonly below: string } | 'union';

export type OrderPage = {
  readonly limit: number;
  /** The id of the last one seen. */
  readonly before?: string;
  readonly state?: OrderState;
};

export type OrderYear = {
  /** Of submission, in Moscow. */
  readonly year: string;
  readonly orders: number;
  readonly tickets: number;
  readonly kopecks: number;
};

/** What can be read of them. */
export interface OrderBook {
  find(id: string, scope: OrderScope, within?: Queryable): Promise<TicketOrder | undefined>;
  /** The latest first. */
  list(scope: OrderScope, page: OrderPage): Promise<readonly TicketOrder[]>;
  /** By name; `after`: the member of the last line seen. Without a page all of them. */
  lines(
    id: string,
    page?: { readonly limit: number; readonly after?: string },
  ): Promise<readonly OrderLine[]>;
  /** When it came to stand where, the first step first. */
  steps(id: string): Promise<readonly { readonly state: OrderState; readonly at: Date }[]>;
  /** The latest year first. */
  years(scope: OrderScope): Promise<readonly OrderYear[]>;
  /** By name: members of this very organisation. */
  unordered(organisationId: string, within?: Queryable): Promise<readonly Unordered[]>;
  /** By name: members of this very organisation. */
  numberless(organisationId: string): Promise<readonly Numberless[]>;
}

/**
 * What is done with them, each within the transaction of its other effects, and told to the feed of the register in it.
 * Of several at once the first counts; all of them wait for each other at the order's row.
 */
export interface OrderDesk {
  /** Takes those who are still unordered there; undefined when nobody is. */
  draft(
    order: {
      readonly organisationId: string;
      readonly memberIds: readonly string[];
      readonly unitKopecks: number;
    },
    within: Queryable,
  ): Promise<{ readonly id: string; readonly tickets: number } | undefined>;
  /** How many lines have gone; undefined when it is no draft any more. A draft without lines is gone itself. */
  leaveOut(id: string, memberIds: readonly string[], within: Queryable): Promise<number | undefined>;
  /** False when it is no draft any more. */
  discard(id: string, within: Queryable): Promise<boolean>;
  /** How many tickets have moved; undefined when it does not stand where the move begins. */
  move(
    id: string,
    move: OrderMove,
    facts: { readonly unitKopecks?: number; readonly parcel?: string },
    within: Queryable,
  ): Promise<number | undefined>;
  /** How many tickets are handed out by this; whoever has hers already is passed over. `by`: the account of the chair. */
  handOut(id: string, memberIds: readonly string[] | 'all', by: string, within: Queryable): Promise<number>;
  /** Undoes that for one who was marked by mistake; a complete order waits for her again. False when hers is not out. */
  takeBack(id: string, memberId: string, within: Queryable): Promise<boolean>;
}

export type TicketPrice = { readonly validFrom: string; readonly kopecks: number };

/** What one ticket costs, and since when. */
export interface TicketPrices {
  /** On a day of Moscow, yyyy-mm-dd. */
  on(day: string): Promise<TicketPrice | undefined>;
  list(): Promise<readonly TicketPrice[]>;
  /** A price for the same day is replaced. Orders that are submitted keep theirs. */
  set(price: TicketPrice, by: string, within: Queryable): Promise<void>;
}
