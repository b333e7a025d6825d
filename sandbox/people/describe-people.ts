/** The people as the sandbox announces them (design.md §8). */
import { formatCalendarDate } from '../../provider/data-rules/calendar-date.ts';
import { activeTicketOf, birthdateOf, persons } from './register.ts';

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
};

export function describePeople(
  passwords: Readonly<Record<string, string>>,
  today: Date = new Date(),
): readonly DescribedPerson[] {
  return persons.map((person) => {
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
    };
  });
}
