/** A gateway as an operator runs it: `node provider/main.ts` with an environment; killed, or asked to go. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { PROCESS_ENVIRONMENT } from './process-environment.ts';
import { keepLog } from './run-log.ts';
import { freePort } from './services/free-port.ts';

const MAIN = fileURLToPath(new URL('../../provider/main.ts', import.meta.url));
const START_MILLISECONDS = 30_000;
const ASK_AGAIN_MILLISECONDS = 25;

export type GatewayProcess = {
  readonly port: number;
  readonly isAlive: () => boolean;
  /** What it has written so far. */
  output(): string;
  /** SIGKILL: no instruction of it runs after this. */
  kill(): Promise<void>;
  /** SIGTERM; the exit code of the drained process. */
  terminate(): Promise<number | null>;
};

/** Ready to serve. Rejects with its last words when it ends before. `PORT` is chosen unless given. */
export async function startGateway(environment: Readonly<Record<string, string>>): Promise<GatewayProcess> {
  const port = environment.PORT === undefined ? await freePort() : Number(environment.PORT);
  const child = spawn(process.execPath, [MAIN], {
    env: {
      ...PROCESS_ENVIRONMENT,
      HOST: 'localhost',
      METRICS_PORT: '0',
      SANDBOX: 'on',
      ...environment,
      PORT: String(port),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const orphaned = () => child.kill('SIGKILL');
  process.once('exit', orphaned);
  const exited = once(child, 'exit').then(([code]) => {
    process.off('exit', orphaned);
    return code as number | null;
  });
  const words: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      words.push(text);
      keepLog(text);
    });
  }
  const isAlive = () => child.exitCode === null && child.signalCode === null;
  const end = (signal: 'SIGKILL' | 'SIGTERM') => {
    child.kill(signal);
    return exited;
  };

  const patience = Date.now() + START_MILLISECONDS;
  while (!(await isReady(port))) {
    if (isAlive() && Date.now() < patience) {
      await sleep(ASK_AGAIN_MILLISECONDS);
      continue;
    }
    await end('SIGKILL');
    throw new Error(`the gateway did not start:\n${words.join('').slice(-4_000)}`);
  }
  return {
    port,
    isAlive,
    output: () => words.join(''),
    kill: async () => void (await end('SIGKILL')),
    terminate: () => end('SIGTERM'),
  };
}

async function isReady(port: number): Promise<boolean> {
  return fetch(`http://localhost:${port}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );
}
