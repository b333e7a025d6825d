/** A server whose ID tokens or logout tokens say something else. */
import { createHash } from 'node:crypto';
import { broken, changingClaims, signingWithForeignKey } from '../crooked.ts';
import type { Broken } from '../run-plan.ts';

export const foreignKey = broken(
  'an ID token is signed by a key that is not published',
  signingWithForeignKey,
);

const claims = (by: string, change: Parameters<typeof changingClaims>[0]): Broken =>
  broken(by, changingClaims(change));

export const withoutNonce = claims('nonce is dropped', (token) => delete token.nonce);
export const inventedNonce = claims('a nonce is made up', (token) => {
  token.nonce = 'x';
});
export const foreignIss = claims('iss is another', (token) => {
  token.iss = 'https://other.example.test';
});
export const foreignAud = claims('aud is another client', (token) => {
  token.aud = 'other';
});
export const severalAud = claims('aud is several clients', (token) => {
  token.aud = [String(token.aud), 'other'];
});
export const expired = claims('ID tokens are long expired', (token) => {
  token.iat = 1_000;
  token.exp = 2_000;
});
export const wrongAtHash = claims('at_hash is of another token', (token) => {
  token.at_hash = createHash('sha256').update('other').digest().subarray(0, 16).toString('base64url');
});
export const withoutAuthTime = claims('auth_time is dropped', (token) => delete token.auth_time);
export const authTimeIsNow = claims('auth_time is always now', (token) => {
  token.auth_time = Math.floor(Date.now() / 1_000);
});
export const withoutAcr = claims('acr is dropped', (token) => delete token.acr);
export const foreignSub = claims('sub is another', (token) => {
  token.sub = 'somebody-else';
});
export const subOfRefresh = claims('sub changes at the refresh', (token, { form }) => {
  if (form?.get('grant_type') === 'refresh_token') token.sub = 'somebody-else';
});
export const withoutSid = claims('sid is dropped', (token) => delete token.sid);
/** Of the logout token alone. */
const logoutClaims = (by: string, change: (token: Record<string, unknown>) => void): Broken =>
  claims(by, (token, { path }) => path === '/logout' && change(token));
export const logoutWithoutEvents = logoutClaims('events are missing', (token) => delete token.events);
export const logoutWithNonce = logoutClaims('there is a nonce', (token) => {
  token.nonce = 'x';
});
export const logoutOfAnotherSession = logoutClaims('sid is another session’s', (token) => {
  token.sid = 'x';
});
export const logoutForAnother = logoutClaims('aud is another client', (token) => {
  token.aud = 'other';
});
export const logoutWithoutJti = logoutClaims('jti is missing', (token) => delete token.jti);
export const personalIdToken = claims('an ID token tells name and address', (token) => {
  Object.assign(token, { name: 'X', email: 'x@example.test' });
});
