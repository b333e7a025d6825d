/** Pages about orders of tickets: the chair's, those of whoever is above her, and the central office's. */

import type { TicketState } from '../../../adapters/registry/registry.ts';
import type { OrderState } from '../../../adapters/ticket-orders/ticket-orders.ts';
import type { ChairFrame } from '../../staff/officer.ts';
import type { NoticeCode } from '../texts.ts';
import type { FieldProblem } from './shared.ts';

type OrderHead = {
  /** Its number. */
  readonly id: string;
  readonly organisation: string;
  readonly state: OrderState;
  readonly tickets: number;
  readonly issued: number;
  /** «476 ₽». */
  readonly total: string;
  readonly price: string;
  readonly createdAt: Date;
  readonly submittedAt?: Date;
  readonly parcel?: string;
};

type OrderListed = OrderHead & { readonly path: string };

type Person = { readonly memberId: string; readonly name: string; readonly ticket: string };

type OrderPageLine = Person & {
  readonly outcome?: 'issued' | 'void';
  readonly settledAt?: Date;
  /** What keeps her from being ordered for. */
  readonly obstacle?: 'consent' | 'membership';
};

/** Whom the order does without, each with the page where that is mended; `more`: how many are not named here. */
type LeftOut = {
  readonly people: readonly { readonly name: string; readonly path: string }[];
  readonly more: number;
};

type Steps = readonly { readonly state: OrderState; readonly at: Date }[];

export type OrderScreens = {
  readonly 'chair/orders/list': ChairFrame & {
    readonly orders: readonly OrderListed[];
    readonly morePath?: string;
    /** Of her own organisation alone. */
    readonly newPath?: string;
    readonly notice?: NoticeCode;
  };
  readonly 'chair/orders/below': ChairFrame & {
    readonly years: readonly {
      readonly year: string;
      readonly orders: number;
      readonly tickets: number;
      readonly total: string;
    }[];
    /** Parcels on their way to this committee; absent: it gets none. */
    readonly awaited?: readonly (OrderListed & { readonly action: string })[];
    readonly orders: readonly OrderListed[];
    readonly morePath?: string;
    readonly notice?: NoticeCode;
  };
  readonly 'chair/orders/new': ChairFrame & {
    readonly ready: readonly Person[];
    readonly withoutConsent: LeftOut;
    readonly withoutNumber: LeftOut;
    readonly price: string;
    readonly total: string;
    readonly action: string;
    readonly listPath: string;
    readonly notice?: NoticeCode;
  };
  readonly 'chair/orders/order': ChairFrame &
    OrderHead & {
      readonly steps: Steps;
      readonly lines: readonly OrderPageLine[];
      readonly morePath?: string;
      /** Everybody in it who cannot be ordered for, whichever page of the lines she stands on. */
      readonly obstacles: readonly { readonly name: string; readonly obstacle: 'consent' | 'membership' }[];
      /** Address of the order: what is done with it is below it. */
      readonly room: string;
      readonly listPath: string;
      /** Hers to act on. */
      readonly own: boolean;
      readonly notice?: NoticeCode;
      readonly problem?: FieldProblem<'form'>;
    };
  readonly 'chair/orders/sheet': ChairFrame &
    OrderHead & {
      readonly lines: readonly Pick<OrderPageLine, 'name' | 'ticket' | 'outcome'>[];
      readonly room: string;
    };
  readonly 'chair/orders/hand-out': ChairFrame & {
    /** The order. */
    readonly id: string;
    /** How many tickets would be marked. */
    readonly left: number;
    readonly room: string;
  };
  readonly 'chair/orders/take-back': ChairFrame & {
    /** The order. */
    readonly id: string;
    readonly name: string;
    readonly settledAt?: Date;
    readonly room: string;
    readonly action: string;
  };
  readonly 'chair/members/block-ticket': ChairFrame & { readonly name: string; readonly ticketPath: string };
  readonly 'chair/members/ticket': ChairFrame & {
    readonly name: string;
    readonly tickets: readonly {
      readonly number: string;
      readonly state: TicketState;
      readonly since: Date;
    }[];
    /** What can be done now; absent: nothing. */
    readonly act?: 'assign' | 'block' | 'replace';
    /** One that was blocked by mistake, perhaps. */
    readonly canUnblock: boolean;
    /** To assign one: whether the ranges have any, and what was chosen and typed. */
    readonly numbers?: {
      readonly areLeft: boolean;
      readonly chosen?: 'next' | 'typed';
      readonly typed: string;
    };
    readonly action: string;
    readonly memberPath: string;
    readonly notice?: NoticeCode;
    readonly problem?: FieldProblem<'form' | 'number' | 'typed'>;
  };
  readonly 'operator/orders/list': {
    readonly state: OrderState;
    readonly states: readonly { readonly state: OrderState; readonly path: string }[];
    readonly orders: readonly OrderListed[];
    readonly morePath?: string;
  };
  readonly 'operator/orders/order': OrderHead & {
    readonly steps: Steps;
    readonly room: string;
    /** Why somebody may take the list out, and what stands in it. */
    readonly reasons: readonly ('production' | 'reprint' | 'check')[];
    readonly columns: readonly string[];
    readonly typed: { readonly parcel?: string; readonly reason?: string; readonly format?: string };
    readonly notice?: NoticeCode;
    readonly problem?: FieldProblem<'parcel' | 'reason' | 'format'>;
  };
};
