import { randomBytes } from 'node:crypto';
import express from 'express';
import session from 'express-session';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as client from 'openid-client';

const issuer = new URL('{{issuer}}');
const redirectUri = '{{redirect_uri}}';
const isLocal = issuer.protocol === 'http:'; // the sandbox alone
const config = await client.discovery(issuer, '{{client_id}}', process.env.CLIENT_SECRET, undefined, {
  // Without the second, TLS to the gateway vouches for an ID token (OpenID Connect Core §3.1.3.7, 6).
  execute: [...(isLocal ? [client.allowInsecureRequests] : []), client.enableNonRepudiationChecks],
});
const keys = createRemoteJWKSet(new URL(config.serverMetadata().jwks_uri));

const sessions = new session.MemoryStore(); // in production: a store that all processes share
const app = express().set('trust proxy', 1);
app.use(
  session({
    store: sessions,
    secret: process.env.SESSION_SECRET ?? randomBytes(32).toString('hex'),
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax', secure: redirectUri.startsWith('https:') },
  }),
);
const renewed = (req) =>
  new Promise((resolve, reject) => req.session.regenerate((error) => (error ? reject(error) : resolve())));

app.get('/login', async (req, res) => {
  const checks = {
    pkceCodeVerifier: client.randomPKCECodeVerifier(),
    expectedState: client.randomState(),
    expectedNonce: client.randomNonce(),
  };
  req.session.checks = checks;
  const to = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: '{{scope}}',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    code_challenge: await client.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
  });
  res.redirect(to.href);
});

app.get(new URL(redirectUri).pathname, async (req, res) => {
  const { checks } = req.session;
  if (!checks) return res.redirect('/login');
  delete req.session.checks;
  const here = new URL(req.originalUrl, redirectUri);
  const tokens = await client.authorizationCodeGrant(config, here, { ...checks, idTokenExpected: true });
  const { iss, sub, sid } = tokens.claims();
  const profile = await client.fetchUserInfo(config, tokens.access_token, sub);
  await renewed(req); // the id of a session never outlives a sign-in
  const { access_token, refresh_token, id_token } = tokens;
  // A person is `iss` and `sub` together, never an e-mail address.
  Object.assign(req.session, {
    person: { iss, sub, sid, name: profile.name },
    access_token,
    refresh_token,
    id_token,
  });
  res.redirect('/');
});

app.get('/', (req, res) => {
  if (!req.session.person) return res.send('<a href="/login">Sign in</a>');
  res.json(req.session.person);
});

app.post('/refresh', async (req, res) => {
  try {
    const tokens = await client.refreshTokenGrant(config, req.session.refresh_token);
    // The old refresh token is spent: keep the new one before anything else.
    Object.assign(req.session, tokens);
    res.status(204).end();
  } catch (error) {
    if (error.error !== 'invalid_grant') throw error;
    await renewed(req); // over: let her sign in again
    res.redirect(303, '/login');
  }
});

app.post('/logout', async (req, res) => {
  const { id_token } = req.session;
  await renewed(req);
  const to = client.buildEndSessionUrl(config, {
    ...(id_token && { id_token_hint: id_token }),
    post_logout_redirect_uri: '{{post_logout_redirect_uri}}',
  });
  res.redirect(303, to.href);
});

// She has signed out elsewhere (OpenID Connect Back-Channel Logout 1.0 §2.6). Ending a session twice does no harm.
app.post('/backchannel-logout', express.urlencoded({ extended: false }), async (req, res) => {
  const { issuer, id_token_signing_alg_values_supported: algorithms } = config.serverMetadata();
  const { payload } = await jwtVerify(req.body?.logout_token ?? '', keys, {
    issuer,
    audience: '{{client_id}}',
    typ: 'logout+jwt',
    algorithms,
    maxTokenAge: '2 minutes',
    requiredClaims: ['jti', 'exp', 'sid'],
  }).catch(() => ({}));
  const event = payload?.events?.['http://schemas.openid.net/event/backchannel-logout'];
  if (!event || 'nonce' in payload) return res.status(400).end();
  sessions.all((_error, all) => {
    const ended = Object.entries(all).filter(([, { person }]) => person?.sid === payload.sid);
    for (const [id] of ended) sessions.destroy(id);
    res.set('cache-control', 'no-store').status(200).end();
  });
});

app.use((error, _req, res, _next) => {
  // `access_denied`: she pressed «Отмена», or may not use this application.
  if (error.error) return res.status(400).json({ error: error.error });
  console.error(error);
  res.status(500).end();
});
const port = process.env.PORT ?? '{{port}}';
app.listen(port, () => console.log(`http://localhost:${port}`));
