import { IndexedDbDPoPStore, UserManager } from 'oidc-client-ts';

const manager = new UserManager({
  authority: '{{issuer}}',
  client_id: '{{client_id}}',
  redirect_uri: '{{redirect_uri}}',
  post_logout_redirect_uri: '{{post_logout_redirect_uri}}',
  scope: '{{scope}}',
  response_type: 'code', // with state and PKCE; tokens stay in sessionStorage
  automaticSilentRenew: true, // by the refresh token, a minute before the access token ends
  revokeTokensOnSignout: true,
  // A stolen token is of no use without the key, which never leaves this browser.
  dpop: { bind_authorization_code: true, store: new IndexedDbDPoPStore() },
});

/** Claims of the person: a request of our own, for the token is bound to the key. */
async function profileOf(user) {
  const url = await manager.metadataService.getUserInfoEndpoint();
  const ask = async (nonce) =>
    fetch(url, {
      headers: {
        authorization: `DPoP ${user.access_token}`,
        dpop: await manager.dpopProof(url, user, 'GET', nonce),
      },
    });
  let answer = await ask();
  const nonce = answer.headers.get('dpop-nonce');
  if (answer.status === 401 && nonce) answer = await ask(nonce); // RFC 9449 §9
  const claims = await answer.json();
  if (claims.sub !== user.profile.sub) throw new Error('userinfo is of another person');
  return claims;
}

async function show() {
  const user = await manager.getUser();
  // A person is `iss` and `sub` together, never an e-mail address.
  const { iss, sub } = user?.profile ?? {};
  const shown = user && !user.expired ? { iss, sub, ...(await profileOf(user)) } : null;
  document.querySelector('#person').textContent = shown ? JSON.stringify(shown) : '';
}

document.querySelector('#sign-in').onclick = () => manager.signinRedirect({ nonce: crypto.randomUUID() });
document.querySelector('#refresh').onclick = () => manager.signinSilent().then(show);
document.querySelector('#sign-out').onclick = () => manager.signoutRedirect();
// `invalid_grant`: the session has ended, elsewhere perhaps; she signs in again.
manager.events.addSilentRenewError(() => manager.removeUser().then(show));

const here = new URL(location.href);
if (here.pathname === new URL('{{redirect_uri}}').pathname && here.searchParams.has('state')) {
  try {
    await manager.signinRedirectCallback();
  } catch (error) {
    // `access_denied`: she pressed «Отмена», or may not use this application.
    document.querySelector('#person').textContent = error.error ?? error.message;
    throw error;
  } finally {
    history.replaceState(null, '', '/');
  }
}
await show();
