/** The sandbox as its users start it, in a process of its own; nothing here knows what it consists of. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Federation } from '../../../sandbox/announce.ts';
import { PROCESS_ENVIRONMENT } from '../../support/process-environment.ts';
import { runLogFile } from '../../support/run-log.ts';
import { freePort } from '../../support/services/free-port.ts';

export const PASSWORD = 'три белых коня и сани';

/** An integrator who is no part of the Union; a test answers at the address. */
export type Integrator = {
  readonly client_id: string;
  readonly client_secret: string;
  readonly client_name: string;
  readonly port: number;
  readonly redirect_uri: string;
};

/** Plain data, so that it can be handed to another process. */
export type Playground = { readonly federation: Federation; readonly integrator: Integrator };

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
/** As many as the sandbox takes; the integrator listens on the next. */
const PORTS = 18;

/** The stores a sandbox may stand on. */
export const STORES = ['embedded', 'servers'] as const;
export type Stores = (typeof STORES)[number];
/** For what does not differ between the two: one walk is enough, on the stores of a real installation. */
export const SERVERS = ['servers'] as const satisfies readonly Stores[];

/** `servers`: the addresses of its stores, unless they are embedded. Throws when it ends instead of announcing itself. */
export async function startSandbox(
  servers: Readonly<Record<string, string>> = {},
): Promise<{ playground: Playground; stop(): Promise<void> }> {
  const port = await freePort(...Array.from({ length: PORTS }, (_, at) => at + 1));
  const integrator = integratorAt(port + PORTS);
  const directory = await mkdtemp(join(tmpdir(), 'union-id-browser-'));
  const clientsFile = join(directory, 'clients.json');
  await writeFile(clientsFile, JSON.stringify([registrationOf(integrator)]));

  const child = spawn(process.execPath, ['sandbox/main.ts', '--json'], {
    cwd: ROOT,
    env: {
      ...PROCESS_ENVIRONMENT,
      SANDBOX_PORT: String(port),
      SANDBOX_PASSWORD: PASSWORD,
      SANDBOX_CLIENTS: clientsFile,
      SANDBOX_LOG: 'info',
      ...servers,
    },
    stdio: ['ignore', 'pipe', openSync(runLogFile(), 'a')],
  });
  const ended = once(child, 'exit');
  const announced = once(createInterface(child.stdout!), 'line');
  const first = await Promise.race([announced, ended.then(() => undefined)]);
  if (first === undefined) throw new Error(`the sandbox ended with ${child.exitCode}`);

  return {
    playground: { federation: JSON.parse(String(first[0])) as Federation, integrator },
    async stop() {
      child.kill('SIGTERM');
      await ended;
      await rm(directory, { recursive: true });
    },
  };
}

function integratorAt(port: number): Integrator {
  return {
    client_id: 'owl-club',
    client_secret: 'the owl sleeps by day and reads by night',
    client_name: 'Клуб знатоков «Сова»',
    port,
    redirect_uri: `http://localhost:${port}/callback`,
  };
}

function registrationOf({ client_id, client_secret, client_name, redirect_uri }: Integrator) {
  return {
    client_id,
    client_secret,
    client_name,
    owner: 'Районная библиотека (вымышленная)',
    redirect_uris: [redirect_uri],
    scope: 'openid profile email',
  };
}
