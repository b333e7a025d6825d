/**
 * Debian's packages with what the snippets are written for: Apache with mod_auth_openidc, Authlib with Flask, PHP, curl
 * and jq. None of them brings a service that would start by itself: `apache2-bin` is the program alone.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { install } from '../services/binaries.ts';

const run = promisify(execFile);

/** Where Debian puts programs; not the Python or PHP that somebody has put before them. */
export const DEBIAN_PATH = '/usr/sbin:/usr/bin:/sbin:/bin';

const TOOLS: readonly { readonly proof: string; readonly packages: readonly string[] }[] = [
  {
    proof: 'test -x /usr/sbin/apache2 && test -f /usr/lib/apache2/modules/mod_auth_openidc.so',
    packages: ['libapache2-mod-auth-openidc'],
  },
  {
    proof: 'python3 -c "import authlib.integrations.flask_client, flask, requests"',
    packages: ['python3-authlib', 'python3-flask', 'python3-requests'],
  },
  { proof: 'php -r "openssl_verify(...);"', packages: ['php-cli'] },
  { proof: 'curl --version && jq --version', packages: ['curl', 'jq'] },
  { proof: 'openssl version', packages: ['openssl'] },
];

/** Installs what is missing, in one go, when it may; else says what to install. */
export async function requireStackTools(): Promise<void> {
  const missing = await lacking();
  if (missing.length === 0) return;
  await install(missing);
  const still = await lacking();
  if (still.length > 0) throw new Error(`${still.join(', ')}: installed, but not of use`);
}

async function lacking(): Promise<string[]> {
  const found = await Promise.all(
    TOOLS.map(({ proof }) =>
      run('/bin/sh', ['-c', proof], { env: { PATH: DEBIAN_PATH } }).then(
        () => true,
        () => false,
      ),
    ),
  );
  return TOOLS.filter((_, at) => !found[at]).flatMap(({ packages }) => packages);
}
