import * as client from 'openid-client';

const issuer = new URL('{{issuer}}');
const isLocal = issuer.protocol === 'http:'; // the sandbox alone
const config = await client.discovery(issuer, '{{client_id}}', process.env.CLIENT_SECRET, undefined, {
  execute: isLocal ? [client.allowInsecureRequests] : [],
});

let known;

/** A token in nobody's name, for one API; the same one until a minute before it ends. */
async function accessToken(resource, scope) {
  if (known === undefined || known.endsAt < Date.now() + 60_000) {
    const { access_token, expires_in } = await client.clientCredentialsGrant(config, { resource, scope });
    known = { access_token, endsAt: Date.now() + expires_in * 1_000 };
  }
  return known.access_token;
}

// Streams of events about people who use your applications; docs/integrators says what they tell.
const token = await accessToken(new URL('/ssf', issuer).href, 'ssf.read');
const answer = await client.fetchProtectedResource(config, token, new URL('/ssf/stream', issuer), 'GET');
console.log(JSON.stringify({ status: answer.status, streams: await answer.json() }));
