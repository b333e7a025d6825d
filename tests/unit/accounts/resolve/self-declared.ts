/** РСАА: where people say of themselves what they like. */
import { hers, identity, M, member, OTHER_DAY, OURS, type Row, SNILS } from '../people.ts';

export const SELF_DECLARED: readonly Row[] = [
  ['nobody like her', identity(M, hers), [], 'prove or create'],
  ['ФИО and birthday', identity(M), [member(M, { account: {} })], 'prove'],
  ['ФИО, birthday and address', identity(M, hers), [member(M, { account: hers })], 'prove or code'],
  [
    'the address alone, of somebody without a name',
    identity('', { born: undefined, ...hers }),
    [member(M, { account: hers })],
    'prove or code',
  ],
  [
    'ФИО and address, no birthday',
    identity(M, { born: undefined, ...hers }),
    [member(M, { account: hers })],
    'prove or code',
  ],
  [
    'the address of another person',
    identity('Петровский|Павел|Андреевич', { born: '1991-03-12', ...hers }),
    [member(M, { account: hers })],
    'prove or create',
  ],
  ['the address unverified', identity('Петровский|Павел', { unverified: OURS }), [], 'prove or create'],
  [
    'a typed SNILS finds nobody',
    identity('Чернова|Ольга|Ильинична', { snils: SNILS, born: OTHER_DAY }),
    [member(M, { snils: 'same', account: {} })],
    'prove or create',
  ],
  [
    'a typed SNILS links nobody',
    identity(M, { snils: SNILS }),
    [member(M, { snils: 'same', account: {} })],
    'prove',
  ],
  [
    'a typed SNILS registers nobody',
    identity(M, { snils: SNILS }),
    [member(M, { snils: 'same' })],
    'prove or create',
  ],
  [
    'a typed SNILS contradicts nobody',
    identity(M, { snils: SNILS }),
    [member(M, { snils: 'other', account: {} })],
    'prove',
  ],
  [
    'a claim «trusted» makes nothing of it',
    identity(M, { trusted: true, snils: SNILS }),
    [member(M, { snils: 'same', account: {} })],
    'prove',
  ],
  [
    'registered there anew',
    identity(M),
    [member(M, { account: { subject: 'former' } })],
    'case identity @ a1 m1',
  ],
  [
    'her account is locked',
    identity(M),
    [member(M, { account: { status: 'locked' } })],
    'refuse account_unavailable',
  ],
  ['two namesakes of one day', identity(M), [member(M), member(M, { id: 'm2' })], 'case ambiguous @'],
];
