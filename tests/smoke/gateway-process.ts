/** The gateway as it runs in life: a process of its own, told by its environment, ended by SIGTERM. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

const READY_WITHIN_MS = 30_000;
const STOPS_WITHIN_MS = 30_000;

export type GatewayProcess = {
  /** Ends it as an orchestrator would. Throws unless it leaves by itself, in order and in time. */
  stop(): Promise<void>;
  /** Everything it has written, once it has ended. */
  readonly output: Promise<string>;
};

/** Resolves when the process says that it is ready. Throws with its output when it does not. */
export async function startGateway(issuer: string, env: Record<string, string>): Promise<GatewayProcess> {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, ['provider/main.ts'], {
    env: { PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = Promise.all([text(child.stdout), text(child.stderr)]).then((streams) => streams.join(''));
  const exited = once(child, 'exit') as Promise<[code: number | null, signal: string | null]>;

  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await isReady(issuer))) {
    if (child.exitCode !== null)
      throw new Error(`the gateway ended with ${child.exitCode}:\n${await output}`);
    if (Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`the gateway is not ready after ${READY_WITHIN_MS} ms:\n${await output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }

  return {
    output,
    async stop() {
      child.kill('SIGTERM');
      const impatience = setTimeout(() => child.kill('SIGKILL'), STOPS_WITHIN_MS);
      const [code, signal] = await exited;
      clearTimeout(impatience);
      if (code !== 0) throw new Error(`the gateway ended with ${code ?? signal}:\n${await output}`);
    },
  };
}

async function isReady(issuer: string): Promise<boolean> {
  try {
    return (await fetch(`${issuer}/readyz`)).ok;
  } catch {
    return false;
  }
}
