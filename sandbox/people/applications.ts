/** Applications that people of the sandbox have signed already (domain.md §6.4). All invented. */
import { birthdateOf, persons } from './register.ts';

export type SeededApplication = {
  readonly id: string;
  readonly person: Applicant;
  readonly state: 'received' | 'accepted' | 'rejected';
  readonly reason?: string;
  readonly sex: 'male' | 'female';
  readonly employment: string;
  /** Before the first start of the sandbox. */
  readonly daysAgo: number;
};

export type Applicant = {
  readonly id: string;
  readonly name: { readonly family: string; readonly given: string; readonly middle?: string };
  /** yyyy-mm-dd. */
  birthdate(today: Date): string;
  readonly organisation: string;
  readonly email: string;
  readonly phone: string;
};

const WORKS = 'Работник';
const LEARNS = 'Обучающийся';

export const APPLICATIONS: readonly SeededApplication[] = [
  { id: 'APP-1', person: applicant('M-16'), state: 'received', sex: 'male', employment: WORKS, daysAgo: 1 },
  {
    ...{
      id: 'APP-2',
      person: applicant('M-17'),
      state: 'rejected',
      sex: 'male',
      employment: WORKS,
      daysAgo: 9,
    },
    reason: 'Не работает в организации',
  },
  // Four working days, whatever today is.
  {
    id: 'APP-3',
    person: applicant('M-26'),
    state: 'received',
    sex: 'female',
    employment: LEARNS,
    daysAgo: 6,
  },
  {
    id: 'APP-6',
    person: applicant('M-18'),
    state: 'accepted',
    sex: 'female',
    employment: WORKS,
    daysAgo: 20,
  },
];

export function momentOf({ daysAgo }: SeededApplication, today: Date): Date {
  return new Date(today.getTime() - daysAgo * 24 * 3_600_000);
}

function applicant(id: string): Applicant {
  const person = persons.find((each) => each.id === id);
  const { name, organisation, email, phone } = person ?? {};
  if (!person || !name || !organisation || !email || !phone) throw new Error(`${id} cannot have applied`);
  return {
    ...{ id, organisation, email, phone },
    name: {
      family: name.family,
      given: name.given,
      ...(name.middle !== undefined && { middle: name.middle }),
    },
    birthdate: (today) => birthdateOf(person, today) ?? '',
  };
}
