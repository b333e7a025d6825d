/** One sandbox and one Chromium for all walks; after the services, whose `chromium` it starts. */
import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { type Playground, startSandbox } from './sandbox.ts';

declare module 'vitest' {
  interface ProvidedContext {
    playground: Playground;
    /** Where the test files join the running browser. */
    browser: string;
  }
}

const QUIET = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
const NOTHING_ELSE = ['--disable-component-update', '--disable-sync'];

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { chromium: executablePath } = project.getProvidedContext().services;
  const starting = startSandbox();
  const browser = await chromium.launchServer({
    ...(executablePath !== undefined && { executablePath }),
    chromiumSandbox: false,
    args: [...QUIET, ...NOTHING_ELSE],
  });
  const sandbox = await starting.catch(async (error: unknown) => {
    await browser.close();
    throw error;
  });
  project.provide('playground', sandbox.playground);
  project.provide('browser', browser.wsEndpoint());
  return async () => {
    await Promise.all([browser.close(), sandbox.stop()]);
  };
}
