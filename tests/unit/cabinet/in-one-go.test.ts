import { expect, it } from 'vitest';
import type { SightRecord } from '../../../adapters/audit-log/audit-log.ts';
import { inOneGo } from '../../../provider/cabinet/in-one-go.ts';

const minute = (at: number): Date => new Date(Date.UTC(2026, 2, 12, 9, at));
const sight = (at: number, changes: Partial<SightRecord> = {}): SightRecord => ({
  ...{ id: String(1000 - at), at: minute(at), reason: 'person_asked', fields: ['name', 'email'] },
  ...changes,
});
const told = (...sights: SightRecord[]) =>
  inOneGo(sights).map(({ at, since, times }) => ({ at, since, times }));

it('tells a page that was opened again and again once, from its first time to its last', () => {
  expect(told(sight(70), sight(30), sight(12), sight(10))).toEqual([
    { at: minute(70), since: minute(10), times: 4 },
  ]);
});

it('begins anew after an hour without', () => {
  expect(told(sight(100), sight(39), sight(38))).toEqual([
    { at: minute(100), since: minute(100), times: 1 },
    { at: minute(39), since: minute(38), times: 2 },
  ]);
});

it.each([
  ['a reason', { reason: 'security' }],
  ['an organisation', { organisation: 'МБОУ СОШ № 15' }],
  ['a side', { atSchool: true }],
  ['what was seen', { fields: ['name'] }],
] as const)('never joins what differs in %s', (_, changes) => {
  expect(told(sight(2), sight(1, changes))).toHaveLength(2);
  expect(told(sight(3), sight(2, changes), sight(1))).toHaveLength(3);
});

it('has nothing to tell of nobody', () => {
  expect(told()).toEqual([]);
});
