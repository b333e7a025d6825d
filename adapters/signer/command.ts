/** Signs by any program an operator names, for instance a script around CryptoPro's csptest. What it prints to standard error is its own. */
import { runProgram } from './run-program.ts';
import { SignerUnavailable } from './signer.ts';
import type { Way } from './way.ts';

export function signByCommand(command: readonly [string, ...string[]]): Way {
  return async (message, { name }, signal) => {
    const [program, ...args] = command;
    const named = args.map((argument) => argument.replaceAll('{name}', name));
    const { code, out } = await runProgram([program, ...named], message, signal);
    if (code === 0) return out;
    throw new SignerUnavailable(`«${program}» ended with ${code}; run it by hand to see why.`);
  };
}
