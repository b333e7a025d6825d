/** Debian's OpenSSL with the GOST engine and GnuTLS: the other implementations that ours must agree with. */
import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { install } from '../services/binaries.ts';

const run = promisify(execFile);

const CONFIGURATION = `openssl_conf = openssl_def
[openssl_def]
engines = engines_def
[engines_def]
gost = gost_def
[gost_def]
engine_id = gost
default_algorithms = ALL
[req]
distinguished_name = dn
prompt = no
string_mask = utf8only
[dn]
CN = Union ID
`;

export type OpenSsl = {
  readonly folder: string;
  /** Throws when it exits with anything but 0. Its standard output. */
  openssl(...args: string[]): Promise<Buffer>;
};

/** In a folder of its own, which relative paths begin at. */
export async function opensslWithGost(): Promise<OpenSsl> {
  const folder = mkdtempSync(join(tmpdir(), 'openssl-'));
  const configuration = join(folder, 'openssl.cnf');
  writeFileSync(configuration, CONFIGURATION);
  const env = { ...process.env, OPENSSL_CONF: configuration };
  const openssl = async (...args: string[]) =>
    (await run('openssl', args, { cwd: folder, env, encoding: 'buffer' })).stdout;
  return { folder, openssl };
}

/** Before the first test, and once: two files that install at the same time would be in each other's way. */
export async function requireGostTools(): Promise<void> {
  const { folder, openssl } = await opensslWithGost();
  const tried = await Promise.allSettled([
    openssl('dgst', '-md_gost12_256', join(folder, 'openssl.cnf')),
    run('certtool', ['--version']),
  ]);
  const packages = [['openssl', 'libengine-gost-openssl'], ['gnutls-bin']];
  const missing = packages.filter((_, at) => tried[at]?.status === 'rejected').flat();
  if (missing.length > 0) await install(missing);
}
