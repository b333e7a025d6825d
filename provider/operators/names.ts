/** Names of what an operator does to an account and sees of a person, as pages and code both need them. Not how it is done. */
export const ACTS = ['unlock', 'lock', 'sign-out', 'reset-password', 'release-member'] as const;
export type ActName = (typeof ACTS)[number];
export const isActName = (name: string): name is ActName => ACTS.some((act) => act === name);

export type ActFault =
  | 'not_open'
  | 'is_new'
  | 'is_locked'
  | 'is_closed'
  | 'not_held'
  | 'no_address'
  | 'letters_return'
  | 'address_returns'
  | 'last_way'
  | 'last_passkey'
  | 'no_member'
  | 'no_way'
  | 'no_factor';

/** What of a person is masked until it is asked for by itself, which is written down. */
export const UNMASKABLE = ['email', 'ticket', 'phone', 'birthdate'] as const;
export type Unmaskable = (typeof UNMASKABLE)[number];
