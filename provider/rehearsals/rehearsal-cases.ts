/** Which answers an application is played, the right one among them, and where in the sign-in each is wrong. */

/** Nothing is wrong, and the person has said no: what the application looks like then tells the others apart. */
const CONTROLS = ['right', 'denied'] as const;

/** Wrong in what comes back to the callback: the code must not be redeemed (RFC 6749 §10.12, RFC 9207 §2.4). */
const WRONG_ANSWERS = ['state', 'iss_parameter'] as const;

/** Wrong in the ID token (OpenID Connect Core 3.1.3.7). */
export const WRONG_TOKENS = [
  'signature',
  'unsigned',
  'signed_with_public_key',
  'nonce',
  'issuer',
  'audience',
  'expired',
] as const;

/** Right until userinfo speaks of somebody else (OpenID Connect Core 5.3.2). */
const WRONG_USERINFO = ['userinfo_subject'] as const;

export const REHEARSAL_CASES = [...CONTROLS, ...WRONG_ANSWERS, ...WRONG_TOKENS, ...WRONG_USERINFO] as const;

export type WrongToken = (typeof WRONG_TOKENS)[number];
export type RehearsalCase = (typeof REHEARSAL_CASES)[number];

const among = <Name extends string>(names: readonly Name[], name: string): name is Name =>
  (names as readonly string[]).includes(name);

export const isWrongAnswer = (name: RehearsalCase) => among(WRONG_ANSWERS, name);
export const isWrongToken = (name: RehearsalCase): name is WrongToken => among(WRONG_TOKENS, name);
