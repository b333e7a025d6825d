/** Debian's OpenSSL with the GOST engine: the other implementation that ours must agree with. Installs it when it may. */
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
  await openssl('dgst', '-md_gost12_256', configuration).catch(async () => {
    await install(['openssl', 'libengine-gost-openssl']);
    await openssl('dgst', '-md_gost12_256', configuration);
  });
  return { folder, openssl };
}
