/** Orders of tickets and lost ones, in their states. */
import { ORDER_STATES } from '../../../adapters/ticket-orders/ticket-orders.ts';
import type { Screens } from '../../../provider/http/screens/screens.ts';
import { catalogues } from '../../../provider/http/texts.ts';
import type { ChairFrame } from '../../../provider/staff/officer.ts';
import { type Example, example } from './example.ts';

type Order = Screens['chair/orders/order'];

const at = new Date(Date.UTC(2026, 10, 20, 11, 12));
const frame: ChairFrame = {
  at: {
    ...{ id: 'P-01', name: 'МБОУ СОШ № 15 г. Васильевска' },
    kind: 'primary',
    ...{ below: false, register: true, undertaken: true },
  },
};
const above: ChairFrame = { at: { ...frame.at, id: 'R-01', name: 'Приозерский реском', kind: 'regional' } };
const TICKET_STATES = Object.keys(
  catalogues.ru.ticket_state,
) as Screens['chair/members/ticket']['tickets'][number]['state'][];

const person = { memberId: 'M-01', name: 'Иванова Мария Петровна', ticket: '•••• •••• •••• 0011' };
const leftOut = {
  withoutConsent: { people: [{ name: person.name, path: '/chair/P-01/members/M-01/consents' }], more: 0 },
  withoutNumber: { people: [{ name: person.name, path: '/chair/P-01/members/M-01/ticket' }], more: 21 },
};
const head = {
  id: '17',
  organisation: 'МБОУ СОШ № 15 г. Васильевска',
  state: 'draft',
  tickets: 28,
  issued: 0,
  total: '476 ₽',
  price: '17 ₽',
  createdAt: at,
} as const;
const submitted = {
  ...head,
  state: 'at_committee',
  issued: 20,
  submittedAt: at,
  parcel: 'RA123456789RU',
} as const;
const order: Order = {
  ...frame,
  ...head,
  steps: ORDER_STATES.map((state) => ({ state, at })),
  lines: [
    person,
    { ...person, outcome: 'issued', settledAt: at },
    { ...person, outcome: 'void', settledAt: at },
  ],
  obstacles: [],
  ...{ room: '/chair/P-01/orders/17', listPath: '/chair/P-01/orders', own: true },
};
const listed = { ...submitted, path: order.room };
const ticket: Screens['chair/members/ticket'] = {
  ...frame,
  name: person.name,
  tickets: TICKET_STATES.map((state) => ({ number: person.ticket, state, since: at })),
  ...{ memberPath: '/chair/P-01/members/M-01', action: '/chair/P-01/members/M-01/ticket', canUnblock: false },
};
const produced: Screens['operator/orders/order'] = {
  ...submitted,
  ...{ steps: order.steps, room: '/operator/orders/17', typed: {} },
  reasons: ['production', 'reprint', 'check'],
  columns: ['number', 'ticket', 'family', 'given', 'middle', 'organisation'],
};

