/**
 * `id_token_hint` names the person a relying party expects (OpenID Connect Core 3.1.2.1). The library compares it when
 * the request comes in; whoever signs in afterwards is compared here, so that nobody else ever gets a code.
 */
import { type Client, errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';

const { Check } = interactionPolicy;

/** The library's check of this name, in its place. */
export const HINT_CHECK = 'id_token_hint';

type Validated = { readonly payload: { readonly sub?: unknown } };
type HintJudge = { validate(jwt: string, client: Client): Promise<Validated> };

/** `subjectOf`: the name the client knows an account by. */
export function hintCheck(subjectOf: (client: Client, accountId: string) => string) {
  return new Check(
    HINT_CHECK,
    'id_token_hint and authenticated subject do not match',
    'login_required',
    async ({ oidc }: KoaContextWithOIDC) => {
      const { params, client, session, result, entities, provider } = oidc;
      const hint = params?.id_token_hint;
      if (typeof hint !== 'string' || !client) return Check.NO_NEED_TO_PROMPT;
      if (session?.accountId === undefined) return Check.REQUEST_PROMPT;
      const judge = provider.IdToken as unknown as HintJudge;
      const { payload } = entities.IdTokenHint ?? (await judge.validate(hint, client));
      if (payload.sub === subjectOf(client, session.accountId)) return Check.NO_NEED_TO_PROMPT;
      // She has just signed in; asking her again would only say that she is still not the other one.
      if (result?.login) throw new errors.LoginRequired('somebody else has signed in');
      return Check.REQUEST_PROMPT;
    },
  );
}
