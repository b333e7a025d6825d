/** A portal as a process of its own: it knows the gateway by its address alone, as in life. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SandboxSecrets } from './secrets.ts';
import type { SandboxSettings } from './settings.ts';

export type PortalProcess = {
  /** Within `clients`. */
  readonly file: string;
  readonly clientId: string;
  readonly url: string;
  readonly port: number;
  /** What it needs beside the settings of every portal. */
  readonly environment: Readonly<Record<string, string>>;
};

export type Portals = { stop(): Promise<void> };

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Where Node keeps what it has made of our files, so that the next start is quicker. */
const COMPILE_CACHE = join(ROOT, 'node_modules', '.cache', 'compiled');
/** A dozen of them start at once, on a machine that may have two cores and other work. */
const STARTS_WITHIN_MS = 90_000;

/** Resolves when all of them answer. Throws when one of them ends or stays silent. */
export async function startPortals(
  processes: readonly PortalProcess[],
  settings: SandboxSettings,
  secrets: SandboxSecrets,
): Promise<Portals> {
  const running = await Promise.all(
    processes.map(({ file, clientId, url, port, environment }) =>
      startPortal(join(ROOT, 'clients', file), url, {
        ISSUER: settings.issuer,
        PUBLIC_URL: url,
        PORT: String(port),
        CLIENT_ID: clientId,
        DATABASE_FILE: join(settings.data, `${clientId}.sqlite`),
        SESSION_KEY: secrets.portalSessionKey,
        LOG_LEVEL: settings.logLevel,
        ...environment,
      }),
    ),
  );
  return {
    async stop() {
      await Promise.all(running.map(end));
    },
  };
}

async function startPortal(file: string, url: string, env: Record<string, string>): Promise<ChildProcess> {
  const { PATH = '', NODE_COMPILE_CACHE = COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, [file], {
    env: { PATH, NODE_COMPILE_CACHE, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const deadline = Date.now() + STARTS_WITHIN_MS;
  while (!(await answers(`${url}/healthz`))) {
    if (child.exitCode !== null) throw new Error(`${file} ended with ${child.exitCode}`);
    if (Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`${url} does not answer`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return child;
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}
