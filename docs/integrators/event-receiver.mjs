// A receiver of pushed events: Node.js and the package «jose». ISSUER, CLIENT_ID, AUTHORIZATION and PORT from outside.
import { createServer } from 'node:http';
import { createRemoteJWKSet, jwtVerify } from 'jose';

const { ISSUER, CLIENT_ID, AUTHORIZATION, PORT } = process.env;
const keys = createRemoteJWKSet(new URL(`${ISSUER}/jwks`));
const SESSION_REVOKED = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';

// Yours is a table with a unique key: the same event may come twice.
const seen = new Set();

function handle({ jti, sub_id: subject, events }) {
  if (seen.has(jti)) return;
  seen.add(jti);
  // One session (complex), or everything of this person (iss_sub).
  const person = subject.user?.sub ?? subject.sub;
  const session = subject.session?.id;
  for (const [type, detail] of Object.entries(events)) {
    if (type === SESSION_REVOKED) console.log(`sign out ${person}, session ${session ?? 'any'}`);
    else console.log(`${type} ${person ?? ''} ${JSON.stringify(detail)}`);
  }
}

const server = createServer(async (request, response) => {
  const refuse = (status, err) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ err }));
  };
  if (request.headers.authorization !== AUTHORIZATION) return refuse(401, 'authentication_failed');
  const token = Buffer.concat(await request.toArray()).toString();
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer: ISSUER,
      audience: CLIENT_ID,
      typ: 'secevent+jwt',
      algorithms: ['RS256'],
    });
    handle(payload);
  } catch {
    return refuse(400, 'invalid_request');
  }
  response.writeHead(202).end();
});
server.listen(Number(PORT), 'localhost', () => console.log(`listening on ${server.address().port}`));
