import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  organisationWords,
  parseOrganisationQuery,
  type SearchableOrganisation,
} from '../../../provider/data-rules/organisation-words.ts';
import { organisations } from '../../../sandbox/people/register.ts';

const finds = (typed: string, organisation: SearchableOrganisation): boolean => {
  const query = parseOrganisationQuery(typed);
  if (!query.ok) return false;
  if (query.value.inn !== undefined) return organisation.inn === query.value.inn;
  const indexed = organisationWords(organisation);
  return query.value.words.every(({ text, whole }) =>
    indexed.some((word) => (whole ? word === text : word.startsWith(text))),
  );
};
const found = (typed: string) =>
  organisations.filter((organisation) => finds(typed, organisation)).map(({ id }) => id);

describe('an organisation is found', () => {
  it.each([
    // Every example of domain.md §3.9.
    ['МБОУ СОШ № 15 г. Васильевска', ['P-01']],
    ['сош 15 васильевск', ['P-01']],
    ['школа №15', ['P-01']],
    ['0059000018', ['P-01']],
    ['елочка', ['P-02']],
    ['ёлочка', ['P-02']],
    ['СОШ 1', ['P-07', 'P-08']],
    // Abbreviations both ways.
    ['муниципальное бюджетное общеобразовательное учреждение 15', ['P-01']],
    ['средняя общеобразовательная школа 150', ['P-10']],
    ['детский сад 7', ['P-02']],
    ['д/с № 7', ['P-02']],
    ['ДС 7', ['P-02']],
    ['МАОУ лицей', ['P-03']],
    ['ГБПОУ колледж', ['P-04']],
    ['ФГБОУ ВО', ['P-05a', 'P-05b']],
    // Order, quotes, number signs, case, dashes, look-alikes.
    ['камск 1 сош', ['P-08']],
    ['«Ёлочка» мбдоу', ['P-02']],
    ['"елочка', ['P-02']],
    ['сош N 15', ['P-01']],
    ['сош No15', ['P-01']],
    ['сош #15', ['P-01']],
    ['СОШ №15', ['P-01']],
    ['город Васильевск сош 15', ['P-01']],
    ['CОШ 15', ['P-01']],
    ['Приозерск-Главный университет обуч', ['P-05b']],
    ['приозг', ['P-05a', 'P-05b']],
    // Two organisations share an INN; one admits nobody, one is closed: found all the same.
    ['0059000057', ['P-05a', 'P-05b']],
    ['005 900 0057', ['P-05a', 'P-05b']],
    ['росток', ['O-09']],
    // Numbers are whole, words need not be.
    ['сош 15', ['P-01']],
    ['сош 5', []],
    ['нет такой', []],
  ])('«%s»', (typed, ids) => {
    expect(found(typed)).toEqual(ids);
  });

  it('by the town of which only the column tells', () => {
    expect(found('лицей 1 г. Заречинск')).toEqual(['P-03']);
  });
});

describe('a query that cannot be answered says why', () => {
  it.each([
    ['0059000019', 'inn_check_digit'],
    ['59000018', 'inn_leading_zeros_lost'],
    ['005900000186', 'inn_length'],
    ['123456789012345', 'inn_length'],
    ['', 'organisation_query_too_short'],
    ['ш', 'organisation_query_too_short'],
    ['№', 'organisation_query_too_short'],
    ['«»', 'organisation_query_too_short'],
  ])('«%s»: %s', (typed, fault) => {
    expect(parseOrganisationQuery(typed)).toEqual({ ok: false, fault });
  });
});

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'МБОУ СОШ№15г.«Ё»-No/дс') }),
);

describe('whatever is typed', () => {
  it('is answered, and its words are their own normal form', () => {
    fc.assert(
      fc.property(text, (typed) => {
        const query = parseOrganisationQuery(typed);
        if (!query.ok || query.value.inn !== undefined) return;
        const { words } = query.value;
        for (const { text: word } of words) {
          expect(word).toMatch(/^[\p{L}\p{N}]+$/u);
          const again = parseOrganisationQuery(word);
          if (again.ok && again.value.inn === undefined)
            expect(again.value.words).toMatchObject([{ text: word }]);
        }
      }),
    );
  });

  it('finds the organisation that is called so', () => {
    fc.assert(
      fc.property(text, fc.string(), (name, shortName) => {
        const query = parseOrganisationQuery(name);
        if (query.ok && query.value.inn === undefined) expect(finds(name, { name, shortName })).toBe(true);
      }),
    );
  });
});
