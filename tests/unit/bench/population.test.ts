/** The people of load tests: the same ones every time, plausible, and none that could be somebody. */
import { describe, expect, it } from 'vitest';
import { memberAt, membersOf, organisationsOf, shapeOf } from '../../../bench/population/population.ts';
import { parseBirthdate } from '../../../provider/data-rules/calendar-date.ts';
import { parseInn } from '../../../provider/data-rules/inn.ts';
import { parseNamePart, parsePatronymic } from '../../../provider/data-rules/person-name.ts';
import { parseTicketNumber } from '../../../provider/data-rules/ticket-number.ts';

const shape = shapeOf(20_000);
const members = [...membersOf(shape)];
const organisations = [...organisationsOf(shape)];

const luhn = (number: string): boolean =>
  [...number].reverse().reduce((sum, digit, place) => {
    const value = place % 2 === 1 ? Number(digit) * 2 : Number(digit);
    return sum + (value > 9 ? value - 9 : value);
  }, 0) %
    10 ===
  0;

it('is as large as the Union', () => {
  expect(shapeOf(3_500_000)).toMatchObject({ regional: 85, territorial: 2_400, primary: 83_000 });
});

it('is the same whoever is asked for first, and another with another seed', () => {
  expect(memberAt(shape, 19_999)).toEqual(members[19_999]);
  expect([...membersOf(shape, 19_990)]).toEqual(members.slice(19_990));
  const others = [...membersOf(shapeOf(100, 2))].map(({ family }) => family);
  expect(others).not.toEqual(members.slice(0, 100).map(({ family }) => family));
});

describe('its members', () => {
  it('pass every rule of the register', () => {
    for (const { family, given, middle, birthdate, ticket } of members) {
      expect(parseNamePart(family)).toMatchObject({ ok: true, value: family });
      expect(parseNamePart(given)).toMatchObject({ ok: true, value: given });
      expect(parsePatronymic(middle ?? '').ok).toBe(true);
      expect(parseBirthdate(birthdate, '2026-11-21').ok).toBe(true);
      expect(parseTicketNumber(ticket)).toMatchObject({ ok: true, value: ticket });
    }
  });

  it('have tickets that are no card numbers, each one of its own', () => {
    expect(luhn('4111111111111111')).toBe(true);
    expect(members.filter(({ ticket }) => luhn(ticket))).toEqual([]);
    expect(new Set(members.map(({ ticket }) => ticket)).size).toBe(members.length);
  });

  it('are called as people are: few names often, many seldom', () => {
    const counts = [...Map.groupBy(members, ({ family }) => family).values()].map(({ length }) => length);
    counts.sort((one, other) => other - one);
    expect(counts[0]).toBeGreaterThan(150);
    expect(counts.length).toBeGreaterThan(800);
    expect(counts.filter((count) => count === 1).length).toBeGreaterThan(200);
    const namesakes = [
      ...Map.groupBy(members, ({ family, given, middle }) => `${family} ${given} ${middle}`).values(),
    ];
    expect(namesakes.some(({ length }) => length > 2)).toBe(true);
    expect(namesakes.length).toBeGreaterThan(15_000);
  });

  it('work at schools that exist, large and small', () => {
    const schools = new Map(organisations.map((each) => [each.id, each.kind]));
    expect(new Set(members.map(({ organisationId }) => schools.get(organisationId)))).toEqual(
      new Set(['primary']),
    );
  });
});

it('has organisations under organisations that came before, with INNs that check', () => {
  const known = new Set<string>();
  for (const { id, kind, parentId, inn } of organisations) {
    expect(kind === 'regional' ? parentId === undefined : known.has(parentId ?? '')).toBe(true);
    expect(parseInn(inn)).toMatchObject({ ok: true, value: inn });
    known.add(id);
  }
  expect(new Set(organisations.map(({ inn }) => inn)).size).toBe(organisations.length);
});
