/** The command as an operator runs it: a process of its own, with nothing of the test's environment but PATH. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { BulkLoader, Database } from '../../../adapters/database/database.ts';
import { openPg } from '../../../adapters/database/pg.ts';
import { freshEnvironment } from '../../../provider/cli/environment-file.ts';
import { PROCESS_ENVIRONMENT } from '../../support/process-environment.ts';
import { createDatabase } from '../../support/services/given.ts';

const MAIN = new URL('../../../provider/cli/main.ts', import.meta.url).pathname;

export type Outcome = { readonly code: number | null; readonly out: string; readonly err: string };
export type Environment = Readonly<Record<string, string>>;

/** A complete configuration, with secrets of its own. */
export const configured = (settings: Environment): Environment => ({
  ...freshEnvironment('http://localhost:3000'),
  ...settings,
});

/** A configuration on a database of its own, and that database for a look at what a command has done there. */
export async function withDatabase(): Promise<{ environment: Environment; database: Database & BulkLoader }> {
  const { url } = await createDatabase();
  return {
    environment: configured({ DATABASE_URL: url }),
    database: openPg({ url, poolSize: 2, onIdleError: () => {} }),
  };
}

export async function unionId(environment: Environment, ...args: string[]): Promise<Outcome> {
  return outcomeOf(startUnionId(environment, ...args));
}

/** With `input` on its standard input. */
export async function feedUnionId(
  input: string,
  environment: Environment,
  ...args: string[]
): Promise<Outcome> {
  const env = { ...PROCESS_ENVIRONMENT, ...environment };
  const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: 'pipe' });
  child.stdin.end(input);
  return outcomeOf(child);
}

export function startUnionId(environment: Environment, ...args: string[]): ChildProcess {
  const env = { ...PROCESS_ENVIRONMENT, ...environment };
  return spawn(process.execPath, [MAIN, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
}

export async function outcomeOf(child: ChildProcess): Promise<Outcome> {
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error('the command was started without pipes');
  const [out, err, [code]] = await Promise.all([text(stdout), text(stderr), once(child, 'close')]);
  return { code: code as number | null, out, err };
}
