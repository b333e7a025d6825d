/** Two sandboxes and one Chromium for all walks; after the services, whose `chromium` it starts. */
import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { createDatabase } from '../../support/services/database.ts';
import { createRedisOn } from '../../support/services/given.ts';
import { type Playground, type Stores, startSandbox } from './sandbox.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** On the embedded stores, where most walks need not know which. */
    playground: Playground;
    playgrounds: Readonly<Record<Stores, Playground>>;
    /** The PostgreSQL database of the one on servers: for what operators do by command. */
    serversDatabase: string;
    /** Where the test files join the running browser. */
    browser: string;
  }
}

const QUIET = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
const NOTHING_ELSE = ['--disable-component-update', '--disable-sync'];

/** One after the other: the second takes the block of ports behind the first. */
async function startSandboxes(database: string, redis: string) {
  const servers = {
    SANDBOX_DATABASE_URL: (await createDatabase(database, { empty: true })).url,
    SANDBOX_REDIS_URL: (await createRedisOn(redis)).url,
  };
  const embedded = await startSandbox();
  try {
    return { embedded, servers: await startSandbox(servers), database: servers.SANDBOX_DATABASE_URL };
  } catch (error) {
    await embedded.stop();
    throw error;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { chromium: executablePath, postgres = '', redis = '' } = project.getProvidedContext().services;
  const starting = startSandboxes(postgres, redis);
  const browser = await chromium.launchServer({
    ...(executablePath !== undefined && { executablePath }),
    chromiumSandbox: false,
    args: [...QUIET, ...NOTHING_ELSE],
  });
  const { embedded, servers, database } = await starting.catch(async (error: unknown) => {
    await browser.close();
    throw error;
  });
  project.provide('playground', embedded.playground);
  project.provide('playgrounds', { embedded: embedded.playground, servers: servers.playground });
  project.provide('serversDatabase', database);
  project.provide('browser', browser.wsEndpoint());
  return async () => {
    await Promise.all([browser.close(), embedded.stop(), servers.stop()]);
  };
}
