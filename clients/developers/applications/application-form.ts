/** The form of an application: fields as they are typed, what the API is sent of them, where its reproaches belong. */
import { z } from 'zod';
import type { Problem } from '../api/management-api.ts';
import { AUTHENTICATIONS, type Authentication, type Integration, KINDS, type Kind } from '../api/shapes.ts';
import { type FieldProblem, placed } from '../field-problems.ts';

/** Of what anybody's application may ask, the claims that a person may be left to decline. */
const DECLINABLE = ['name', 'email', 'phone_number'] as const;

const typed = z.string().max(8_000).default('');
const ticked = z.literal('yes').optional();

export const applicationFields = {
  kind: z.enum(KINDS),
  name: typed,
  owner: typed,
  site: typed,
  redirect_uris: typed,
  post_logout_redirect_uris: typed,
  backchannel_logout_uri: typed,
  initiate_login_uri: typed,
  optional_name: ticked,
  optional_email: ticked,
  optional_phone_number: ticked,
  authentication: z.enum(AUTHENTICATIONS).optional(),
  jwks: typed,
  jwks_uri: typed,
};
type Typed = z.output<z.ZodObject<typeof applicationFields>>;
export type ApplicationValues = Omit<Typed, 'kind' | 'authentication'> & {
  readonly authentication: Authentication;
};

/** How a kind may prove itself; the first is the usual one. */
export const AUTHENTICATIONS_OF: Readonly<Record<Kind, readonly [Authentication, ...Authentication[]]>> = {
  web: ['secret', 'keys'],
  spa: ['none'],
  native: ['none'],
  device: ['none', 'secret', 'keys'],
  service: ['secret', 'keys'],
};

/** Those in which a browser comes back. */
export const redirects = (kind: Kind): boolean => kind === 'web' || kind === 'spa' || kind === 'native';

export function emptyValues(kind: Kind): ApplicationValues {
  return {
    ...{ name: '', owner: '', site: '', redirect_uris: '', post_logout_redirect_uris: '' },
    ...{ backchannel_logout_uri: '', initiate_login_uri: '', jwks: '', jwks_uri: '' },
    authentication: AUTHENTICATIONS_OF[kind][0],
  };
}

export function valuesOf(one: Integration): ApplicationValues {
  return {
    name: one.name,
    owner: one.owner ?? '',
    site: one.site ?? '',
    redirect_uris: one.redirect_uris.join('\n'),
    post_logout_redirect_uris: one.post_logout_redirect_uris.join('\n'),
    backchannel_logout_uri: one.backchannel_logout_uri ?? '',
    initiate_login_uri: one.initiate_login_uri ?? '',
    authentication: one.authentication,
    jwks: one.jwks ? JSON.stringify(one.jwks, null, 2) : '',
    jwks_uri: one.jwks_uri ?? '',
    ...Object.fromEntries(
      DECLINABLE.filter((claim) => one.optional_claims.includes(claim)).map((claim) => [
        `optional_${claim}`,
        'yes' as const,
      ]),
    ),
  };
}

/** As typed, with the usual proof where none was chosen. */
export function typedValues({ kind, authentication, ...values }: Typed): ApplicationValues {
  return { ...values, authentication: authentication ?? AUTHENTICATIONS_OF[kind][0] };
}

const NEEDED = ['name', 'owner', 'site', 'redirect_uris'] as const;

/** All that was left empty at once: the API reads addresses only when everything else is there. */
export function emptyFields(kind: Kind, values: ApplicationValues): readonly FieldProblem[] {
  return NEEDED.filter((field) => values[field].trim() === '')
    .filter((field) => field !== 'redirect_uris' || redirects(kind))
    .map((field) => ({ field, key: `form.problem.empty.${field}` }));
}

/** Keys that are no JSON are told here: the API could only say that a text is no object. */
export function bodyOf(
  values: ApplicationValues,
): { readonly body: object } | { readonly problems: readonly FieldProblem[] } {
  const { authentication } = values;
  const jwks = authentication === 'keys' ? jsonIn(values.jwks) : undefined;
  if (jwks === null) return { problems: [{ field: 'jwks', key: 'form.problem.no_json' }] };
  return {
    body: {
      name: values.name.trim(),
      ...given('owner', values.owner),
      site: values.site.trim(),
      authentication,
      redirect_uris: linesOf(values.redirect_uris),
      post_logout_redirect_uris: linesOf(values.post_logout_redirect_uris),
      ...given('backchannel_logout_uri', values.backchannel_logout_uri),
      ...given('initiate_login_uri', values.initiate_login_uri),
      optional_claims: DECLINABLE.filter((claim) => values[`optional_${claim}`] === 'yes'),
      ...(jwks !== undefined && { jwks }),
      ...(authentication === 'keys' && given('jwks_uri', values.jwks_uri)),
    },
  };
}

/** For a change: what was emptied is said to be gone. */
export function changeOf(
  one: Integration,
  values: ApplicationValues,
): { readonly body: object } | { readonly problems: readonly FieldProblem[] } {
  const made = bodyOf({ ...values, authentication: one.authentication });
  if ('problems' in made) return made;
  const { authentication: _, ...body } = made.body as Record<string, unknown> & {
    optional_claims: readonly string[];
  };
  // What the form has no tick for stays as it is.
  const others = one.optional_claims.filter((claim) => !(DECLINABLE as readonly string[]).includes(claim));
  const gone = (['backchannel_logout_uri', 'initiate_login_uri', 'jwks', 'jwks_uri'] as const).filter(
    (name) => one[name] !== undefined && body[name] === undefined,
  );
  const optional_claims = [...body.optional_claims, ...others];
  return { body: { ...body, optional_claims, ...Object.fromEntries(gone.map((name) => [name, null])) } };
}

/** A reproach to one of several addresses names it. */
export function problemsAt(problem: Problem, values: ApplicationValues): readonly FieldProblem[] {
  return placed(problem, Object.keys(applicationFields), (field, at) =>
    field === 'redirect_uris' || field === 'post_logout_redirect_uris'
      ? linesOf(values[field])[at]
      : undefined,
  );
}

export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function given(name: string, value: string): Record<string, string> {
  const text = value.trim();
  return text === '' ? {} : { [name]: text };
}

/** Undefined for nothing, null for what is no JSON. */
function jsonIn(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
