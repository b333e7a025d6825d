/** How things stand, in every state. */
import { DOCUMENT_STATES, type DocumentCount } from '../../../adapters/census/census.ts';
import type { ChartView } from '../../../provider/http/screens/operations.ts';
import { catalogues } from '../../../provider/http/texts.ts';
import type { ReasonText } from '../../../provider/operations/label.ts';
import { chartOf } from '../../../provider/statistics/chart.ts';
import { PERIODS } from '../../../provider/statistics/periods.ts';
import { type Example, example } from './example.ts';

const { ru } = catalogues;
const at = new Date(Date.UTC(2026, 10, 21, 9, 7));
const REASONS = Object.keys(ru.operator.reason) as ReasonText[];
const URGENCIES = ['waiting', 'link', 'notice', 'news'] as const;
const STATES = ['up', 'degraded', 'off'] as const;
const troubles = { refused: 3, bounced: 10_000, areMore: true };
const frame = { administratorOnly: false };

const drawn = (values: readonly (readonly number[])[]) => {
  const series = values.map((each, index) => ({
    name: String(index),
    colour: index,
    values: each,
    total: each.reduce((sum, value) => sum + value, 0),
  }));
  const { marks: _marks, pieces: _pieces, ...chart } = chartOf(series, 3, []);
  return {
    chart: { ...chart, marks: [{ x: 44, label: '12:00' }] },
    total: 9,
    peak: { label: '12:01', count: 4 },
    rows: [0, 1, 2].map((column) => ({
      label: `12:0${column}`,
      values: values.map((each) => each[column] ?? 0),
    })),
  };
};
const two = drawn([
  [1, 2, 0],
  [2, 2, 2],
]);
const nothing = { ...drawn([]), series: [], total: 0, rows: [] };

const charts: readonly ChartView[] = [
  {
    ...{ kind: 'ways', ...two },
    series: [
      { label: { method: 'password_email' } as const, colour: 0, total: 3 },
      { label: { name: 'Госуслуги' }, colour: 1, total: 6 },
    ],
  },
  {
    kind: 'portals',
    ...two,
    series: [
      { label: { name: 'Диктант' }, colour: 3, total: 3 },
      { label: { others: true } as const, colour: 5, total: 6 },
    ],
  },
  {
    ...drawn(REASONS.map(() => [1, 0, 2])),
    kind: 'refusals',
    series: [
      ...REASONS.map((code, index) => ({ label: { code }, colour: index % 6, total: 3 })),
      { label: { name: 'unforeseen' }, colour: 5, total: 1 },
    ],
  },
  { kind: 'line', ...drawn([[1, 0, 7]]), series: [{ label: { name: 'longest' }, colour: 0, total: 8 }] },
  {
    ...drawn(URGENCIES.map(() => [1, 2, 3])),
    kind: 'letters',
    series: URGENCIES.map((kind, colour) => ({ label: { kind }, colour, total: 6 })),
  },
];

const now = {
  ...frame,
  ...{ at, period: 'hour' as const, processes: 2, signIns: 1_204, refusals: 17, addressTroubles: troubles },
  periods: PERIODS.map((period) => ({ period, path: `/operator/dashboard?period=${period}` })),
  hashing: { inFlight: 2, queued: 31 },
  applications: { onTheWay: 2, underReview: 480 },
  letters: URGENCIES.map((urgency) => ({ urgency, jobs: 5 })),
  oldestLetter: at,
  doors: STATES.map((state) => ({ name: 'Госуслуги', state })),
  charts,
} as const;

const door = { id: 'esia', kind: 'esia', name: 'Госуслуги', state: 'up', on: true } as const;
const turned = { since: at, by: 'Фомина Раиса', reason: 'плановые работы' };

export const operationExamples: readonly Example[] = [
  ...PERIODS.map((period) => example('operator/dashboard/now', `of ${period}`, { ...now, period })),
  example('operator/dashboard/now', 'before anything has happened', {
    ...now,
    ...{ administratorOnly: true, signIns: 0, refusals: 0, hashing: { inFlight: 0, queued: 0 }, doors: [] },
    applications: { onTheWay: 0, underReview: 0 },
    letters: URGENCIES.map((urgency) => ({ urgency, jobs: 0 })),
    charts: [{ kind: 'ways', ...nothing }],
  }),
  example('operator/doors/list', 'without any', { ...frame, doors: [] }),
  example('operator/doors/list', 'in every state', {
    ...frame,
    notice: 'door_off',
    doors: [
      ...STATES.map((state) => ({ ...door, state, path: '/operator/doors/esia' })),
      { ...door, on: false, turned, path: '/operator/doors/esia' },
      { ...door, on: false, turned: { since: at }, path: '/operator/doors/esia' },
    ],
  }),
  ...[true, false].map((on) =>
    example('operator/doors/door', on ? 'to turn off' : 'to turn on', {
      ...frame,
      ...{ door: { ...door, on }, action: '/operator/doors/esia', typed: { reason: '' } },
    }),
  ),
  ...(['turn_reason_missing', 'turn_reason_too_long'] as const).map((code) =>
    example('operator/doors/door', code, {
      ...frame,
      ...{
        door,
        action: '/operator/doors/esia',
        typed: { reason: 'слова' },
        problem: { field: 'reason', code },
      },
    }),
  ),
  example('operator/portals/list', 'before anybody has counted', { ...frame, portals: [], documents: [] }),
  example('operator/portals/list', 'of every kind', {
    ...frame,
    ...{ countedAt: at, morePath: '/operator/portals?after=x', notice: 'census_asked' },
    reviewUrl: 'https://developers.test/review',
    portals: [
      { clientId: 'dictation', name: 'Профсоюзный диктант', people: 1_200_000 },
      {
        clientId: 'acme-quiz',
        name: 'acme-quiz',
        stage: 'test',
        ownerId: 'acc_9f2c41d07be84a55',
        blockedAt: at,
      },
      { clientId: 'left', name: 'Викторина', stage: 'production', people: 3 },
    ],
    documents: (Object.keys(ru.operator.portals.type) as DocumentCount['type'][]).flatMap((type) =>
      DOCUMENT_STATES.flatMap((state) =>
        (['signed', 'paper'] as const).map((form) => ({
          type,
          version: form === 'paper' ? 'paper' : 'v1',
          state,
          form,
          number: 3_400_000,
        })),
      ),
    ),
  }),
  example('operator/letters/queue', 'empty', {
    ...frame,
    ...{ waiting: URGENCIES.map((urgency) => ({ urgency, jobs: 0, postponed: 0 })), postponed: 0 },
    ...{ services: [], reasons: [], addressTroubles: { refused: 0, bounced: 0, areMore: false } },
  }),
  example('operator/letters/queue', 'on a bad day', {
    ...frame,
    ...{
      waiting: URGENCIES.map((urgency) => ({ urgency, jobs: 9_000, postponed: 40, oldestAt: at })),
      postponed: 160,
    },
    services: ['mail.ru', 'other'].map((service) => ({ service, left: 20_000, refused: 31 })),
    reasons: (Object.keys(ru.operator.letters.reason) as (keyof typeof ru.operator.letters.reason)[]).map(
      (code) => ({ code, count: 7 }),
    ),
    ...{ addressTroubles: troubles, notice: 'letters_hurried' },
  }),
];
