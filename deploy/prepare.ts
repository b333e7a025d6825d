#!/usr/bin/env node
/**
 * Makes the secrets that docker-compose.yml hands out as files, and the portals' registrations that go with them. What
 * is there stays as it is: a lost pepper or salt cannot be made again. Usage: prepare.ts FOLDER DOMAIN
 */
import { generateKeyPairSync, type JsonWebKey, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Registration = Readonly<Record<string, unknown>> & { readonly client_id: string };

const random = (): string => randomBytes(32).toString('base64url');

/** Makes what is missing in `folder`; returns the names of the files it wrote. */
export function prepare(folder: string, domain: string): readonly string[] {
  const written: string[] = [];
  /** The content of the file, made when there is none. */
  const keep = (name: string, make: () => string): string => {
    const file = join(folder, name);
    if (existsSync(file)) return readFileSync(file, 'utf8');
    const content = make();
    // Containers read it under users of their own; the folder keeps everybody else out.
    writeFileSync(file, content, { mode: 0o444, flag: 'wx' });
    written.push(name);
    return content;
  };
  chmodSync(folder, 0o700);

  const postgresPassword = keep('postgres_password', random);
  const redisPassword = keep('redis_password', random);
  keep('database_url', () => `postgres://union_id:${postgresPassword}@postgres:5432/union_id`);
  keep('redis_url', () => `redis://:${redisPassword}@redis:6379/0`);
  keep('cookie_keys', random);
  keep('encryption_keys', () => `e1:${random()}`);
  keep('password_peppers', () => `p1:${random()}`);
  keep('pairwise_salt', random);

  const dictationKey = JSON.parse(keep('dictation_private_key', privateKey)) as JsonWebKey;
  keep('dictation_session_key', random);
  const compassSecret = keep('compass_client_secret', random);
  keep('compass_session_key', random);
  keep('portals.json', () =>
    registrations(domain, {
      dictation: { jwks: { keys: [publicPart(dictationKey)] } },
      compass: { client_secret: compassSecret },
    }),
  );
  return written;
}

function privateKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return JSON.stringify({
    ...privateKey.export({ format: 'jwk' }),
    kid: 'dictation-1',
    alg: 'ES256',
    use: 'sig',
  });
}

const publicPart = ({ d: _, ...jwk }: JsonWebKey): JsonWebKey => jwk;

/** portals.json with the addresses of this installation and the portals' credentials (RFC 7591 metadata). */
function registrations(domain: string, credentials: Readonly<Record<string, object>>): string {
  const portals = JSON.parse(
    readFileSync(new URL('portals.json', import.meta.url), 'utf8'),
  ) as Registration[];
  const complete = portals.map((portal) => {
    const url = `https://${portal.client_id}.${domain}`;
    return {
      ...portal,
      client_uri: url,
      redirect_uris: [`${url}/callback`],
      post_logout_redirect_uris: [`${url}/`],
      backchannel_logout_uri: `${url}/backchannel-logout`,
      ...credentials[portal.client_id],
    };
  });
  return `${JSON.stringify(complete, null, 2)}\n`;
}

if (import.meta.main) {
  const [folder, domain] = process.argv.slice(2);
  if (!folder || !domain) {
    console.error('usage: prepare.ts FOLDER DOMAIN');
    process.exit(64);
  }
  const written = prepare(folder, domain);
  console.log(written.length > 0 ? `made in ${folder}: ${written.join(', ')}` : `${folder} is complete`);
}
