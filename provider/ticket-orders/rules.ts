/**
 * Who may do what with orders of tickets. The primary organisation orders for its own members and hands out; those above
 * it look on; the regional committee takes the parcels in; the central office makes and posts them.
 */
import { KEEP_RECORDS, OPERATORS, READ_RECORDS, type Rule, type StaffRules } from '../staff/rule.ts';

/** The list of an organisation: of a primary one its own orders, of the others those below it. */
const LOOK_ON = {
  ...READ_RECORDS,
  kinds: ['primary', 'territorial', 'regional'],
} as const satisfies Rule;

/** «республиканский комитет»: where the parcels arrive. */
const TAKE_IN = { ...KEEP_RECORDS, kinds: ['regional'] } as const satisfies Rule;

const ORDERS = '/chair/:organisation/orders';

export const primaryOrderRules = {
  [`GET ${ORDERS}/new`]: KEEP_RECORDS,
  [`POST ${ORDERS}`]: KEEP_RECORDS,
  [`GET ${ORDERS}/:order`]: READ_RECORDS,
  [`GET ${ORDERS}/:order/sheet`]: READ_RECORDS,
  [`POST ${ORDERS}/:order/leave-out`]: KEEP_RECORDS,
  [`POST ${ORDERS}/:order/discard`]: KEEP_RECORDS,
  [`POST ${ORDERS}/:order/submit`]: KEEP_RECORDS,
  [`POST ${ORDERS}/:order/withdraw`]: KEEP_RECORDS,
} as const satisfies StaffRules;

export const handOutRules = {
  [`GET ${ORDERS}/:order/hand-out`]: KEEP_RECORDS,
  [`POST ${ORDERS}/:order/hand-out`]: KEEP_RECORDS,
  [`GET ${ORDERS}/:order/members/:member/take-back`]: KEEP_RECORDS,
  [`POST ${ORDERS}/:order/members/:member/take-back`]: KEEP_RECORDS,
} as const satisfies StaffRules;

export const overseenOrderRules = {
  [`GET ${ORDERS}`]: LOOK_ON,
  [`POST ${ORDERS}/:order/receive`]: TAKE_IN,
} as const satisfies StaffRules;

export const operatorOrderRules = {
  'GET /operator/orders': OPERATORS,
  'GET /operator/orders/:order': OPERATORS,
  'POST /operator/orders/:order/produce': OPERATORS,
  'POST /operator/orders/:order/ship': OPERATORS,
  'POST /operator/orders/:order/export': OPERATORS,
} as const satisfies StaffRules;

export const memberTicketRules = {
  'GET /chair/:organisation/members/:member/ticket': READ_RECORDS,
  'POST /chair/:organisation/members/:member/ticket/assign': KEEP_RECORDS,
  'GET /chair/:organisation/members/:member/ticket/block': KEEP_RECORDS,
  'POST /chair/:organisation/members/:member/ticket/block': KEEP_RECORDS,
  'POST /chair/:organisation/members/:member/ticket/unblock': KEEP_RECORDS,
  'POST /chair/:organisation/members/:member/ticket/replace': KEEP_RECORDS,
} as const satisfies StaffRules;
