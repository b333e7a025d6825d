/** The happy flow that most modules of the suite are variations of. */
import { type Authorization, authorize, type Browser, type Changes, codeOf, newcomer } from './authorize.ts';
import { type IdToken, idTokenOf } from './id-token.ts';
import type { Client, Server } from './server.ts';
import { claimsOf, redeem, type Tokens, tokensOf, userinfo } from './token-endpoint.ts';

export type Flow = {
  readonly browser: Browser;
  readonly authorization: Authorization;
  readonly code: string;
  readonly tokens: Tokens;
  readonly idToken: IdToken;
  readonly claims: Readonly<Record<string, unknown>>;
};

/** From the authorization request to userinfo, everything checked that does not depend on the module. */
export async function happyFlow(
  server: Server,
  changes: Changes = {},
  { client = server.first, browser = newcomer(server) }: { client?: Client; browser?: Browser } = {},
): Promise<Flow> {
  return completed(server, client, browser, await authorize(server, client, changes, browser));
}

export async function completed(
  server: Server,
  client: Client,
  browser: Browser,
  authorization: Authorization,
): Promise<Flow> {
  const code = codeOf(server, client, authorization);
  const tokens = tokensOf(await redeem(server, client, authorization, code));
  const idToken = await idTokenOf(server, client, tokens, authorization.request);
  const claims = claimsOf(await userinfo(server, tokens.access_token), idToken.sub);
  return { browser, authorization, code, tokens, idToken, claims };
}
