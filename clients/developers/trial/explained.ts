/** What a page of «Попробовать» says beside names and values: which it has words for, and tokens taken apart. Pure. */

/** Of requests and of the answer at the callback. */
export const PARAMETERS = [
  ...['client_id', 'redirect_uri', 'response_type', 'scope', 'state', 'nonce', 'code_challenge'],
  ...['code_challenge_method', 'code', 'iss', 'error', 'error_description', 'grant_type', 'code_verifier'],
  ...['refresh_token', 'Authorization', 'client_assertion', 'client_assertion_type', 'id_token_hint'],
  ...['post_logout_redirect_uri', 'prompt'],
] as const;

/** Of the token endpoint's answer, of ID tokens and of userinfo. */
export const CLAIMS = [
  ...['access_token', 'token_type', 'expires_in', 'id_token', 'refresh_token', 'scope', 'error'],
  ...['error_description', 'iss', 'sub', 'aud', 'exp', 'iat', 'nonce', 'auth_time', 'acr', 'amr', 'sid'],
  ...['at_hash', 'c_hash', 's_hash', 'azp', 'alg', 'kid', 'typ', 'name', 'family_name', 'given_name'],
  ...['middle_name', 'email', 'email_verified', 'phone_number', 'phone_number_verified', 'locale'],
  ...['updated_at', 'membership', 'region', 'ticket_number', 'org', 'jti'],
] as const;

export type Line = {
  readonly name: string;
  readonly value: string;
  /** The last part of its text's key; undefined where there are no words. */
  readonly words?: string;
};

const MOMENTS: ReadonlySet<string> = new Set(['exp', 'iat', 'auth_time', 'updated_at']);

export function parameterLines(parameters: Iterable<readonly [string, string]>): readonly Line[] {
  return [...parameters].map(([name, value]) => line(name, value, PARAMETERS));
}

/** Of a JSON answer, or undefined when it is none. */
export function claimLines(answer: string | undefined): readonly Line[] | undefined {
  const members = membersOf(answer);
  return members && linesOf(members);
}

export type TakenApart = { readonly header: readonly Line[]; readonly claims: readonly Line[] };

/** Its parts are shown, not believed: the signature is for the developer's library to check. */
export function takenApart(token: string | undefined): TakenApart | undefined {
  const [header, claims] = (token ?? '')
    .split('.', 2)
    .map((part) => membersOf(Buffer.from(part, 'base64url').toString('utf8')));
  return header && claims && { header: linesOf(header), claims: linesOf(claims) };
}

/** The texts of an answer that go on being used. */
export function textIn(answer: string, name: string): string | undefined {
  const value = membersOf(answer)?.[name];
  return typeof value === 'string' ? value : undefined;
}

function linesOf(members: Readonly<Record<string, unknown>>): readonly Line[] {
  return Object.entries(members).map(([name, value]) => {
    const isMoment = MOMENTS.has(name) && typeof value === 'number';
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return line(name, isMoment ? `${text} = ${new Date(value * 1_000).toISOString()}` : text, CLAIMS);
  });
}

function line(name: string, value: string, known: readonly string[]): Line {
  return { name, value, ...(known.includes(name) && { words: name }) };
}

function membersOf(text: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
