/** A server in a process of its own, and what that process uses up. Reads /proc, so it needs Linux. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const START_MILLISECONDS = 30_000;
/** USER_HZ, the unit of /proc/<pid>/stat: 100 on every Linux that runs Node. */
const TICKS_PER_SECOND = 100;

export type ServerProcess = {
  readonly issuer: string;
  /** User and system time of all its threads so far. */
  cpuSeconds(): Promise<number>;
  /** Megabytes (10⁶) held now and at most so far. */
  memory(): Promise<{ resident: number; peak: number }>;
  /** Resolves when the process has ended. */
  stop(): Promise<void>;
};

export type ServerProcessOptions = {
  readonly issuer: string;
  /** Arguments of Node. */
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Receives what the server prints. */
  readonly logFile: string;
};

/** Resolves when the server answers its discovery; throws with its log when it ends before. */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const { issuer, args, environment, logFile } = options;
  const output = openSync(logFile, 'w');
  const child = spawn(process.execPath, [...args], {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...environment },
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const ended = once(child, 'exit');
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  const running = () => child.exitCode === null && child.signalCode === null;

  const deadline = Date.now() + START_MILLISECONDS;
  while (!(await answers(issuer))) {
    if (!running() || Date.now() > deadline) {
      kill();
      throw new Error(`${args.join(' ')} does not answer:\n${await readFile(logFile, 'utf8')}`);
    }
    await sleep(50);
  }

  return {
    issuer,
    async cpuSeconds() {
      const stat = await readFile(`/proc/${child.pid}/stat`, 'utf8');
      // After the name, which is in parentheses and may hold anything: state is field 3, utime 14, stime 15.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
    },
    async memory() {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
      const megabytes = (name: string) =>
        (Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1_024) / 1e6;
      return { resident: megabytes('VmRSS'), peak: megabytes('VmHWM') };
    },
    async stop() {
      process.off('exit', kill);
      if (!running()) return;
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function answers(issuer: string): Promise<boolean> {
  try {
    const response = await fetch(`${issuer}/.well-known/openid-configuration`);
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
