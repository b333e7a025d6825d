/** The pure parts of the onboarding: a list of chairs, the steps, the one-time password. */
import { describe, expect, it } from 'vitest';
import type { PlacedBelow } from '../../../adapters/onboarding/onboarding.ts';
import { freshOneTimePassword, readOneTimePassword } from '../../../provider/login/one-time-password.ts';
import { officeClaims } from '../../../provider/oidc/policy/offices.ts';
import { LONGEST_LIST, placeChairs, readChairs } from '../../../provider/onboarding/read-chairs.ts';
import { STEPS, stepsOf } from '../../../provider/onboarding/steps.ts';

const rowsOf = (...lines: readonly (readonly string[])[]) =>
  lines.map((cells, at) => ({ line: at + 1, cells, faults: [] }));
const ORLOVA = ['Орлова Мария Ильинична', 'Orlova@Example.test', 'P-01'];
const SCHOOL: PlacedBelow = { id: 'P-01', name: 'Школа', kind: 'primary', hasChair: false };
const placed = new Map([['P-01', SCHOOL]]);

describe('a list of chairs', () => {
  it('passes over a line that names the columns', () => {
    const { chairs, faults } = readChairs(rowsOf(['ФИО', 'E-mail', 'ИНН'], ORLOVA));
    expect(faults).toEqual([]);
    expect(chairs).toEqual([
      {
        line: 2,
        name: { family: 'Орлова', given: 'Мария', middle: 'Ильинична' },
        email: { key: 'orlova@example.test', original: 'Orlova@example.test' },
        organisation: 'P-01',
      },
    ]);
  });

  it('tells every fault of every line', () => {
    const { chairs, faults } = readChairs(rowsOf(['Орлова', 'нет', ''], ORLOVA, ['', '', '']));
    expect(chairs.map(({ line }) => line)).toEqual([2]);
    expect(faults.filter(({ line }) => line === 1).map(({ code }) => code)).toEqual([
      'given_missing',
      'email_malformed',
      'issue_organisation_unknown',
    ]);
    expect(faults.some(({ line }) => line === 3)).toBe(true);
  });

  it('is refused empty, too long, or with cells that say nothing certain', () => {
    expect(readChairs([]).faults[0]?.code).toBe('issue_list_empty');
    const long = Array.from({ length: LONGEST_LIST + 1 }, () => ORLOVA);
    expect(readChairs(rowsOf(...long)).faults[0]).toMatchObject({
      ...{ code: 'issue_list_too_long', line: LONGEST_LIST + 1 },
    });
    const formula = { line: 1, cells: ORLOVA, faults: [{ column: 1, fault: 'formula' as const }] };
    expect(readChairs([formula]).faults).toEqual([{ line: 1, code: 'issue_cell_unreadable' }]);
  });

  it('names nobody twice at one organisation, and no organisation of others', () => {
    const { chairs } = readChairs(rowsOf(ORLOVA, ORLOVA, [...ORLOVA.slice(0, 2), 'P-99']));
    const found = placeChairs(chairs, placed, false);
    expect(found.chairs.map(({ line, at }) => [line, at.id])).toEqual([[1, 'P-01']]);
    expect(found.faults).toEqual([
      { line: 2, code: 'issue_repeated', params: { line: 1 } },
      { line: 3, code: 'issue_organisation_unknown' },
    ]);
  });

  it('makes nobody a second chair whom nobody means to be one, of the list or before it', () => {
    const { chairs } = readChairs(rowsOf(ORLOVA, ['Белкин Олег', 'belkin@example.test', 'Школа']));
    const both = (school: PlacedBelow) =>
      new Map([
        ['P-01', school],
        ['Школа', school],
      ]);
    const linesOf = (school: PlacedBelow) =>
      placeChairs(chairs, both(school), false).faults.map(({ line, code }) => [line, code]);
    expect(linesOf(SCHOOL)).toEqual([[2, 'issue_second_chair']]);
    expect(linesOf({ ...SCHOOL, hasChair: true })).toEqual([
      [1, 'issue_second_chair'],
      [2, 'issue_second_chair'],
    ]);
    const meant = placeChairs(chairs, both({ ...SCHOOL, hasChair: true }), true);
    expect([meant.chairs.length, meant.faults]).toEqual([2, []]);
  });
});

describe('the steps', () => {
  const nothing = { passport: false, members: 0, unconsented: 0, unnumbered: 0, ordered: 0, issued: 0 };

  it('wait for the first that is not done', () => {
    const steps = stepsOf(false, nothing);
    expect(steps.map(({ step }) => step)).toEqual(STEPS);
    expect(steps[0]).toEqual({ step: 'credentials', state: 'done' });
    expect(steps[1]).toEqual({ step: 'undertaking', state: 'next' });
    expect(steps[2]).toEqual({ step: 'passport', state: 'waiting', for: 'undertaking' });
  });

  it('know what is done out of turn, and that consents of nobody are none', () => {
    const steps = stepsOf(true, { ...nothing, members: 3, unconsented: 1, ordered: 2, issued: 2 });
    expect(Object.fromEntries(steps.map(({ step, state }) => [step, state]))).toEqual({
      ...{ credentials: 'done', undertaking: 'done', passport: 'next', members: 'done' },
      ...{ consents: 'waiting', order: 'done', handing_out: 'done', app: 'waiting' },
    });
    expect(stepsOf(true, nothing).find(({ step }) => step === 'consents')?.state).toBe('waiting');
  });

  it('end with the undertaking where the АИС keeps the register', () => {
    expect(stepsOf(true, undefined).map(({ state }) => state)).toEqual(['done', 'done']);
  });
});

describe('a one-time password', () => {
  it('is read however it was typed', () => {
    const made = freshOneTimePassword();
    expect(made).toMatch(/^[2-9A-HJ-NP-Z]{4}(-[2-9A-HJ-NP-Z]{4}){3}$/);
    for (const typed of [
      made,
      made.toLowerCase(),
      made.replaceAll('-', ' '),
      ` ${made.replaceAll('-', '–')}`,
    ]) {
      expect(readOneTimePassword(typed)).toBe(made);
    }
    expect(new Set(Array.from({ length: 50 }, freshOneTimePassword)).size).toBe(50);
  });

  it.each([
    '',
    '7K3M-QX9B-2HFT',
    '7K3M-QX9B-2HFT-WN6P-7K3M',
    '0K3M-QX9B-2HFT-WN6P',
    'длинный пароль из слов',
  ])('is not %j', (typed) => expect(readOneTimePassword(typed)).toBeUndefined());
});

describe('claims of offices', () => {
  const organisation = {
    id: 'T-01',
    kind: 'territorial',
    path: 'R-01/T-01/',
    shortName: 'Г',
    closed: false,
  } as const;
  const held = { id: 'o', accountId: 'a', role: 'chair', organisation, grantedAt: new Date(0) } as const;
  const given = { ...held, undertaken: { at: new Date(0), how: 'paper' } } as const;

  it('open no register without the undertaking, and nothing without an office', () => {
    expect(officeClaims(new Set(['staff']), [])).toBeUndefined();
    expect(officeClaims(new Set(['staff', 'registry']), [held])).toBeUndefined();
    expect(officeClaims(new Set(['staff']), [held])).toMatchObject({ registry_scope: [] });
    expect(officeClaims(new Set(['registry']), [held, given])?.registry_scope).toEqual([
      { organisation: 'T-01', kind: 'territorial', with_below: true },
    ]);
  });
});
