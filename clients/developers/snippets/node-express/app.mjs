import express from 'express';
import connect from 'express-openid-connect';
import session from 'express-session';

const { auth, requiresAuth } = connect;
const app = express().set('trust proxy', 1);
app.use(
  auth({
    issuerBaseURL: '{{issuer}}',
    clientID: '{{client_id}}',
    clientSecret: process.env.CLIENT_SECRET,
    clientAuthMethod: 'client_secret_basic',
    baseURL: new URL('{{redirect_uri}}').origin,
    routes: {
      callback: new URL('{{redirect_uri}}').pathname,
      postLogoutRedirect: '{{post_logout_redirect_uri}}',
    },
    secret: process.env.SESSION_SECRET,
    authRequired: false,
    idpLogout: true, // signs out at the gateway, too: GET /logout
    authorizationParams: { response_type: 'code', scope: '{{scope}}' }, // state, nonce and PKCE by itself
    // Whose session has ended elsewhere: POST /backchannel-logout. In production: a store that all processes share.
    backchannelLogout: { store: new session.MemoryStore() },
  }),
);

app.get('/', requiresAuth(), async (req, res) => {
  const { iss, sub } = req.oidc.idTokenClaims;
  const { name } = await req.oidc.fetchUserInfo();
  res.json({ iss, sub, name }); // a person is `iss` and `sub` together, never an e-mail address
});

app.post('/refresh', requiresAuth(), async (req, res) => {
  // By itself the library refreshes nothing: ask `req.oidc.accessToken.isExpired()` before you use the token.
  await req.oidc.accessToken.refresh();
  res.status(204).end();
});

const port = process.env.PORT ?? '{{port}}';
app.listen(port, () => console.log(`http://localhost:${port}`));
