import { describe, expect, it } from 'vitest';
import { readSearch } from '../../../provider/operators/read-search.ts';
import { readSpan, spanText } from '../../../provider/operators/read-span.ts';

const NOTHING = { clue: '', family: '', given: '', middle: '', birthdate: '', organisation: '' };
const read = (typed: Partial<typeof NOTHING>) =>
  readSearch(
    { ...NOTHING, ...typed },
    { today: '2026-11-21', snilsDigest: (snils) => Buffer.from(`digest of ${snils}`) },
  );

describe('what an operator types to find somebody', () => {
  it.each([
    ['9900 0000 0000 0011', [{ kind: 'ticket', value: '9900000000000011' }]],
    ['Ivanova@Example.test', [{ kind: 'email', value: 'ivanova@example.test' }]],
    ['8 (900) 000-00-01', [{ kind: 'phone', value: '+79000000001' }]],
    ['900-100-101 91', [{ kind: 'snils', value: Buffer.from('digest of 90010010191') }]],
    [
      '6F1D7E52-1F5D-4C52-9A54-0F2F1D6C8A11',
      [{ kind: 'account', value: '6f1d7e52-1f5d-4c52-9a54-0f2f1d6c8a11' }],
    ],
  ])('%s', (clue, clues) => {
    expect(read({ clue })).toEqual({ ok: true, search: { by: 'clue', clues } });
  });

  it('looks for eleven digits as a telephone number and as a SNILS', () => {
    const found = read({ clue: '89000000001' });
    expect(found.ok && found.search.by === 'clue' && found.search.clues.map(({ kind }) => kind)).toContain(
      'phone',
    );
  });

  it('takes names from three letters, or with a birth date from one', () => {
    expect(read({ family: 'Ива', given: 'м', organisation: ' 15 ' })).toEqual({
      ok: true,
      search: { by: 'name', clue: { family: 'Ива', given: 'м' }, organisation: '15' },
    });
    expect(read({ family: 'И', birthdate: '14.03.1984' })).toEqual({
      ok: true,
      search: { by: 'name', clue: { family: 'И', birthdate: '1984-03-14' }, organisation: '' },
    });
  });

  it.each([
    [{ clue: 'нечто' }, 'clue', 'search_clue_unknown'],
    [{}, 'family', 'search_empty'],
    [{ family: 'Ив' }, 'family', 'search_too_short'],
    [{ given: 'Мария' }, 'family', 'search_empty'],
    [{ family: 'Ива%' }, 'family', 'family_forbidden_character'],
    [{ family: 'Ива', given: '<b>' }, 'given', 'given_forbidden_character'],
    [{ birthdate: '31.02.1984' }, 'birthdate', 'date_not_in_calendar'],
  ])('refuses %j', (typed, field, code) => {
    expect(read(typed)).toEqual({ ok: false, problem: { field, code } });
  });
});

describe('a span of time', () => {
  const span = { from: '2026-11-21T18:00', until: '2026-11-21T19:30', network: '', client: '' };

  it('is by the clock of Moscow, there and back', () => {
    const found = readSpan({ ...span, network: ' 203.0.113.0/24 ', client: 'dictation' });
    expect(found).toEqual({
      ok: true,
      affected: {
        from: new Date('2026-11-21T15:00:00Z'),
        until: new Date('2026-11-21T16:30:00Z'),
        ...{ network: '203.0.113.0/24', clientId: 'dictation' },
      },
    });
    expect(spanText(new Date('2026-11-21T15:00:00Z'))).toBe(span.from);
  });

  it.each([
    [{ from: '' }, 'from', 'moment_malformed'],
    [{ from: '2026-02-31T10:00' }, 'from', 'moment_malformed'],
    [{ until: span.from }, 'until', 'span_empty'],
    [{ from: '2026-01-01T00:00' }, 'until', 'span_too_long'],
    [{ network: "' or 1=1" }, 'network', 'network_malformed'],
    [{ client: '<script>' }, 'client', 'client_malformed'],
  ])('refuses %j', (typed, field, code) => {
    expect(readSpan({ ...span, ...typed })).toEqual({ ok: false, problems: [{ field, code }] });
  });
});
