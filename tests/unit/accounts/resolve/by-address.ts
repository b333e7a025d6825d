/** Found by the address, or by nothing: rules 2, 4 and 5 of esia.md §5.3. */
import { account, esia, hers, identity, M, member, OTHER_DAY, OURS, type Row, SNILS } from '../people.ts';

export const CONFIRMED_ONLY: readonly Row[] = [
  ['not confirmed', identity(M, { trusted: false }), [], 'refuse unconfirmed'],
  ['not said whether confirmed', identity(M), [], 'refuse unconfirmed'],
  [
    'not confirmed, though everything agrees',
    identity(M, { trusted: false, snils: SNILS, ...hers }),
    [member(M, { snils: 'same', account: hers })],
    'refuse unconfirmed',
  ],
  ['nobody like her', esia(M, hers), [], 'prove or create'],
  [
    'nothing said but the subject',
    esia('', { born: undefined }),
    [member(M, { account: {} })],
    'prove or create',
  ],
];

export const BY_ADDRESS: readonly Row[] = [
  ['an account without a name', esia(M, hers), [account(hers)], 'prove or code'],
  ['an account of the same name', esia(M, hers), [account({ name: M, ...hers })], 'prove or code'],
  [
    'an account of another name',
    esia(M, hers),
    [account({ name: 'Петрова|Мария|Петровна', ...hers })],
    'case family_name @ a1',
  ],
  [
    'a member of another name and birthday',
    esia('Петровский|Павел|Андреевич', { born: '1991-03-12', email: 'petrov1@example.test' }),
    [member('Петров|Пётр|Петрович', { born: '1970-05-05', account: { email: 'petrov1@example.test' } })],
    'prove or create',
  ],
  [
    'a husband in the box of his wife',
    esia('Иванов|Олег|Львович', { born: OTHER_DAY, ...hers }),
    [member(M, { account: hers })],
    'prove or create',
  ],
  [
    'an account of another given name',
    esia('Иванов|Олег|Львович', hers),
    [account({ name: M, ...hers })],
    'prove or create',
  ],
  [
    'a member of another birthday',
    esia(M, { born: OTHER_DAY, ...hers }),
    [member(M, { account: hers })],
    'case birthdate @ a1 m1',
  ],
  [
    'a member of another surname',
    esia('Чернова|Мария|Петровна', hers),
    [member(M, { account: hers })],
    'case family_name @ a1 m1',
  ],
  [
    'a member, without the birthday',
    esia(M, { born: undefined, ...hers }),
    [member(M, { account: hers })],
    'prove or code',
  ],
  [
    'a member with another SNILS, without the birthday',
    esia(M, { born: undefined, snils: SNILS, ...hers }),
    [member(M, { snils: 'other', account: hers })],
    'case snils @ a1 m1',
  ],
  ['somebody else’s, unverified', esia('Сомнева|Вера|Олеговна', { unverified: OURS }), [], 'prove or create'],
  [
    'a child with the parent’s address',
    esia('Иванов|Лев|Петрович', { born: '2018-03-03', ...hers }),
    [member(M, { account: hers })],
    'prove or create',
  ],
  [
    'an account that another identity opens',
    esia(M, hers),
    [account({ subject: 'former', ...hers })],
    'case identity @ a1',
  ],
  ['a locked account', esia(M, hers), [account({ status: 'locked', ...hers })], 'refuse account_unavailable'],
];
