/** The people as the sandbox announces them (design.md §8): ours, then those whom only ЕСИА or РСАА know. */
import { formatCalendarDate } from '../../provider/data-rules/calendar-date.ts';
import { activeTicketOf, birthdateOf, persons } from './register.ts';

/** What signs in at ЕСИА; any of the three is a login. */
type EsiaDoor = {
  readonly oid: string;
  /** As ЕСИА has it. */
  readonly name: string;
  /** One that works. */
  readonly login: string;
  readonly phone?: string;
  readonly email?: string;
  readonly snils?: string;
  readonly password: string;
  readonly confirmed: boolean;
};

/** `email` signs in, too. */
type RsaaDoor = {
  readonly login: string;
  /** As РСАА has it. */
  readonly name: string;
  readonly email: string;
  readonly password: string;
};

type KnownAt<Door> = {
  readonly id: string;
  /** дд.мм.гггг */
  readonly birthdate?: string;
  readonly door: Door;
};

/** Whom the upstreams know. */
export type Doors = {
  readonly esia: readonly KnownAt<EsiaDoor>[];
  readonly rsaa: readonly KnownAt<RsaaDoor>[];
};

/** What a person does not have is left out. */
export type DescribedPerson = {
  readonly id: string;
  readonly name?: string;
  /** дд.мм.гггг */
  readonly birthdate?: string;
  /** The address the person has or would register with. */
  readonly email?: string;
  /** Sixteen digits. */
  readonly ticket?: string;
  /** Absent: no account. */
  readonly password?: string;
  readonly esia?: EsiaDoor;
  readonly rsaa?: RsaaDoor;
};

export function describePeople(
  passwords: Readonly<Record<string, string>>,
  doors: Doors = { esia: [], rsaa: [] },
  today: Date = new Date(),
): readonly DescribedPerson[] {
  const ours = persons.map((person) => {
    const { id, name, email } = person;
    const birthdate = birthdateOf(person, today);
    const ticket = activeTicketOf(person);
    const password = passwords[id];
    return {
      id,
      ...(name && { name: [name.family, name.given, name.middle].filter(Boolean).join(' ') }),
      ...(birthdate !== undefined && { birthdate: formatCalendarDate(birthdate) }),
      ...(email !== undefined && { email }),
      ...(ticket !== undefined && { ticket }),
      ...(password !== undefined && { password }),
      ...doorsOf(id, doors),
    };
  });
  const known = new Set(persons.map(({ id }) => id));
  const strangers = [...doors.esia, ...doors.rsaa]
    .filter(({ id }) => !known.has(id))
    .map(({ id, birthdate, door: { name, email } }) => ({
      id,
      name,
      ...(birthdate !== undefined && { birthdate }),
      ...(email !== undefined && { email }),
      ...doorsOf(id, doors),
    }));
  return [...ours, ...strangers];
}

function doorsOf(id: string, { esia, rsaa }: Doors): Pick<DescribedPerson, 'esia' | 'rsaa'> {
  const atEsia = esia.find((known) => known.id === id);
  const atRsaa = rsaa.find((known) => known.id === id);
  return { ...(atEsia && { esia: atEsia.door }), ...(atRsaa && { rsaa: atRsaa.door }) };
}
