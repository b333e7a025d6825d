/**
 * An event as a Security Event Token (RFC 8417) in the shape of Shared Signals 1.0 §9: signed with the gateway's key, so
 * that a receiver needs nothing it has not got already. The same event has the same `jti`, however often it is sent.
 */
import { importJWK, type JWK, SignJWT } from 'jose';
import type { EventStream, StreamEvent } from '../../adapters/event-stream-store/event-stream-store.ts';
import type { SigningKeys } from '../../adapters/signing-keys/signing-keys.ts';

/** CAEP Interoperability Profile §2.6. */
const ALG = 'RS256';

export type WriteToken = (event: StreamEvent, stream: Pick<EventStream, 'id'>) => Promise<string>;

export function securityEventTokens(issuer: string, keys: Pick<SigningKeys, 'list'>): WriteToken {
  return async (event, stream) => {
    const current = (await keys.list()).find(({ alg, state }) => alg === ALG && state === 'current');
    if (!current) throw new Error(`no current key for ${ALG}`);
    const claims = {
      // Neither `sub` nor `exp`: nobody may take it for an ID token (RFC 8417 §4.5, §4.6).
      sub_id: subjectOf(event, issuer, stream.id),
      events: { [event.type]: event.detail },
    };
    return new SignJWT(claims)
      .setProtectedHeader({ alg: ALG, kid: current.kid, typ: 'secevent+jwt' })
      .setIssuer(issuer)
      .setAudience(event.clientId)
      .setJti(event.id)
      .setIssuedAt(event.at)
      .sign(await importJWK(current.jwk as JWK, ALG));
  };
}

/** RFC 9493; SSF 1.0 §3.4. */
function subjectOf({ subject, session }: StreamEvent, issuer: string, streamId: string): object {
  if (subject === undefined) return { format: 'opaque', id: streamId };
  const user = { format: 'iss_sub', iss: issuer, sub: subject };
  if (session === undefined) return user;
  return { format: 'complex', user, session: { format: 'opaque', id: session } };
}
