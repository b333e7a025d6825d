import { describe, expect, it } from 'vitest';
import type { EduRole, SchoolPerson } from '../../../adapters/school-register/school-register.ts';
import {
  type Opening,
  openingsFor,
  roleAmong,
  rolesOf,
  schoolAt,
} from '../../../provider/education/roles.ts';

const [first, second] = [
  { id: 'S-1', name: 'Школа № 1', shortName: 'СОШ № 1' },
  { id: 'S-2', name: 'Лицей № 2', shortName: 'Лицей № 2' },
];
const opening = (role: EduRole, ...clientIds: string[]): Opening => ({
  role,
  subsystems: clientIds.map((clientId) => ({
    clientId,
    name: clientId,
    url: 'https://a.test/',
    schoolIds: ['S-2'],
  })),
});
const staff = opening('staff', 'journal', 'kontingent');
const parent = opening('parent', 'journal');
const learner = opening('learner');
const of = (clientId: string, isLauncher = false) => ({ clientId, isLauncher });

describe('the roles that open a relying party', () => {
  it.each([
    ['journal', false, ['staff', 'parent']],
    ['kontingent', false, ['staff']],
    ['accounts', false, []],
    ['portal', true, ['staff', 'parent', 'learner']],
  ] as const)('%s', (clientId, isLauncher, roles) => {
    const open = openingsFor({ clientId, isLauncher }, [staff, parent, learner]);
    expect(open.map(({ role }) => role)).toEqual(roles);
  });
});

describe('the role of a session', () => {
  it('is the chosen one', () => expect(roleAmong([staff, parent], 'parent')).toBe(parent));
  it('needs no choice when there is one (D-13)', () => expect(roleAmong([staff], undefined)).toBe(staff));
  it('has to be chosen among several (D-11)', () =>
    expect(roleAmong([staff, parent], undefined)).toBeUndefined());
  it('is not changed behind her back', () => expect(roleAmong([staff], 'parent')).toBeUndefined());
  it('is none where nothing opens', () => expect(roleAmong([], undefined)).toBeUndefined());
});

describe('a person of two schools', () => {
  const person: SchoolPerson = {
    ...{ id: 'K-1', family: 'Орлова', given: 'Ирина', birthdate: '1987-08-08' },
    roles: [
      { role: 'staff', school: first },
      { role: 'staff', school: second },
      { role: 'learner', school: first },
    ],
  };
  it('has each role once', () => expect(rolesOf(person)).toEqual(['staff', 'learner']));
  it('is of the school that the subsystem is open for', () => {
    expect(schoolAt(person, of('journal'), staff)).toEqual(second);
  });
  it('is of the first at a launcher', () => {
    expect(schoolAt(person, of('portal', true), staff)).toEqual(first);
  });
});
