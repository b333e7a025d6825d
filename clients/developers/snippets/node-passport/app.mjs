import { createHash, randomBytes } from 'node:crypto';
import express from 'express';
import session from 'express-session';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import passport from 'passport';
import { Strategy } from 'passport-openidconnect';

const redirectUri = '{{redirect_uri}}';
const clientId = '{{client_id}}';
const secret = process.env.CLIENT_SECRET;
const op = await (await fetch('{{issuer}}/.well-known/openid-configuration')).json();
const keys = createRemoteJWKSet(new URL(op.jwks_uri));

/** The strategy knows no PKCE; the gateway asks for it. Passport makes an object of its own for each request. */
class PkceStrategy extends Strategy {
  authenticate(req, options) {
    const oauth2 = this._oauth2;
    if (req.query.code) {
      const code_verifier = req.session.codeVerifier ?? '';
      delete req.session.codeVerifier;
      this._oauth2 = Object.create(oauth2, {
        getOAuthAccessToken: {
          value: (code, params, done) => oauth2.getOAuthAccessToken(code, { ...params, code_verifier }, done),
        },
      });
    } else {
      const verifier = randomBytes(32).toString('base64url');
      req.session.codeVerifier = verifier;
      const code_challenge = createHash('sha256').update(verifier).digest('base64url');
      this.authorizationParams = () => ({ code_challenge, code_challenge_method: 'S256' });
    }
    super.authenticate(req, options);
  }
}

passport.use(
  'union-id',
  new PkceStrategy(
    {
      issuer: op.issuer,
      authorizationURL: op.authorization_endpoint,
      tokenURL: op.token_endpoint,
      userInfoURL: op.userinfo_endpoint,
      clientID: clientId,
      clientSecret: secret,
      callbackURL: redirectUri,
      scope: '{{scope}}'.split(' ').filter((name) => name !== 'openid'),
      nonce: true,
      skipUserProfile: false,
    },
    async (iss, profile, _context, id_token, access_token, refresh_token, done) => {
      try {
        // The strategy reads the ID token without looking at its signature.
        const checked = { issuer: op.issuer, audience: clientId };
        const { payload } = await jwtVerify(id_token, keys, checked);
        const { sub, sid } = payload;
        // Userinfo must be of the same person (OpenID Connect Core 1.0 §5.3.2).
        if (profile.id !== sub) return done(null, false);
        // A person is `iss` and `sub` together, never an e-mail address.
        done(null, { iss, sub, sid, name: profile.displayName, id_token, access_token, refresh_token });
      } catch (error) {
        done(error);
      }
    },
  ),
);
passport.serializeUser((user, done) => done(null, user));
passport.deserializeUser((user, done) => done(null, user));

const sessions = new session.MemoryStore(); // in production: a store that all processes share
const app = express().set('trust proxy', 1);
app.use(
  session({
    store: sessions,
    secret: process.env.SESSION_SECRET,
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax', secure: redirectUri.startsWith('https:') },
  }),
);
app.use(passport.session());

app.get('/login', passport.authenticate('union-id'));
app.get(
  new URL(redirectUri).pathname,
  passport.authenticate('union-id', { successRedirect: '/', failureRedirect: '/' }),
);
app.get('/', (req, res) => {
  if (!req.user) return res.send('<a href="/login">Sign in</a>');
  const { iss, sub, name } = req.user;
  res.json({ iss, sub, name });
});

app.post('/refresh', async (req, res) => {
  const basic = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`);
  const answer = await fetch(op.token_endpoint, {
    method: 'POST',
    headers: { authorization: `Basic ${basic.toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: req.user?.refresh_token ?? '' }),
  });
  // `invalid_grant`: it is over, let her sign in again.
  if (!answer.ok) return req.logout(() => res.redirect(303, '/login'));
  // The old refresh token is spent: keep the new one before anything else.
  const { access_token, refresh_token } = await answer.json();
  Object.assign(req.session.passport.user, { access_token, refresh_token });
  res.status(204).end();
});

app.post('/logout', (req, res) => {
  const to = new URL(op.end_session_endpoint);
  to.searchParams.set('client_id', clientId);
  to.searchParams.set('post_logout_redirect_uri', '{{post_logout_redirect_uri}}');
  if (req.user) to.searchParams.set('id_token_hint', req.user.id_token);
  req.logout(() => res.redirect(303, to.href));
});

// She has signed out elsewhere (OpenID Connect Back-Channel Logout 1.0 §2.6). Ending a session twice does no harm.
app.post('/backchannel-logout', express.urlencoded({ extended: false }), async (req, res) => {
  const { payload } = await jwtVerify(req.body?.logout_token ?? '', keys, {
    issuer: op.issuer,
    audience: clientId,
    typ: 'logout+jwt',
    maxTokenAge: '2 minutes',
    requiredClaims: ['jti', 'exp', 'sid'],
  }).catch(() => ({}));
  const event = payload?.events?.['http://schemas.openid.net/event/backchannel-logout'];
  if (!event || 'nonce' in payload) return res.status(400).end();
  sessions.all((_error, all) => {
    const ended = Object.entries(all).filter(([, kept]) => kept.passport?.user?.sid === payload.sid);
    for (const [id] of ended) sessions.destroy(id);
    res.set('cache-control', 'no-store').status(200).end();
  });
});

const port = process.env.PORT ?? '{{port}}';
app.listen(port, () => console.log(`http://localhost:${port}`));
