/** The portals as processes of their own: they know the gateway by its address alone, as in life. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SandboxSecrets } from './secrets.ts';
import type { SandboxSettings } from './settings.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const STARTS_WITHIN_MS = 20_000;

export type Portals = { stop(): Promise<void> };

/** Resolves when both answer. Throws when one of them ends or stays silent. */
export async function startPortals(settings: SandboxSettings, secrets: SandboxSecrets): Promise<Portals> {
  const portal = (name: 'dictation' | 'compass', credentials: Record<string, string>) =>
    startPortal(join(ROOT, 'clients', name, 'main.ts'), settings.urls[name], {
      ISSUER: settings.issuer,
      PUBLIC_URL: settings.urls[name],
      PORT: String(settings.ports[name]),
      CLIENT_ID: name,
      DATABASE_FILE: join(settings.data, `${name}.sqlite`),
      SESSION_KEY: secrets.portalSessionKey,
      LOG_LEVEL: settings.logLevel,
      ...credentials,
    });
  const processes = await Promise.all([
    portal('dictation', { CLIENT_PRIVATE_KEY: JSON.stringify(secrets.dictationKey) }),
    portal('compass', { CLIENT_SECRET: secrets.compassSecret }),
  ]);
  return {
    async stop() {
      await Promise.all(processes.map(end));
    },
  };
}

async function startPortal(file: string, url: string, env: Record<string, string>): Promise<ChildProcess> {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [file], {
    env: { PATH, ...env },
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