export const orderExamples: readonly Example[] = [
  example('chair/orders/list', 'empty', { ...frame, orders: [], newPath: '/chair/P-01/orders/new' }),
  ...[1, 2, 5, 1.5].map((tickets) =>
    example('chair/orders/list', `of ${tickets}`, {
      ...frame,
      orders: [{ ...head, tickets, path: order.room }, listed],
      ...{ morePath: '/chair/P-01/orders?before=17', notice: 'order_discarded' },
    }),
  ),
  example('chair/orders/below', '', {
    ...above,
    years: [{ year: '2026', orders: 3, tickets: 1_030, total: '17 510 ₽' }],
    awaited: [{ ...listed, action: '/chair/R-01/orders/17/receive' }],
    ...{ orders: [listed], morePath: '/chair/R-01/orders?before=17', notice: 'order_received' },
  }),
  example('chair/orders/below', 'empty', { ...above, years: [], awaited: [], orders: [] }),
  example('chair/orders/new', '', {
    ...frame,
    ...{ ready: [person], price: '17 ₽', total: '17 ₽', ...leftOut },
    ...{ action: '/chair/P-01/orders', listPath: '/chair/P-01/orders' },
  }),
  example('chair/orders/new', 'for nobody', {
    ...frame,
    ...{ ready: [], price: '17 ₽', total: '0 ₽', notice: 'order_nobody' },
    ...{ withoutConsent: { people: [], more: 0 }, withoutNumber: { people: [], more: 0 } },
    ...{ action: '/chair/P-01/orders', listPath: '/chair/P-01/orders' },
  }),
  ...ORDER_STATES.map((state) => example('chair/orders/order', state, { ...order, state, issued: 20 })),
  example('chair/orders/order', 'with obstacles', {
    ...order,
    lines: [
      { ...person, obstacle: 'consent' },
      { ...person, memberId: 'M-02', obstacle: 'membership' },
    ],
    obstacles: [
      { name: person.name, obstacle: 'consent' },
      { name: person.name, obstacle: 'membership' },
    ],
    problem: { field: 'form', code: 'order_has_obstacles' },
  }),
  example('chair/orders/order', 'of somebody below', {
    ...order,
    ...submitted,
    ...{ own: false, morePath: '/chair/P-01/orders/17?after=M-01', notice: 'order_elsewhere' },
  }),
  ...[1, 2, 5, 1.5].map((left) =>
    example('chair/orders/hand-out', `of ${left}`, { ...frame, id: '17', left, room: order.room }),
  ),
  example('chair/orders/take-back', '', {
    ...{ ...frame, id: '17', name: person.name, settledAt: at, room: order.room },
    action: `${order.room}/members/M-01/take-back`,
  }),
  example('chair/members/block-ticket', '', {
    ...{ ...frame, name: person.name, ticketPath: ticket.action },
  }),
  example('chair/orders/sheet', '', { ...frame, ...submitted, lines: [person], room: order.room }),
  example('chair/members/ticket', 'none', { ...ticket, tickets: [] }),
  example('chair/members/ticket', 'to assign', {
    ...{ ...ticket, tickets: [], act: 'assign', numbers: { areLeft: true, typed: '' } },
  }),
  example('chair/members/ticket', 'to assign a number that is taken', {
    ...{ ...ticket, tickets: [], act: 'assign' },
    numbers: { areLeft: false, chosen: 'typed', typed: '9900 0000 0000 0011' },
    problem: { field: 'typed', code: 'application_number_taken' },
  }),
  ...(['block', 'replace'] as const).map((act) =>
    example('chair/members/ticket', `to ${act}`, {
      ...{ ...ticket, act, notice: 'ticket_blocked', canUnblock: act === 'replace' },
    }),
  ),
  example('chair/members/ticket', 'without numbers', {
    ...ticket,
    ...{ act: 'replace', problem: { field: 'form', code: 'no_ticket_numbers' } },
  }),
  example('operator/orders/list', '', {
    state: 'submitted',
    states: ORDER_STATES.map((state) => ({ state, path: `/operator/orders?state=${state}` })),
    ...{ orders: [listed], morePath: '/operator/orders?before=17' },
  }),
  example('operator/orders/list', 'empty', { state: 'submitted', states: [], orders: [] }),
  ...ORDER_STATES.map((state) =>
    example('operator/orders/order', state, { ...produced, state, notice: 'order_produced' }),
  ),
  example('operator/orders/order', 'without a parcel', {
    ...produced,
    state: 'in_production',
    ...{ typed: { parcel: '?' }, problem: { field: 'parcel', code: 'parcel_number' } },
  }),
  example('operator/orders/order', 'without a reason', {
    ...produced,
    ...{ typed: { format: 'csv' }, problem: { field: 'reason', code: 'order_reason_missing' } },
  }),
];
