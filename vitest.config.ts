import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** The unit tests need no service; the others find theirs started by the global set-up. */
const withServices = { globalSetup: ['./tests/support/services/global-setup.ts'] };
const withBrowser = { globalSetup: [...withServices.globalSetup, './tests/browser/support/global-setup.ts'] };

function project(
  name: string,
  options: {
    globalSetup?: string[];
    testTimeout?: number;
    hookTimeout?: number;
    isolate?: boolean;
    sequence?: { groupOrder: number };
  } = {},
) {
  return {
    test: {
      name,
      include: [`tests/${name}/**/*.test.ts`],
      setupFiles: ['./tests/support/services/loopback-only.ts', './tests/support/clean-process.ts'],
      ...options,
    },
  };
}

export default defineConfig({
  test: {
    // Most of the time a test waits: for a store, a time to live, a browser.
    maxWorkers: availableParallelism() + 1,
    projects: [
      // A loaded machine is no fault: what must be quick measures itself.
      project('unit', { testTimeout: 30_000 }),
      // Each file has stores of its own; loading the house anew for every one of them would be a seventh of the time.
      project('contract', { ...withServices, testTimeout: 30_000, hookTimeout: 120_000, isolate: false }),
      project('e2e', { ...withServices, testTimeout: 60_000, hookTimeout: 120_000 }),
      project('conformance', { ...withServices, testTimeout: 30_000, hookTimeout: 60_000 }),
      project('browser', { ...withBrowser, testTimeout: 120_000, hookTimeout: 120_000 }),
      // Reads what all the others have made the gateways log: after them.
      project('logs', { ...withServices, testTimeout: 60_000, sequence: { groupOrder: 1 } }),
    ],
  },
});
