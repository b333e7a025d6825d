/**
 * As many people as the Union has, of whom none exists (domain.md §6): organisations and members by their number, always
 * the same ones. Nothing is held in memory; whoever asks for the last member need not ask for the first.
 */
import { chance } from './chance.ts';
import { type Name, nameOf } from './names.ts';

/** Of the whole Union; a part of it has as many the fewer. */
export const WHOLE = { regional: 85, territorial: 2_400, primary: 83_000, members: 3_500_000 } as const;

export type Shape = {
  readonly seed: number;
  readonly regional: number;
  readonly territorial: number;
  readonly primary: number;
  readonly members: number;
};

export type Organisation = {
  readonly id: string;
  readonly kind: 'regional' | 'territorial' | 'primary';
  readonly parentId?: string;
  readonly name: string;
  readonly shortName: string;
  readonly town?: string;
  readonly region: string;
  readonly inn: string;
};

export type Person = Name & {
  readonly id: string;
  readonly organisationId: string;
  /** yyyy-mm-dd. */
  readonly birthdate: string;
  readonly membership: 'member' | 'suspended' | 'ended';
  readonly ticket: string;
  readonly ticketState: 'issued' | 'at_committee' | 'number_assigned';
};

export function shapeOf(members: number, seed = 1): Shape {
  const part = (whole: number) => Math.max(1, Math.round((whole * members) / WHOLE.members));
  return {
    ...{ seed, members },
    regional: Math.min(WHOLE.regional, Math.max(3, part(WHOLE.regional))),
    territorial: Math.min(WHOLE.territorial, Math.max(10, part(WHOLE.territorial))),
    primary: Math.min(WHOLE.primary, Math.max(50, part(WHOLE.primary))),
  };
}

/** Those above before those below. */
export function* organisationsOf(shape: Shape): Generator<Organisation> {
  for (let number = 0; number < shape.regional; number += 1) yield regional(number);
  for (let number = 0; number < shape.territorial; number += 1) yield territorial(shape, number);
  for (let number = 0; number < shape.primary; number += 1) yield primary(shape, number);
}

export function* membersOf(shape: Shape, from = 0): Generator<Person> {
  for (let index = from; index < shape.members; index += 1) yield memberAt(shape, index);
}

export function memberAt({ seed, primary: schools }: Shape, index: number): Person {
  const roll = (purpose: number): number => chance(seed, index, purpose);
  const { isWoman: _isWoman, ...name } = nameOf(seed, index);
  // Large schools have more of everything, and members come in no order.
  const school = Math.floor(roll(1) ** 1.5 * schools);
  const fate = roll(2);
  return {
    ...name,
    id: memberId(index),
    organisationId: schoolId(school),
    birthdate: birthdateOf(roll(3)),
    membership: fate < 0.96 ? 'member' : fate < 0.97 ? 'suspended' : 'ended',
    ticket: ticketOf(index),
    ticketState: roll(4) < 0.93 ? 'issued' : roll(4) < 0.97 ? 'at_committee' : 'number_assigned',
  };
}

export const memberId = (index: number): string => `G-${String(index).padStart(7, '0')}`;
const schoolId = (number: number): string => `GP-${number}`;

const region = (number: number): string => `Вымышленная область № ${number + 1}`;
const townOf = (number: number): string => `г. Безымянск-${number + 1}`;

function regional(number: number): Organisation {
  const name = `${region(number)}: областная организация Общероссийского Профсоюза образования`;
  return {
    ...{ id: `GR-${number}`, kind: 'regional', name, shortName: `Обком № ${number + 1}` },
    region: region(number),
    inn: innOf(1, number),
  };
}

function territorial({ regional: regions }: Shape, number: number): Organisation {
  const above = number % regions;
  return {
    ...{ id: `GT-${number}`, kind: 'territorial', parentId: `GR-${above}` },
    name: `Городская организация Профсоюза: ${townOf(number)}`,
    shortName: `Горком № ${number + 1}`,
    ...{ town: townOf(number), region: region(above), inn: innOf(2, number) },
  };
}

const KINDS = [
  ['Муниципальное бюджетное общеобразовательное учреждение «Средняя общеобразовательная школа', 'МБОУ СОШ'],
  ['Муниципальное бюджетное дошкольное образовательное учреждение «Детский сад', 'МБДОУ ДС'],
  ['Муниципальное автономное общеобразовательное учреждение «Лицей', 'МАОУ Лицей'],
] as const;

function primary({ territorial: towns, regional: regions }: Shape, number: number): Organisation {
  const above = number % towns;
  const [name, shortName] = KINDS[number % KINDS.length] ?? KINDS[0];
  const sign = `№ ${1 + Math.floor(number / towns)}`;
  return {
    ...{ id: schoolId(number), kind: 'primary', parentId: `GT-${above}` },
    ...{ name: `${name} ${sign}» ${townOf(above)}`, shortName: `${shortName} ${sign} ${townOf(above)}` },
    ...{ town: townOf(above), region: region(above % regions), inn: innOf(3, number) },
  };
}

/** Born between 1940 and 2006, most around 1975: the sum of three dice. */
function birthdateOf(roll: number): string {
  const spread = (roll + ((roll * 7_919) % 1) + ((roll * 104_729) % 1)) / 3;
  const first = Date.UTC(1940, 0, 1);
  return new Date(first + spread * (Date.UTC(2006, 0, 1) - first)).toISOString().slice(0, 10);
}

/** No card number by mistake: it fails the check of Luhn. */
function ticketOf(index: number): string {
  const body = `9900${String(index).padStart(11, '0')}`;
  return body + ((luhnDigit(body) + 1) % 10);
}

/** ISO/IEC 7812-1, annex B: what would make the number right. */
function luhnDigit(body: string): number {
  const sum = [...body].reverse().reduce((total, digit, place) => {
    const value = place % 2 === 0 ? Number(digit) * 2 : Number(digit);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return (10 - (sum % 10)) % 10;
}

/** Of the region «00», which does not exist (domain.md §6), with a right check digit. */
function innOf(level: number, number: number): string {
  const body = `00${level}${String(number).padStart(6, '0')}`;
  const sum = [2, 4, 10, 3, 5, 9, 4, 6, 8].reduce(
    (total, weight, place) => total + weight * Number(body[place]),
    0,
  );
  return body + ((sum % 11) % 10);
}
