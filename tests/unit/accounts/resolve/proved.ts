/** After she has proved an account, too: only what contradicts stands in the way. */

import type { Candidate } from '../../../../adapters/candidates/candidates.ts';
import type { Identity } from '../../../../adapters/identity.ts';
import { LINKING_POLICIES, type LinkingPolicy } from '../../../../provider/accounts/linking-policy.ts';
import type { Known } from '../../../../provider/accounts/resolve.ts';
import { account, esia, hers, identity, M, member, OTHER_DAY, SNILS } from '../people.ts';

type ProvedRow = readonly [
  name: string,
  told: Identity,
  proved: Candidate,
  outcome: string,
  known?: Partial<Known>,
  policy?: LinkingPolicy,
];

export const PROVED: readonly ProvedRow[] = [
  ['everything agrees', esia(M), member(M, { account: {} }), 'link a1'],
  ['no name, no member: nothing to contradict', esia(M), account(), 'link a1'],
  [
    'nothing told: nothing to contradict',
    esia('', { born: undefined }),
    member(M, { account: {} }),
    'link a1',
  ],
  ['another surname', esia('Чернова|Мария|Петровна'), member(M, { account: {} }), 'case family_name @ a1 m1'],
  [
    'another surname of the account',
    esia('Чернова|Мария|Петровна'),
    account({ name: M }),
    'case family_name @ a1',
  ],
  [
    'another given name',
    esia('Иванова|Алла|Петровна'),
    member(M, { account: {} }),
    'case given_name @ a1 m1',
  ],
  [
    'another patronymic',
    esia('Иванова|Мария|Павловна'),
    member(M, { account: {} }),
    'case middle_name @ a1 m1',
  ],
  ['another birthday', esia(M, { born: OTHER_DAY }), member(M, { account: {} }), 'case birthdate @ a1 m1'],
  ['a patronymic missing contradicts nothing', esia('Иванова|Мария'), member(M, { account: {} }), 'link a1'],
  [
    'another address contradicts nothing',
    esia(M, { email: 'new@example.test' }),
    member(M, { account: hers }),
    'link a1',
  ],
  ['no SNILS in the register', esia(M, { snils: SNILS }), member(M, { account: {} }), 'link a1'],
  [
    'another SNILS in the register',
    esia(M, { snils: SNILS }),
    member(M, { snils: 'other', account: {} }),
    'case snils @ a1 m1',
  ],
  [
    'the SNILS is another member’s',
    esia(M, { snils: SNILS }),
    member(M, { account: {} }),
    'case snils @ a1 m1',
    { candidates: [member(M, { id: 'm2', snils: 'same' })] },
  ],
  [
    'РСАА: a typed SNILS contradicts nothing',
    identity(M, { snils: SNILS }),
    member(M, { snils: 'other', account: {} }),
    'link a1',
    {},
    LINKING_POLICIES.oidc,
  ],
  [
    'the account is of no member, she is one',
    esia(M, { snils: SNILS }),
    account(),
    'link a1 m1',
    { candidates: [member(M, { snils: 'same' })] },
  ],
  [
    'she is a member, as far as РСАА says',
    identity(M, { snils: SNILS }),
    account(),
    'link a1',
    { candidates: [member(M, { snils: 'same' })] },
    LINKING_POLICIES.oidc,
  ],
  [
    'the member of her SNILS has another account',
    esia(M, { snils: SNILS }),
    account(),
    'case snils @ a1',
    { candidates: [member(M, { snils: 'same', account: { id: 'a2' } })] },
  ],
  [
    'the member of her SNILS has another surname',
    esia(M, { snils: SNILS }),
    account(),
    'case family_name @ m1',
    { candidates: [member('Чернова|Мария|Петровна', { snils: 'same' })] },
  ],
  [
    'the member of her SNILS, but no birthday told',
    esia(M, { snils: SNILS, born: undefined }),
    account(),
    'link a1',
    { candidates: [member(M, { snils: 'same' })] },
  ],
  [
    'another identity of this upstream opens it',
    esia(M),
    member(M, { account: { subject: 'former' } }),
    'case identity @ a1 m1',
  ],
  [
    'the identity opens another account by now',
    esia(M),
    member(M, { account: {} }),
    'case identity @ a1 m1',
    { owner: { accountId: 'a2', status: 'confirmed' } },
  ],
  [
    'the identity opens it already',
    esia(M),
    member(M, { account: { subject: 'subject' } }),
    'link a1',
    { owner: { accountId: 'a1', status: 'confirmed' } },
  ],
  [
    'not confirmed at ЕСИА',
    identity(M, { trusted: false }),
    member(M, { account: {} }),
    'refuse unconfirmed',
  ],
  ['not confirmed at РСАА', identity(M), member(M, { account: {} }), 'link a1', {}, LINKING_POLICIES.oidc],
  ['a locked account', esia(M), member(M, { account: { status: 'locked' } }), 'refuse account_unavailable'],
];
