/**
 * What every gateway and portal of a test run has logged, and the secrets that people and relying parties of the tests
 * were given meanwhile: kept in one folder until the last test of the run reads them. Outside a run nothing is kept.
 */
import { appendFileSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';

const LOG = '.log';
const SECRETS = '.secrets';
/** What is shorter, or an address, is no secret but a name somebody chose. */
const SECRET = /^[\w.~-]{16,}$/;

/** Before the first worker is started, which inherits it. */
export function openRunLog(): void {
  process.env.TEST_RUN_LOG ??= mkdtempSync(join(tmpdir(), 'union-id-run-log-'));
}

/** For a process that writes by itself. */
export function runLogFile(end: string = LOG): string {
  const { TEST_RUN_LOG: folder } = process.env;
  return folder === undefined ? devNull : join(folder, `${process.pid}${end}`);
}

export function keepLog(text: string): void {
  appendFileSync(runLogFile(), text);
}

export function keepSecrets(...secrets: readonly (string | null | undefined)[]): void {
  const given = secrets.filter((secret) => SECRET.test(secret ?? ''));
  if (given.length > 0) appendFileSync(runLogFile(SECRETS), `${given.join('\n')}\n`);
}

export function readRunLog(): { readonly lines: readonly string[]; readonly secrets: ReadonlySet<string> } {
  const { TEST_RUN_LOG: folder = '' } = process.env;
  const linesOf = (end: string) =>
    readdirSync(folder)
      .filter((name) => name.endsWith(end))
      .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
      .filter((line) => line !== '');
  return { lines: linesOf(LOG), secrets: new Set(linesOf(SECRETS)) };
}
