/** The sandbox's secrets: made at the first start and kept with the data they protect. */

import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { readablePassword } from './people/people.ts';

export type SandboxSecrets = {
  readonly cookieKey: string;
  readonly encryptionKey: string;
  readonly pepper: string;
  readonly pairwiseSalt: string;
  readonly initialAccessToken: string;
  readonly dictationKey: JWK;
  readonly compassSecret: string;
  readonly acmeSecret: string;
  readonly aisSecret: string;
  readonly profcardsSecret: string;
  readonly rsaaSecret: string;
  /** Of the portal of ЭПОС and its subsystems. */
  readonly eposSecret: string;
  readonly developersSecret: string;
  readonly portalSessionKey: string;
  /** Of everybody at ЕСИА and РСАА. */
  readonly upstreamPassword: string;
  /** Person id → password, so that a second start on the same data tells the same ones. */
  readonly passwords: Record<string, string>;
};

export async function secretsIn(
  directory: string,
  passwords: () => Record<string, string>,
): Promise<SandboxSecrets> {
  const file = join(directory, 'secrets.json');
  const kept: Partial<SandboxSecrets> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const random = () => randomBytes(32).toString('base64url');
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const secrets: SandboxSecrets = {
    cookieKey: random(),
    encryptionKey: random(),
    pepper: random(),
    pairwiseSalt: random(),
    initialAccessToken: random(),
    dictationKey: { ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig', kid: 'dictation-1' },
    compassSecret: random(),
    acmeSecret: random(),
    aisSecret: random(),
    profcardsSecret: random(),
    rsaaSecret: random(),
    eposSecret: random(),
    developersSecret: random(),
    portalSessionKey: random(),
    upstreamPassword: readablePassword(),
    passwords: passwords(),
    // Data of an older release lack what it did not need.
    ...kept,
  };
  mkdirSync(directory, { recursive: true });
  writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 });
  return secrets;
}
