/** What the processes that tests start have of the tests' own environment. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Beside the other caches of this checkout; deleting it costs nothing but time. */
export const TEST_CACHE = fileURLToPath(new URL('../../node_modules/.cache/union-id-tests', import.meta.url));

/** Node keeps there what it has made of our files: a command starts in half the time (Node.js, «Module compile cache»). */
export const PROCESS_ENVIRONMENT = {
  PATH: process.env.PATH ?? '',
  NODE_COMPILE_CACHE: join(TEST_CACHE, 'compiled'),
} as const;
