/** Runs a program with bytes on its standard input and takes the bytes of its standard output; never through a shell. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { buffer, text } from 'node:stream/consumers';
import { SignerMisconfigured, SignerUnavailable } from './signer.ts';

export type Ran = { readonly code: number | null; readonly out: Buffer; readonly err: string };

export async function runProgram(
  [program, ...args]: readonly [string, ...string[]],
  input: Uint8Array,
  signal: AbortSignal,
): Promise<Ran> {
  const child = spawn(program, args, { stdio: 'pipe', signal, killSignal: 'SIGKILL' });
  // It may end without having read everything; its exit code says why.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  try {
    const [out, err, [code]] = await Promise.all([
      buffer(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    return { code: code as number | null, out, err };
  } catch (error) {
    const { code, name } = error as NodeJS.ErrnoException;
    if (name === 'AbortError') throw new SignerUnavailable(`«${program}» did not answer in time.`);
    throw new SignerMisconfigured(
      `«${program}» cannot be started (${code}). Is it installed, is the path right?`,
    );
  }
}
