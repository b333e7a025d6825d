/** The matching rules of esia.md §5.3, the plainest case of each; every near miss stands in the table of resolve. */
import { expect, test } from 'vitest';
import { LINKING_POLICIES } from '../../../provider/accounts/linking-policy.ts';
import { type Known, resolve } from '../../../provider/accounts/resolve.ts';
import { toldBy } from '../../../provider/accounts/told-person.ts';
import { account, esia, hers, identity, LATIN, M, member, OTHER_DAY, OURS, SNILS, said } from './people.ts';

const judge = (told: ReturnType<typeof esia>, known: Partial<Known>) =>
  resolve(toldBy(told), { candidates: [], ...known }, LINKING_POLICIES.esia);
const outcome = (...of: Parameters<typeof judge>) => said(judge(...of));

test('no. 22: rule 1: a known link signs in, and nothing is matched again', () => {
  const owner = { accountId: 'a1', status: 'confirmed' } as const;
  const another = member('Чернова|Елена', { born: OTHER_DAY, snils: 'same', account: { id: 'a2' } });
  expect(outcome(esia('Чернова|Елена', { snils: SNILS }), { owner, candidates: [another] })).toBe(
    'sign-in a1',
  );
});

test('no. 22: rule 2: without a link only a confirmed account counts', () => {
  const candidates = [member(M, { snils: 'same', account: {} })];
  expect(outcome(identity(M, { snils: SNILS, trusted: false }), { candidates })).toBe('refuse unconfirmed');
  expect(outcome(identity(M, { snils: SNILS }), { candidates })).toBe('refuse unconfirmed');
  expect(outcome(esia(M, { snils: SNILS }), { candidates })).toBe('link a1');
});

test('no. 22: rule 3: the SNILS of one person links where surname and birthday agree, and else opens a case', () => {
  const told = { snils: SNILS };
  const candidates = [member(M, { snils: 'same', account: {} })];
  expect(outcome(esia(M, told), { candidates })).toBe('link a1');
  expect(outcome(esia('Чернова|Мария|Петровна', told), { candidates })).toBe('case family_name @ a1 m1');
  expect(outcome(esia(M, { ...told, born: OTHER_DAY }), { candidates })).toBe('case birthdate @ a1 m1');
});

test('no. 22: rule 4: without a SNILS, name, birthday and verified address ask for a proof of the account', () => {
  const candidates = [member(M, { account: hers })];
  expect(outcome(esia(M, hers), { candidates })).toBe('prove or code');
  expect(outcome(esia(M, { unverified: OURS }), { candidates })).toBe('prove');
});

test('no. 22: rule 5: the same e-mail of another person, or a name alone, never links', () => {
  const another = member('Иванов|Пётр|Ильич', { born: OTHER_DAY, account: hers });
  expect(outcome(esia(M, hers), { candidates: [another] })).toBe('prove or create');
  expect(outcome(esia(M, hers), { candidates: [account({ email: OURS })] })).toBe('prove or code');
  expect(outcome(esia(M), { candidates: [member(M, { born: OTHER_DAY, account: {} })] })).toBe(
    'prove or create',
  );
});

test('no. 22: rule 6: a SNILS whose account is linked to another number at Gosuslugi opens a case', () => {
  const candidates = [member(M, { snils: 'same', account: { subject: 'the former one' } })];
  expect(outcome(esia(M, { snils: SNILS }), { candidates })).toBe('case identity @ a1 m1');
});

test('no. 22: rule 7: spaces, case, Ё, hyphens, a missing patronymic and Latin letters make nobody another', () => {
  const pairs: readonly (readonly [string, string])[] = [
    ['  ФЁДОРОВА –  Ёлкина|алена|семеновна', 'Федорова-Елкина|Алёна|Семёновна'],
    ['Иванова|Мария', M],
    [LATIN, M],
    ['Иванова|Мария|Петровна'.normalize('NFD'), M],
  ];
  for (const [theirs, ours] of pairs) {
    const candidates = [member(ours, { snils: 'same', account: {} })];
    expect(outcome(esia(theirs, { snils: SNILS }), { candidates }), theirs).toBe('link a1');
  }
});

test('no. 22: rule 8: what becomes of a difference names its kind, never a value of the other record', () => {
  const candidates = [member('Белова|Мария|Петровна', { born: OTHER_DAY, snils: 'same', account: hers })];
  const decided = judge(esia(M, { snils: SNILS }), { candidates });
  expect(decided).toMatchObject({ kind: 'case', kinds: ['family_name', 'birthdate'] });
  expect(JSON.stringify(decided)).not.toMatch(/Белова|Мария|1984|@/);
});

test('no. 22: rule 9: once the record is put right, the next sign-in links', () => {
  const told = esia('Чернова|Мария|Петровна', { snils: SNILS });
  expect(outcome(told, { candidates: [member(M, { snils: 'same', account: {} })] })).toMatch(/^case/);
  const corrected = member('Чернова|Мария|Петровна', { snils: 'same', account: {} });
  expect(outcome(told, { candidates: [corrected] })).toBe('link a1');
});
