/** The snippets that suit an application, with its own values in them. Knows the snippets by their index alone. */
import type { Language } from '../../relying-party/texts.ts';
import type { Integration } from '../api/shapes.ts';
import { filesOf, fill, type Stack, stacks, type Values } from '../snippets/snippets.ts';

export type FilledStack = {
  readonly id: string;
  readonly title: string;
  readonly install?: string;
  readonly run?: string;
  readonly whyNotExecuted?: string;
  /** Where the stack usually waits for the answer, when the application has no such redirect address. */
  readonly missingCallback?: string;
  readonly files: ReturnType<typeof filesOf>;
};

export type FillOptions = {
  readonly issuer: string;
  readonly language: Language;
  /** On the page where it was just made; elsewhere its place is named. */
  readonly secret?: string;
};

/** Where the secret goes, for a reader who has it elsewhere. */
const SECRETS_PLACE = 'YOUR_CLIENT_SECRET';
/** What snippets ask for: they sign people in, and each further datum is a decision of the author's. */
const USUAL_SCOPES = ['openid', 'profile', 'email'];

/** Without files, for a list to choose from. */
export function stacksFor({ kind }: Integration, language: Language): { id: string; title: string }[] {
  return stacks.filter(suits(kind)).map(({ id, title }) => ({ id, title: title[language] }));
}

/** Undefined for a stack that does not suit. */
export function filledStack(
  id: string | undefined,
  application: Integration,
  options: FillOptions,
): FilledStack | undefined {
  const stack = stacks.filter(suits(application.kind)).find((each) => each.id === id);
  return stack && filled(stack, application, options);
}

export function suiting(application: Integration, options: FillOptions): readonly FilledStack[] {
  return stacks.filter(suits(application.kind)).map((stack) => filled(stack, application, options));
}

export function scopeOf({ scopes }: Integration): string {
  return USUAL_SCOPES.filter((scope) => scopes.includes(scope)).join(' ');
}

const suits = (kind: Integration['kind']) => (stack: Stack) => stack.kinds.includes(kind);

function filled(
  stack: Stack,
  application: Integration,
  { issuer, language, secret }: FillOptions,
): FilledStack {
  const [redirectUri] = application.redirect_uris;
  const [afterwards] = application.post_logout_redirect_uris;
  const values: Values = {
    issuer,
    client_id: application.client_id,
    scope: scopeOf(application),
    ...(redirectUri !== undefined && { redirect_uri: redirectUri }),
    ...(afterwards !== undefined && { post_logout_redirect_uri: afterwards }),
    client_secret: secret ?? SECRETS_PLACE,
  };
  const { id, title, install, run, why_not_executed } = stack;
  const missingCallback = missingCallbackOf(stack, application);
  return {
    ...{ id, title: title[language], files: filesOf(stack, values) },
    ...(install !== undefined && { install }),
    ...(run !== undefined && { run: fill(run, values) }),
    ...(missingCallback !== undefined && { missingCallback }),
    ...(why_not_executed && { whyNotExecuted: why_not_executed[language] }),
  };
}

/** Of a path alone: apps on a device choose their address themselves. */
function missingCallbackOf({ callback }: Stack, { site, redirect_uris }: Integration): string | undefined {
  if (!callback?.startsWith('/') || site === undefined) return undefined;
  const { pathname, href } = new URL(callback, site);
  return redirect_uris.some((uri) => new URL(uri).pathname === pathname) ? undefined : href;
}
