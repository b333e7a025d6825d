/**
 * Anybody can pretend to be a native application: the answer goes to whoever has taken its scheme or its port. So none
 * is given to it without a page (RFC 8252 §8.6); for ours, the page of signing in will do.
 */
import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { isFirstParty } from '../client-rules.ts';

const { Check } = interactionPolicy;

export const NATIVE_CHECK = 'native_client_prompt';

export function nativeCheck() {
  return new Check(
    NATIVE_CHECK,
    'native clients require End-User interaction',
    'interaction_required',
    ({ oidc }: KoaContextWithOIDC) => {
      const { client, result } = oidc;
      if (client?.applicationType !== 'native' || result?.consent) return Check.NO_NEED_TO_PROMPT;
      // A session lent by another tab has no method: nobody has looked at a page for this request.
      const hasSignedIn = result?.login?.method !== undefined;
      return isFirstParty(client) && hasSignedIn ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT;
    },
  );
}
