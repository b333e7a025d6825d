import { describe, expect, it } from 'vitest';
import type { RegistryMember } from '../../../adapters/registry/registry.ts';
import {
  activeTicketOf,
  type ClaimedMembership,
  checkMembership,
} from '../../../provider/register/check-membership.ts';

const TICKET = '9900000000000029';
const registered: RegistryMember = {
  id: 'M-02',
  family: 'Фёдоров-Ёлкин',
  given: 'Артём',
  middle: 'Семёнович',
  birthdate: '1988-02-29',
  membership: 'member',
  organisation: { id: 'P-01', name: 'Ш', shortName: 'Ш', region: 'Р', admits: true, units: [] },
  tickets: [{ number: TICKET, state: 'issued' }],
};
const claimed: ClaimedMembership = {
  family: 'Фёдоров-Ёлкин',
  given: 'Артём',
  middle: 'Семёнович',
  birthdate: '1988-02-29',
  ticket: TICKET,
};
const without = <T extends { middle?: string }>({ middle: _, ...rest }: T) => rest;
const withTicket = (state: RegistryMember['tickets'][number]['state']): RegistryMember => ({
  ...registered,
  tickets: [{ number: TICKET, state }],
});

describe('the five fields agree', () => {
  it.each<[string, ClaimedMembership, RegistryMember]>([
    ['as they stand', claimed, registered],
    ['«федоров- елкин»', { ...claimed, family: 'федоров- елкин', given: 'АРТЕМ ' }, registered],
    ['Latin «a» in the register', { ...claimed, family: 'Сорокина' }, { ...registered, family: 'Сорокинa' }],
    ['spaces and case in the register', { ...claimed, given: 'Иван' }, { ...registered, given: ' иван ' }],
    ['no patronymic typed', without(claimed), registered],
    ['no patronymic registered', claimed, without(registered)],
    ['«Али-оглы»', { ...claimed, middle: 'Али-оглы' }, { ...registered, middle: 'Али оглы' }],
    ['a card that is not handed out yet', claimed, withTicket('number_assigned')],
    ['a suspended membership', claimed, { ...registered, membership: 'suspended' }],
  ])('%s', (_, typed, found) => {
    expect(checkMembership(typed, found)).toMatchObject({ kind: 'match', member: found });
  });

  it('tells the register’s keeper of look-alikes', () => {
    const found = { ...registered, family: 'Сорокинa' };
    expect(checkMembership({ ...claimed, family: 'Сорокина' }, found)).toMatchObject({ needsCleaning: true });
    expect(checkMembership(claimed, registered)).toMatchObject({ needsCleaning: false });
  });
});

describe('one answer, whatever differs', () => {
  it.each<[string, ClaimedMembership, RegistryMember | undefined]>([
    ['nobody has the number', claimed, undefined],
    ['the birth date', { ...claimed, birthdate: '1988-02-28' }, registered],
    ['the family name', { ...claimed, family: 'Белова' }, registered],
    ['half of a double name', { ...claimed, family: 'Фёдоров' }, registered],
    ['the given name', { ...claimed, given: 'Артемий' }, registered],
    ['the patronymic', { ...claimed, middle: 'Сергеевич' }, registered],
    ['a blocked ticket and another name', { ...claimed, family: 'Белова' }, withTicket('blocked')],
    [
      'an ended membership and another date',
      { ...claimed, birthdate: '1988-02-28' },
      { ...registered, membership: 'ended' },
    ],
    ['a number the register did not answer with', { ...claimed, ticket: '9900000000000011' }, registered],
  ])('%s', (_, typed, found) => {
    expect(checkMembership(typed, found)).toEqual({ kind: 'no-match' });
  });
});

describe('who proves to know all five is told more', () => {
  it.each(['blocked', 'replaced'] as const)('a %s ticket', (state) => {
    expect(checkMembership(claimed, withTicket(state))).toEqual({ kind: 'blocked' });
  });
  it('an ended membership', () => {
    expect(checkMembership(claimed, { ...registered, membership: 'ended' })).toEqual({ kind: 'ended' });
  });
});

it('the ticket that signs in is neither blocked nor replaced', () => {
  expect(activeTicketOf(registered)).toBe(TICKET);
  expect(activeTicketOf(withTicket('blocked'))).toBeUndefined();
  expect(
    activeTicketOf({
      ...registered,
      tickets: [
        { number: '9900000000000193', state: 'replaced' },
        { number: '9900000000000201', state: 'issued' },
      ],
    }),
  ).toBe('9900000000000201');
});
