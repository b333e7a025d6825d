import * as client from 'openid-client';

const issuer = new URL('{{issuer}}');
const isLocal = issuer.protocol === 'http:'; // the sandbox alone
const config = await client.discovery(issuer, '{{client_id}}', undefined, client.None(), {
  // Without the second, TLS to the gateway vouches for an ID token (OpenID Connect Core §3.1.3.7, 6).
  execute: [...(isLocal ? [client.allowInsecureRequests] : []), client.enableNonRepudiationChecks],
});

const asked = await client.initiateDeviceAuthorization(config, { scope: '{{scope}}' });
// Show the address and the code; `verification_uri_complete` as a QR code, beside the same code to compare.
console.log(`Откройте ${asked.verification_uri} и введите код ${asked.user_code}`);
console.log(asked.verification_uri_complete);

// Asks every `interval` seconds until she has decided: `access_denied` if not, `expired_token` when she is too late.
let tokens = await client.pollDeviceAuthorizationGrant(config, asked);
const { iss, sub } = tokens.claims();
const { name } = await client.fetchUserInfo(config, tokens.access_token, sub);
console.log(JSON.stringify({ iss, sub, name })); // a person is `iss` and `sub` together

// Later. The old refresh token is spent: keep the new one before anything else. `invalid_grant`: begin again.
tokens = { ...tokens, ...(await client.refreshTokenGrant(config, tokens.refresh_token)) };
console.log('refreshed');

// «Выйти» at a device that has no browser: the whole family of tokens ends.
await client.tokenRevocation(config, tokens.refresh_token);
console.log('signed out');
