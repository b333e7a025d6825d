/** Runs a plan of the suite: every module against the gateway, and against each break that must make it fail. */
import { AssertionError } from 'node:assert/strict';
import { describe, expect, it } from 'vitest';
import type { Server } from './server.ts';

export type Break = (server: Server) => Server;

type Breakage = readonly [Broken, RegExp];

export type Module = {
  /** As in the conformance suite. */
  readonly name: string;
  /** Throws an AssertionError that says what is wrong. */
  readonly check: (server: Server) => Promise<void>;
  /** What makes it fail, and with which words. */
  readonly brokenBy: readonly [Breakage, ...Breakage[]];
};

export type Broken = { readonly by: string; readonly break: Break };

export function runPlan(plan: string, modules: readonly Module[], server: () => Server): void {
  describe(plan, () => {
    for (const { name, check, brokenBy } of modules) {
      it(name, () => check(server()));
      for (const [{ by, break: broken }, words] of brokenBy) {
        it(`${name} fails when ${by}`, async () => {
          const failure = await check(broken(server())).then(
            () => 'it passes all the same',
            (error: unknown) => error,
          );
          expect(failure).toBeInstanceOf(AssertionError);
          expect((failure as AssertionError).message).toMatch(words);
        });
      }
    }
  });
}
